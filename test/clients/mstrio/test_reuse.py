"""A package that was migrated once is used again, for the same target and for another."""

from mstrio.connection import Connection
from mstrio.object_management.migration import ImportStatus, Migration, list_migrations
from mstrio.types import ObjectTypes

from support.known import PROFIT, PROJECT, PROJECT_NAME
from support.packages import entry, migrated, package, reversed_
from servers import Witness
from support.waiting import resting


def test_reusing_a_package_by_project_name(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    before = prod_witness.dump_text(PROJECT)
    first = package(dev, [entry(ObjectTypes.METRIC, PROFIT)], name="reused")
    migrated(first, prod)
    reversed_(first, prod)
    assert prod_witness.dump_text(PROJECT) == before

    again = first.reuse(target_env=prod, target_project_name=PROJECT_NAME)
    assert again.id != first.id
    assert again.id.split(":")[0] == first.id.split(":")[0]
    there = Migration(prod, id=again.id)
    assert resting(there) == ImportStatus.IMPORTED
    assert prod_witness.object(4, PROFIT, PROJECT) == dev_witness.object(4, PROFIT, PROJECT)
    reversed_(again, prod)
    assert prod_witness.dump_text(PROJECT) == before


def test_reusing_a_package_by_project_id(dev: Connection, prod: Connection, prod_witness: Witness) -> None:
    first = package(dev, [entry(ObjectTypes.METRIC, PROFIT)])
    migrated(first, prod)
    again = first.reuse(target_env=prod, target_project_id=PROJECT)
    assert resting(Migration(prod, id=again.id)) == ImportStatus.IMPORTED
    reversed_(again, prod)
    reversed_(first, prod)


def test_back_into_the_environment_it_comes_from(dev: Connection, dev_witness: Witness) -> None:
    before = dev_witness.dump_text(PROJECT)
    first = package(dev, [entry(ObjectTypes.METRIC, PROFIT)])
    first.migrate(target_env=dev, target_project_name=PROJECT_NAME)
    assert resting(Migration(dev, id=first.id)) == ImportStatus.IMPORTED
    assert dev_witness.dump_text(PROJECT) == before, "it is identical"


def test_deleting_every_migration_of_a_list(dev: Connection, dev_witness: Witness, prod: Connection) -> None:
    first = package(dev, [entry(ObjectTypes.METRIC, PROFIT)])
    migrated(first, prod)
    first.reuse(target_env=prod, target_project_name=PROJECT_NAME)
    listed = list_migrations(dev)
    assert len({migration.id.split(":")[0] for migration in listed}) < len(listed), "two share a package"
    for migration in listed:
        assert migration.delete(force=True)
    assert list_migrations(dev) == []
    assert dev_witness.listed() == []
