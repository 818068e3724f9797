"""Users, groups, security roles and privileges, and that they decide who may migrate."""

import pytest
from mstrio.access_and_security.privilege import Privilege
from mstrio.access_and_security.security_role import SecurityRole, list_security_roles
from mstrio.connection import Connection
from mstrio.helpers import IServerError
from mstrio.object_management.migration import list_migrations
from mstrio.users_and_groups import User, UserGroup, list_user_groups, list_users

from conftest import connect
from support.known import ADMINISTRATOR, EVERYONE, PROJECT, PROJECT_NAME, USER
from servers import Server, Witness

PASSWORD = "a password of a person"


def create_user(connection: Connection, **properties: str) -> User:
    return User.create(connection, password=PASSWORD, require_new_password=False, **properties)


def accounts(witness: Witness, subtype: int) -> dict[str, dict]:
    return {id: line for (type, id), line in witness.dump().items() if type == USER and line["subtype"] == subtype}


def test_lists_of_users(dev: Connection, dev_witness: Witness) -> None:
    users = accounts(dev_witness, 8704)
    listed = list_users(dev)
    assert {user.id for user in listed} == set(users)
    enabled = {user.id for user in listed if user.enabled}
    assert enabled == {id for id, line in users.items() if line["definition"].get("enabled", True)}
    assert [user.username for user in list_users(dev, name_begins="Tutorial Arch")] == ["architect"]


def test_a_user_by_name_login_and_id(dev: Connection) -> None:
    by_login = User(dev, username="architect")
    assert User(dev, name="Tutorial Architect").id == by_login.id
    assert User(dev, id=by_login.id).full_name == "Tutorial Architect"
    with pytest.raises(IServerError) as refused:
        User(dev, id="F" * 32)
    assert refused.value.http_code == 404


def test_every_property_of_a_user(dev: Connection) -> None:
    user = User(dev, username="architect")
    properties = user.list_properties()
    assert properties["username"] == "architect"
    assert properties["enabled"] is True
    assert "Architects" in {group["name"] for group in properties["memberships"]}


def test_the_life_of_a_user(dev: Connection, dev_server: Server, dev_witness: Witness) -> None:
    user = create_user(dev, username="newcomer", full_name="New Comer", description="starts today")
    line = accounts(dev_witness, 8704)[user.id]
    assert (line["name"], line["definition"]["username"]) == ("New Comer", "newcomer")
    with connect(dev_server, username="newcomer", password=PASSWORD) as connection:
        assert connection.user_id == user.id

    user.alter(full_name="New Come", description="is here")
    line = accounts(dev_witness, 8704)[user.id]
    assert (line["name"], line["description"]) == ("New Come", "is here")

    user.alter(enabled=False)
    with pytest.raises(IServerError):
        connect(dev_server, username="newcomer", password=PASSWORD)

    with pytest.raises(IServerError) as refused:
        create_user(dev, username="newcomer", full_name="Another")
    assert 400 <= refused.value.http_code < 500

    assert user.delete(force=True)
    assert user.id not in accounts(dev_witness, 8704)


def test_groups_and_their_members(dev: Connection, dev_witness: Witness) -> None:
    assert {group.id for group in list_user_groups(dev)} == set(accounts(dev_witness, 8705))
    user = create_user(dev, username="member", full_name="A Member")
    group = UserGroup.create(dev, name="Release Board", description="decides", members=[user.id])
    assert user.id in {member.id for member in group.list_members()}
    line = accounts(dev_witness, 8704)[user.id]
    assert group.id in line["definition"]["memberships"]

    group.remove_users([user])
    assert group.id not in accounts(dev_witness, 8704)[user.id]["definition"]["memberships"]
    user.add_to_user_groups([group])
    assert group.id in accounts(dev_witness, 8704)[user.id]["definition"]["memberships"]
    user.remove_from_user_groups([group])

    group.alter(name="Release Council")
    assert accounts(dev_witness, 8705)[group.id]["name"] == "Release Council"
    assert UserGroup(dev, name="Release Council").id == group.id
    assert UserGroup(dev, id=EVERYONE).name == "Everyone"
    assert group.delete(force=True)
    assert user.delete(force=True)


def test_privileges_are_listed(dev: Connection) -> None:
    privileges = {privilege.name: privilege for privilege in Privilege.list_privileges(dev)}
    assert int(privileges["Create package"].id) == 295
    assert "Apply package" in privileges


def test_a_privilege_lets_a_user_see_migrations(dev: Connection, dev_server: Server) -> None:
    user = create_user(dev, username="author", full_name="An Author")
    with connect(dev_server, username="author", password=PASSWORD) as connection:
        with pytest.raises(IServerError) as refused:
            list_migrations(connection)
        assert refused.value.http_code == 403
        assert "privilege(s) to perform the task" in str(refused.value)
        user.grant_privilege("Create package")
        assert list_migrations(connection) == []
        user.revoke_privilege("Create package")
        with pytest.raises(IServerError):
            list_migrations(connection)
    assert user.delete(force=True)


def test_the_life_of_a_security_role(dev: Connection, dev_witness: Witness, dev_server: Server) -> None:
    role = SecurityRole.create(dev, name="Release Author", description="makes packages", privileges=["Create package"])
    assert role.id in {found.id for found in list_security_roles(dev)}
    assert role.list_privileges() == {295: "Create package"}

    user = create_user(dev, username="role-holder", full_name="A Holder")
    role.grant_to([user], PROJECT_NAME)
    role.fetch()
    assert user.id in {member.id for member in role.list_members(project_name=PROJECT_NAME)}
    with connect(dev_server, username="role-holder", password=PASSWORD) as connection:
        assert list_migrations(connection) == []
    line = accounts(dev_witness, 8704)[user.id]
    assert line["definition"]["securityRoles"] == [{"projectId": PROJECT, "roleId": role.id}]

    role.revoke_from([user], PROJECT_NAME)
    assert accounts(dev_witness, 8704)[user.id]["definition"]["securityRoles"] == []
    role.alter(name="Release Writer", description="writes")
    assert SecurityRole(dev, name="Release Writer").id == role.id
    assert role.delete(force=True)
    assert role.id not in {found.id for found in list_security_roles(dev)}
    assert user.delete(force=True)


def test_the_administrator_cannot_be_deleted(dev: Connection, dev_witness: Witness) -> None:
    with pytest.raises(IServerError) as refused:
        User(dev, id=ADMINISTRATOR).delete(force=True)
    assert 400 <= refused.value.http_code < 500
    assert ADMINISTRATOR in accounts(dev_witness, 8704)
