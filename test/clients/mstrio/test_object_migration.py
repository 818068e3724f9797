"""An object migration from its creation to its deletion, looked at from both sides."""

from datetime import UTC, datetime, timedelta

import pytest
from mstrio.connection import Connection
from mstrio.helpers import IServerError
from mstrio.object_management.migration import (
    Action,
    ImportStatus,
    Migration,
    PackageConfig,
    PackageSettings,
    PackageStatus,
    list_migrations,
)
from mstrio.object_management.migration.package import PackageCertificationStatus
from mstrio.server import Environment
from mstrio.types import ObjectTypes
from mstrio.users_and_groups import User

from support.known import (
    CO2_PER_ORDER,
    FOLDER,
    HALF_YEAR,
    INVENTORY_CONTROL,
    MONTH_OF_YEAR,
    PROFIT,
    PROFIT_MARGIN,
    PROJECT,
    PROJECT_NAME,
    QUARTER,
    REGION,
    REVENUE_TO_DATE,
    YEAR,
)
from support.packages import changed_keys, entry, migrated, package, reversed_, settings
from servers import Server, Witness
from support.waiting import made, resting, validated

ATTRIBUTE, METRIC = ObjectTypes.ATTRIBUTE, ObjectTypes.METRIC


def test_the_whole_life(
    dev: Connection,
    prod: Connection,
    dev_witness: Witness,
    prod_witness: Witness,
    dev_server: Server,
    prod_server: Server,
) -> None:
    source, before = dev_witness.dump(PROJECT), prod_witness.dump(PROJECT)
    before_text = prod_witness.dump_text()
    migration = package(dev, [entry(ATTRIBUTE, YEAR, needs=True), entry(METRIC, PROFIT)], name="year")
    assert migration.package_info.status == PackageStatus.CREATED
    assert migration.package_info.project.id == PROJECT
    assert migration.import_info.status == ImportStatus.PENDING

    migration.alter_migration_info(name="year and profit")
    migration.fetch()
    assert migration.name == "year and profit"
    migration.alter_migration_info(target_env=prod)
    assert dev_witness.record(migration.id)["importInfo"]["environment"]["id"] == f"{prod_server.url}/"

    migration.certify(status=PackageCertificationStatus.CERTIFIED, creator=User(dev, username="Administrator"))
    migration.fetch()
    assert migration.package_info.certification.status == PackageCertificationStatus.CERTIFIED
    assert migration.package_info.certification.operator.name == "Administrator"

    migration.trigger_validation(target_env=prod, target_project_name=PROJECT_NAME)
    assert validated(migration) == "validated", migration.validation.message
    assert prod_witness.dump_text() == before_text, "a validation writes nothing"

    there = migrated(migration, prod)
    assert there.package_info.status == PackageStatus.LOCKED
    assert there.package_info.replicated
    assert there.import_info.creator.name == "Administrator"
    assert there.import_info.undo_storage.size > 0
    migration.fetch()
    assert migration.package_info.status == PackageStatus.LOCKED
    assert migration.import_info.status == ImportStatus.PENDING

    content = {(item["type"], item["id"]) for item in there.get_migration_content()["packageInfo"]["tocView"]["content"]}
    after = prod_witness.dump(PROJECT)
    changed = changed_keys(before, after)
    assert {(12, YEAR), (12, HALF_YEAR), (4, PROFIT)} <= changed
    # The folders on the way to an object come along when the target does not have them.
    assert {key for key in changed if key[0] != FOLDER} <= content, "nothing changes but what the package holds"
    for key in content:
        if key[0] != 8:
            assert after[key] == source[key], f"{key} is as in development"

    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text() == before_text, "an undo brings back every byte"

    assert migration.delete(force=True)
    assert migration.id not in dev_witness.listed()
    assert migration.id in prod_witness.listed(), "each side deletes its own record"
    assert there.delete(force=True)
    assert migration.id not in prod_witness.listed()
    assert there.delete(force=True), "a second deletion is no error to the client"


