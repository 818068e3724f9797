"""Packages that travel as files: download, upload, import from a file."""

import hashlib
from pathlib import Path

import pytest
from mstrio.connection import Connection
from mstrio.helpers import IServerError
from mstrio.object_management.migration import ImportStatus, Migration, MigrationPurpose, PackageType, list_migrations
from mstrio.types import ObjectTypes

from support.known import CO2_PER_ORDER, PROFIT, PROJECT, PROJECT_NAME
from support.packages import changed_keys, entry, migrated, package
from servers import Environments, Witness
from support.waiting import resting

FILES = "/mstrServices/library/storage/sharedFileStore/files"


@pytest.fixture
def downloaded(dev: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of a metric, as the client has saved it."""
    monkeypatch.chdir(tmp_path)
    migration = package(dev, [entry(ObjectTypes.METRIC, CO2_PER_ORDER, needs=True)], name="to a file")
    download = migration.download_package(save_path=str(tmp_path))
    return Path(download["filepath"])


def test_a_download_is_the_file_of_the_store(
    dev: Connection, environments: Environments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migration = package(dev, [entry(ObjectTypes.METRIC, PROFIT)])
    download = migration.download_package()
    stored = environments.dev.storage / migration.package_info.storage.path
    assert stored.read_bytes() == download["file_binary"] == Path(download["filepath"]).read_bytes()
    assert len(download["file_binary"]) == migration.package_info.storage.size
    assert Path(download["filepath"]).suffix == ".mmp"


def test_importing_a_file_and_undoing_it(
    prod: Connection, dev_witness: Witness, prod_witness: Witness, downloaded: Path
) -> None:
    before, before_text = prod_witness.dump(PROJECT), prod_witness.dump_text(PROJECT)
    migration = Migration.migrate_from_file(
        connection=prod,
        file_path=str(downloaded),
        package_type=PackageType.OBJECT,
        name="from a file",
        target_project_name=PROJECT_NAME,
    )
    assert resting(migration) == ImportStatus.IMPORTED, migration.import_info.message
    assert migration.name == "from a file"
    assert migration.package_info.purpose == MigrationPurpose.FROM_FILE
    after = prod_witness.dump(PROJECT)
    assert (4, CO2_PER_ORDER) in changed_keys(before, after)
    assert after[(4, CO2_PER_ORDER)] == dev_witness.object(4, CO2_PER_ORDER, PROJECT)

    [uploaded] = prod_witness.get(FILES, params={"type": "migrations.packages"})["data"]
    assert uploaded["path"] == migration.package_info.storage.path
    assert uploaded["sha256"] == hashlib.sha256(downloaded.read_bytes()).hexdigest()
    listed = list_migrations(prod, migration_purpose=MigrationPurpose.FROM_FILE)
    assert [found.id for found in listed] == [migration.id]

    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(migration) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text(PROJECT) == before_text

    assert listed[0].delete(force=True)
    assert prod_witness.get(FILES, params={"type": "migrations.packages"})["total"] == 0
    assert migration.id not in prod_witness.listed()


def test_a_file_without_a_name(prod: Connection, downloaded: Path) -> None:
    migration = Migration.migrate_from_file(prod, str(downloaded), "project", target_project_id=PROJECT)
    assert resting(migration) == ImportStatus.IMPORTED
    assert migration.name
    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(migration) == ImportStatus.UNDO_SUCCESS
    assert migration.delete(force=True)


@pytest.mark.parametrize("damage", ["truncated", "changed", "no package at all"])
def test_a_damaged_file_is_refused(prod: Connection, prod_witness: Witness, downloaded: Path, damage: str) -> None:
    before = prod_witness.dump_text()
    content = downloaded.read_bytes()
    middle = len(content) // 2
    damaged = {
        "truncated": content[:middle],
        "changed": content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :],
        "no package at all": b"PK\x03\x04 something else" * 100,
    }[damage]
    downloaded.write_bytes(damaged)
    try:
        migration = Migration.migrate_from_file(prod, str(downloaded), PackageType.OBJECT, target_project_id=PROJECT)
    except IServerError as refused:
        assert refused.http_code == 400
    else:
        assert resting(migration) == ImportStatus.IMPORT_FAILED
        assert migration.delete(force=True)
    assert prod_witness.dump_text() == before


def test_an_administration_package_by_file(dev: Connection, prod: Connection, tmp_path: Path, monkeypatch) -> None:
    from support.administration import sustainability

    monkeypatch.chdir(tmp_path)
    migration = sustainability(dev)
    download = migration.download_package()
    there = Migration.migrate_from_file(prod, download["filepath"], PackageType.ADMINISTRATION, name="people")
    assert resting(there) == ImportStatus.IMPORTED, there.import_info.message
    there.reverse(target_env=prod)
    assert resting(there) == ImportStatus.UNDO_SUCCESS


def test_a_migrated_package_can_be_downloaded(dev: Connection, prod: Connection, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    migration = package(dev, [entry(ObjectTypes.METRIC, PROFIT)])
    migrated(migration, prod)
    assert migration.download_package()["file_binary"] == Migration(prod, id=migration.id).download_package()["file_binary"]
