"""Project merges: everything of a project, under rules by object, folder and type."""

import pytest
from mstrio.connection import Connection
from mstrio.object_management.migration import (
    Action,
    ImportStatus,
    Migration,
    MigrationPurpose,
    PackageSettings,
    PackageType,
    list_migrations,
)
from mstrio.object_management.migration.package import (
    ProjectMergePackageSettings,
    ProjectMergePackageTocView,
    TranslationAction,
)

from support.known import (
    FOLDER,
    HALF_YEAR,
    METRIC,
    PROFIT,
    PROFIT_MARGIN,
    PROJECT,
    PROJECT_NAME,
    QUARTER,
    SALES_BY_REGION,
    YEAR,
)
from support.packages import changed_keys
from servers import Witness
from support.waiting import created, resting, validated


# Every environment derives its own from its attributes; it takes no part in a merge.
SYSTEM_HIERARCHY = (14, "4C4F01028B41A8482671F43EE94C23E8")


def rules(action: Action, **changes: object) -> ProjectMergePackageSettings:
    return ProjectMergePackageSettings(
        **{
            "acl_on_replacing_objects": PackageSettings.AclOnReplacingObjects.REPLACE,
            "acl_on_new_objects": PackageSettings.AclOnNewObjects.KEEP_ACL_AS_SOURCE_OBJECT,
            "default_action": action,
            "validate_dependencies": False,
            "translation_action": TranslationAction.REPLACE,
            **changes,
        }
    )


def merge(source: Connection, settings: object, name: str = "merge") -> Migration:
    made = Migration.create_project_merge_migration(source, settings, name=name, project_name=PROJECT_NAME)
    return created(made)


def test_a_merge_brings_the_whole_project_and_takes_it_back(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    source, before = dev_witness.dump(PROJECT), prod_witness.dump(PROJECT)
    before_text = prod_witness.dump_text()
    migration = merge(dev, ProjectMergePackageTocView(rules(Action.REPLACE)))
    assert migration.package_info.purpose == MigrationPurpose.PROJECT_MERGE
    assert migration.package_info.type == PackageType.OBJECT
    assert migration.id in {found.id for found in list_migrations(dev, migration_purpose="project_merge")}

    migration.trigger_validation(target_env=prod, target_project_name=PROJECT_NAME)
    assert validated(migration) == "validated", migration.validation.message
    assert prod_witness.dump_text() == before_text

    migration.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    there = Migration(prod, id=migration.id)
    assert resting(there) == ImportStatus.IMPORTED, there.import_info.message
    after = prod_witness.dump(PROJECT)
    for key, line in source.items():
        if key[0] != FOLDER and key != SYSTEM_HIERARCHY:
            assert after[key]["definition"] == line["definition"], key
            assert after[key]["version"] == line["version"], key
    for key in before.keys() - source.keys():
        assert after[key] == before[key], "what only the target has stays"

    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(there) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text() == before_text


def test_the_nearest_rule_wins(dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness) -> None:
    before = prod_witness.dump(PROJECT)
    folder = dev_witness.object(12, YEAR, PROJECT)["parentId"]
    settings = rules(
        Action.USE_EXISTING,
        object_type_actions=[
            {"type": 4, "action": "replace"},
            {"type": 3, "subtype": 768, "action": "replace"},
            {"type": 3, "action": "use_existing"},
        ],
        folder_actions=[{"id": folder, "action": "replace"}],
        object_actions=[{"id": QUARTER, "action": "use_existing"}],
    )
    migration = merge(dev, settings)
    migration.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    changed = changed_keys(before, prod_witness.dump(PROJECT))
    assert {(METRIC, PROFIT), (METRIC, PROFIT_MARGIN)} <= changed, "by type"
    assert (3, SALES_BY_REGION) in changed, "by type and subtype"
    assert (12, YEAR) in changed, "by folder"
    assert (12, QUARTER) not in changed, "by object"
    assert (12, HALF_YEAR) in changed, "new objects come under every rule"
    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump(PROJECT) == before


@pytest.mark.parametrize("action", [Action.USE_NEWER, Action.USE_OLDER, Action.USE_EXISTING])
def test_actions_for_everything(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness, action: Action
) -> None:
    source, before = dev_witness.dump(PROJECT), prod_witness.dump(PROJECT)
    migration = merge(dev, rules(action))
    migration.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    after = prod_witness.dump(PROJECT)
    newer = {Action.USE_NEWER: "replaced", Action.USE_OLDER: "kept", Action.USE_EXISTING: "kept"}[action]
    older = {Action.USE_NEWER: "kept", Action.USE_OLDER: "replaced", Action.USE_EXISTING: "kept"}[action]
    assert after[(METRIC, PROFIT)]["version"] == (source if newer == "replaced" else before)[(METRIC, PROFIT)]["version"]
    assert (
        after[(METRIC, PROFIT_MARGIN)]["version"]
        == (source if older == "replaced" else before)[(METRIC, PROFIT_MARGIN)]["version"]
    )
    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump(PROJECT) == before


@pytest.mark.parametrize("translation", list(TranslationAction))
def test_translations(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness, translation: TranslationAction
) -> None:
    before = prod_witness.dump_text(PROJECT)
    migration = merge(dev, rules(Action.REPLACE, translation_action=translation))
    record = dev_witness.record(migration.id)
    assert record["packageInfo"]["tocView"]["settings"]["translationAction"] == translation.value
    migration.migrate(target_env=prod, target_project_name=PROJECT_NAME)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    year = prod_witness.object(12, YEAR, PROJECT)
    if translation in (TranslationAction.REPLACE, TranslationAction.FORCE_REPLACE):
        assert year["translations"] == dev_witness.object(12, YEAR, PROJECT)["translations"]
    migration.reverse(target_env=prod, target_project_id=PROJECT)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text(PROJECT) == before