@pytest.mark.parametrize(
    ("id", "action", "expected"),
    [
        (PROFIT, Action.USE_EXISTING, "kept"),
        (PROFIT, Action.REPLACE, "replaced"),
        (PROFIT, Action.USE_NEWER, "replaced"),
        (PROFIT, Action.USE_OLDER, "kept"),
        (PROFIT, Action.FORCE_REPLACE, "replaced"),
        (PROFIT_MARGIN, Action.USE_NEWER, "kept"),
        (PROFIT_MARGIN, Action.USE_OLDER, "replaced"),
        (REVENUE_TO_DATE, Action.USE_NEWER, "kept"),
        (REVENUE_TO_DATE, Action.USE_OLDER, "replaced"),
        (REVENUE_TO_DATE, Action.REPLACE, "replaced"),
    ],
)
def test_conflicts_between_versions(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness, id: str, action: Action, expected: str
) -> None:
    before = prod_witness.dump_text(PROJECT)
    incoming, existing = dev_witness.object(4, id, PROJECT), prod_witness.object(4, id, PROJECT)
    assert incoming["version"] != existing["version"]
    migration = package(dev, [entry(METRIC, id, action)])
    migrated(migration, prod)
    assert prod_witness.object(4, id, PROJECT) == (existing if expected == "kept" else incoming)
    reversed_(migration, prod)
    assert prod_witness.dump_text(PROJECT) == before


