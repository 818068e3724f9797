"""Administration migrations: users, groups and roles, which belong to no project."""

import pytest
from mstrio.connection import Connection
from mstrio.helpers import IServerError
from mstrio.object_management.migration import ImportStatus, Migration, PackageConfig, PackageStatus, PackageType
from mstrio.types import ObjectTypes
from mstrio.users_and_groups import User

from conftest import connect
from support.administration import sustainability
from support.known import (
    PROFIT,
    RELEASE_MANAGER,
    SECURITY_ROLE,
    SUSTAINABILITY_OFFICE,
    SUSTAINABILITY_OFFICER,
    USER,
)
from support.packages import changed_keys, entry, settings
from servers import Server, Witness
from support.waiting import created, made, resting, validated


def test_people_arrive_and_leave_again(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    before, before_text = prod_witness.dump(), prod_witness.dump_text()
    migration = sustainability(dev)
    assert migration.package_info.type == PackageType.ADMINISTRATION

    migration.trigger_validation(target_env=prod)
    assert validated(migration) == "validated", migration.validation.message
    assert prod_witness.dump_text() == before_text

    migration.migrate(target_env=prod)
    there = Migration(prod, id=migration.id)
    assert resting(there) == ImportStatus.IMPORTED, there.import_info.message
    after = prod_witness.dump()
    assert changed_keys(before, after) == {(USER, SUSTAINABILITY_OFFICE), (USER, SUSTAINABILITY_OFFICER)}
    for id in (SUSTAINABILITY_OFFICE, SUSTAINABILITY_OFFICER):
        assert after[(USER, id)] == dev_witness.object(USER, id)
    assert User(prod, username="sustainability").id == SUSTAINABILITY_OFFICER

    migration.reverse(target_env=prod)
    assert resting(there) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.dump_text() == before_text
    assert migration.delete(force=True) and there.delete(force=True)


def test_a_password_does_not_travel(dev: Connection, prod: Connection, prod_server: Server) -> None:
    user = User.create(dev, "traveller", "A Traveller", password="only in development", require_new_password=False)
    config = PackageConfig(settings(), [entry(ObjectTypes.USER, user.id)])
    migration = created(Migration.create_admin_migration(dev, config))
    migration.migrate(target_env=prod)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    with pytest.raises(IServerError) as refused:
        connect(prod_server, username="traveller", password="only in development")
    assert refused.value.http_code == 401
    migration.reverse(target_env=prod)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS


def test_a_security_role_with_its_privileges(
    dev: Connection, prod: Connection, dev_witness: Witness, prod_witness: Witness
) -> None:
    existing = prod_witness.object(SECURITY_ROLE, RELEASE_MANAGER)
    incoming = dev_witness.object(SECURITY_ROLE, RELEASE_MANAGER)
    assert existing["definition"]["privileges"] != incoming["definition"]["privileges"]
    config = PackageConfig(settings(), [entry(ObjectTypes.SECURITY_ROLE, RELEASE_MANAGER)])
    migration = created(Migration.create_admin_migration(dev, config))
    migration.migrate(target_env=prod)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.IMPORTED
    assert prod_witness.object(SECURITY_ROLE, RELEASE_MANAGER) == incoming
    migration.reverse(target_env=prod)
    assert resting(Migration(prod, id=migration.id)) == ImportStatus.UNDO_SUCCESS
    assert prod_witness.object(SECURITY_ROLE, RELEASE_MANAGER) == existing


def test_a_metric_is_no_administration(dev: Connection) -> None:
    config = PackageConfig(settings(), [entry(ObjectTypes.METRIC, PROFIT)])
    migration = Migration.create_admin_migration(dev, config)
    assert made(migration) == PackageStatus.CREATE_FAILED
    assert PROFIT in migration.package_info.message
    assert "cannot be part of a configuration package" in migration.package_info.message
