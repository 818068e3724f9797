"""A package of configuration objects, for the scenarios that move people."""

from mstrio.connection import Connection
from mstrio.object_management.migration import Action, Migration, PackageConfig
from mstrio.types import ObjectTypes

from support.known import SUSTAINABILITY_OFFICE, SUSTAINABILITY_OFFICER
from support.packages import entry, settings
from support.waiting import created


def sustainability(source: Connection, action: Action = Action.REPLACE) -> Migration:
    """A user and its group, which only development has."""
    people = [entry(ObjectTypes.USER, id, action) for id in (SUSTAINABILITY_OFFICE, SUSTAINABILITY_OFFICER)]
    config = PackageConfig(settings(action), people)
    return created(Migration.create_admin_migration(source, config, name="people"))