def test_keep_both_makes_a_second_object_and_no_undo(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    before = prod_witness.dump(PROJECT)
    migration = package(dev, [entry(METRIC, PROFIT, Action.KEEP_BOTH)])
    there = migrated(migration, prod)
    after = prod_witness.dump(PROJECT)
    [new] = changed_keys(before, after)
    assert new not in before
    assert after[new]["definition"].get("expression") == dev_witness.object(4, PROFIT, PROJECT)["definition"].get(
        "expression"
    )
    assert after[(4, PROFIT)] == before[(4, PROFIT)]
    assert not there.import_info.undo_storage or there.import_info.undo_storage.size is None
    with pytest.raises(IServerError) as refused:
        migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert refused.value.http_code == 400
    assert prod_witness.dump(PROJECT) == after
    assert prod_witness.call("DELETE", f"/objects/{new[1]}", PROJECT, params={"type": 4}).status_code == 204


def test_new_objects_with_all_that_they_need(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    before = prod_witness.dump_text(PROJECT)
    assert prod_witness.object(4, CO2_PER_ORDER, PROJECT) is None
    migration = package(dev, [entry(METRIC, CO2_PER_ORDER, needs=True)])
    migrated(migration, prod)
    assert prod_witness.object(4, CO2_PER_ORDER, PROJECT) == dev_witness.object(4, CO2_PER_ORDER, PROJECT)
    reversed_(migration, prod)
    assert prod_witness.dump_text(PROJECT) == before


def test_a_moved_object_follows(dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness) -> None:
    source = dev_witness.object(12, MONTH_OF_YEAR, PROJECT)
    assert prod_witness.object(12, MONTH_OF_YEAR, PROJECT)["parentId"] != source["parentId"]
    migration = package(dev, [entry(ATTRIBUTE, MONTH_OF_YEAR)])
    migrated(migration, prod)
    assert prod_witness.object(12, MONTH_OF_YEAR, PROJECT)["parentId"] == source["parentId"]
    reversed_(migration, prod)
    assert prod_witness.object(12, MONTH_OF_YEAR, PROJECT)["parentId"] != source["parentId"]


@pytest.mark.parametrize("replacing", list(PackageSettings.AclOnReplacingObjects)[:2])
def test_access_lists_of_replaced_objects(
    dev: Connection,
    prod: Connection,
    dev_witness: Witness,
    prod_witness: Witness,
    replacing: PackageSettings.AclOnReplacingObjects,
) -> None:
    incoming, existing = dev_witness.object(12, REGION, PROJECT), prod_witness.object(12, REGION, PROJECT)
    assert incoming["acl"] != existing["acl"]
    migration = package(dev, [entry(ATTRIBUTE, REGION, Action.FORCE_REPLACE)], acl_on_replacing_objects=replacing)
    migrated(migration, prod)
    is_replaced = replacing == PackageSettings.AclOnReplacingObjects.REPLACE
    assert prod_witness.object(12, REGION, PROJECT)["acl"] == (incoming if is_replaced else existing)["acl"]
    reversed_(migration, prod)
    assert prod_witness.object(12, REGION, PROJECT) == existing


def test_access_lists_of_new_objects(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    inherit = PackageSettings.AclOnNewObjects.INHERIT_ACL_AS_DEST_FOLDER
    migration = package(dev, [entry(METRIC, CO2_PER_ORDER, needs=True)], acl_on_new_objects=inherit)
    migrated(migration, prod)
    metric = prod_witness.object(4, CO2_PER_ORDER, PROJECT)
    folder = prod_witness.object(8, metric["parentId"], PROJECT)
    inheritable = {(ace["trusteeId"], ace["rights"] & 255) for ace in folder["acl"] if ace["inheritable"]}
    assert inheritable <= {(ace["trusteeId"], ace["rights"] & 255) for ace in metric["acl"]}
    reversed_(migration, prod)


def test_deleting_through_a_package(dev: Connection, prod: Connection, prod_witness: Witness, dev_witness: Witness) -> None:
    before = prod_witness.dump_text(PROJECT)
    used = package(dev, [entry(ATTRIBUTE, QUARTER, Action.DELETE)])
    used.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    there = Migration(prod, id=used.id)
    assert resting(there) == ImportStatus.IMPORT_FAILED
    assert "Quarter" in there.import_info.message
    assert prod_witness.dump_text(PROJECT) == before, "a failed import changes nothing"

    unused = package(dev, [entry(ObjectTypes.DOCUMENT_DEFINITION, INVENTORY_CONTROL, Action.DELETE)])
    migrated(unused, prod)
    assert prod_witness.object(55, INVENTORY_CONTROL, PROJECT) is None
    reversed_(unused, prod)
    assert prod_witness.dump_text(PROJECT) == before


def test_no_undo_when_none_is_asked_for(dev: Connection, prod: Connection, prod_witness: Witness) -> None:
    existing = prod_witness.object(4, PROFIT, PROJECT)
    migration = package(dev, [entry(METRIC, PROFIT)])
    there = migrated(migration, prod, generate_undo=False)
    assert not there.import_info.undo_storage or there.import_info.undo_storage.size is None
    with pytest.raises(IServerError) as refused:
        migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert refused.value.http_code == 400
    assert prod_witness.object(4, PROFIT, PROJECT) != existing
    prod_witness.load({"kind": "object", **existing})


def test_a_validation_that_fails_says_why_and_changes_nothing(
    dev: Connection, prod: Connection, prod_witness: Witness
) -> None:
    before = prod_witness.dump_text()
    migration = package(dev, [entry(ATTRIBUTE, QUARTER, Action.DELETE)])
    migration.trigger_validation(target_env=prod, target_project_name=PROJECT_NAME)
    assert validated(migration) == "validation_failed"
    assert "Quarter" in migration.validation.message
    assert prod_witness.dump_text() == before
    assert prod_witness.record(migration.id) is None
    assert migration.delete(force=True)


def test_certification_goes_its_way(dev: Connection, dev_witness: Witness) -> None:
    migration = package(dev, [entry(METRIC, PROFIT)])
    administrator = User(dev, username="Administrator")

    def certification() -> dict:
        return dev_witness.record(migration.id)["packageInfo"]["certification"]

    migration.certify(PackageCertificationStatus.REQUESTED, administrator)
    assert certification()["status"] == "requested"
    older = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    migration.certify(PackageCertificationStatus.REJECTED, administrator, older)
    assert certification()["status"] == "requested", "of two states that are synchronised the later counts"
    moment = datetime.now(tz=UTC) + timedelta(seconds=1)
    migration.certify(PackageCertificationStatus.REJECTED, administrator, moment)
    assert certification()["status"] == "rejected"
    assert certification()["lastUpdatedDate"].startswith(moment.strftime("%Y-%m-%dT%H:%M:%S"))
    migration.certify(PackageCertificationStatus.CERTIFIED, administrator)
    assert certification()["status"] == "certified"
    assert certification()["operator"]["id"] == administrator.id
    migration.certify(auto_sync=True)
    assert certification()["status"] == "certified"


def test_lists(dev: Connection, dev_witness: Witness) -> None:
    names = [f"list {number}" for number in range(3)]
    made = [package(dev, [entry(METRIC, PROFIT)], name=name) for name in names]
    assert {migration.id for migration in list_migrations(dev)} == set(dev_witness.listed())
    assert [migration.id for migration in list_migrations(dev, name="list 1")] == [made[1].id]
    assert len(list_migrations(dev, limit=2)) == 2
    assert Migration(dev, name="list 2").id == made[2].id
    created = {found["id"] for found in list_migrations(dev, package_status=PackageStatus.CREATED, to_dictionary=True)}
    assert {migration.id for migration in made} <= created
    locked = {found["id"] for found in list_migrations(dev, package_status="locked", to_dictionary=True)}
    assert not locked & created
    assert list_migrations(dev, migration_purpose="project_merge") == []
    with pytest.raises(ValueError, match="There is no Migration"):
        Migration(dev, name="no such migration")


def test_the_environment_as_target(dev: Connection, prod: Connection, prod_witness: Witness) -> None:
    before = prod_witness.dump_text(PROJECT)
    migration = package(dev, [entry(METRIC, PROFIT)])
    migration.migrate(target_env=Environment(prod), target_project_id=PROJECT)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    migration.reverse(target_env=Environment(prod), target_project_name=PROJECT_NAME)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text(PROJECT) == before


def test_what_a_state_does_not_allow(dev: Connection, prod: Connection, prod_witness: Witness) -> None:
    migration = package(dev, [entry(METRIC, PROFIT)])
    with pytest.raises(IServerError) as unknown:
        migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert unknown.value.http_code == 404

    migrated(migration, prod)
    with pytest.raises(IServerError, match="`packageInfo.status` is 'locked'") as twice:
        migration.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    assert twice.value.http_code == 400
    with pytest.raises(IServerError, match="`packageInfo.status` is 'locked'"):
        migration.alter_migration_info(name="too late")
    with pytest.raises(IServerError, match="`packageInfo.status` is 'locked'"):
        migration.certify(PackageCertificationStatus.CERTIFIED, User(dev, username="Administrator"))
    reversed_(migration, prod)
    with pytest.raises(IServerError) as again:
        migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert again.value.http_code == 400


def test_an_empty_package_changes_nothing(dev: Connection, prod: Connection, prod_witness: Witness) -> None:
    before = prod_witness.dump_text(PROJECT)
    migration = package(dev, [], name="nothing")
    assert migration.package_info.storage.size > 0
    migrated(migration, prod)
    assert prod_witness.dump_text(PROJECT) == before
    reversed_(migration, prod)
    assert prod_witness.dump_text(PROJECT) == before


def test_content_that_does_not_exist(dev: Connection) -> None:
    config = PackageConfig(settings(), [entry(METRIC, "0" * 31 + "1")])
    migration = Migration.create_object_migration(dev, config, name="missing", project_id=PROJECT)
    assert made(migration) == PackageStatus.CREATE_FAILED
    assert "0" * 31 + "1" in migration.package_info.message
