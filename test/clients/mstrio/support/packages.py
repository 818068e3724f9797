"""Short forms for what most migration scenarios begin with."""

from collections.abc import Iterable

from mstrio.connection import Connection
from mstrio.object_management.migration import (
    Action,
    ImportStatus,
    Migration,
    PackageConfig,
    PackageContentInfo,
    PackageSettings,
)
from mstrio.types import ObjectTypes

from support.known import PROJECT, PROJECT_NAME
from servers import Dump
from support.waiting import created, resting

REPLACE_ACL = PackageSettings.AclOnReplacingObjects.REPLACE
KEEP_SOURCE_ACL = PackageSettings.AclOnNewObjects.KEEP_ACL_AS_SOURCE_OBJECT


def settings(action: Action = Action.REPLACE, **changes: object) -> PackageSettings:
    return PackageSettings(
        **{
            "default_action": action,
            "acl_on_replacing_objects": REPLACE_ACL,
            "acl_on_new_objects": KEEP_SOURCE_ACL,
            **changes,
        }
    )


def entry(type: ObjectTypes, id: str, action: Action = Action.REPLACE, needs: bool = False) -> PackageContentInfo:
    return PackageContentInfo(id=id, type=type, action=action, include_dependents=needs)


def package(
    source: Connection, content: Iterable[PackageContentInfo], name: str = "conformance", **changes: object
) -> Migration:
    """An object migration whose package has been made."""
    config = PackageConfig(settings(**changes), list(content))
    return created(Migration.create_object_migration(source, config, name=name, project_id=PROJECT))


def migrated(migration: Migration, target: Connection, **options: object) -> Migration:
    """Migrates to the project of the same name; the migration as the target shows it, imported."""
    migration.migrate(target_env=target, target_project_name=PROJECT_NAME, **options)
    there = Migration(target, id=migration.id)
    assert resting(there) == ImportStatus.IMPORTED, there.import_info.message
    return there


def reversed_(migration: Migration, target: Connection) -> None:
    migration.reverse(target_env=target, target_project_id=PROJECT)
    there = Migration(target, id=migration.id)
    assert resting(there) == ImportStatus.UNDO_SUCCESS, there.import_info.message


def same(one: dict | None, other: dict | None) -> bool:
    """Whether two lines of a dump are the same object in every part that a package carries."""
    assert one is not None and other is not None
    return one == other


def changed_keys(before: Dump, after: Dump) -> set[tuple[int, str]]:
    """Everything that is new, gone or otherwise."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
