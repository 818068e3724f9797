"""Getting in: every way of the client to get a session, and what it asks of it."""

import pytest
import requests
from mstrio.connection import Connection
from mstrio.helpers import IServerError

from conftest import connect
from support.known import ADMINISTRATOR, PROJECT, PROJECT_NAME
from support.scripts import connection_data, run_script
from servers import PASSWORD, Server


def test_password_with_a_project_by_id(dev_server: Server) -> None:
    connection = connect(dev_server)
    assert connection.project_id == PROJECT
    assert connection.project_name == PROJECT_NAME
    assert connection.user_id == ADMINISTRATOR
    assert connection.user_full_name == "Administrator"
    assert connection.iserver_version == "11.6.0700"
    connection.close()


def test_password_with_a_project_by_name(dev_server: Server) -> None:
    connection = connect(dev_server, project_id=None, project_name=PROJECT_NAME)
    assert connection.project_id == PROJECT
    connection.close()


def test_no_project_and_selecting_one_later(dev_server: Server) -> None:
    connection = connect(dev_server, project_id=None)
    assert connection.project_id is None
    connection.select_project(project_name=PROJECT_NAME)
    assert connection.project_id == PROJECT
    with pytest.raises(ValueError, match="Found 0 items"):
        connection.select_project(project_name="No such project")
    connection.close()


def test_wrong_password_is_refused(dev_server: Server) -> None:
    with pytest.raises(IServerError) as refused:
        connect(dev_server, password="wrong")
    assert refused.value.http_code == 401
    assert "Login failed" in str(refused.value)
    assert "ERR003" in str(refused.value)


def test_api_token(dev_server: Server, dev: Connection) -> None:
    connection = Connection(base_url=dev_server.url, api_token=dev.get_api_token(), project_id=PROJECT)
    assert connection.user_id == ADMINISTRATOR
    connection.close()


def test_identity_token(dev_server: Server, dev: Connection) -> None:
    connection = Connection(base_url=dev_server.url, identity_token=dev.get_identity_token(), project_id=PROJECT)
    assert connection.user_id == ADMINISTRATOR
    assert connection.token != dev.token
    assert connection.validate_identity_token()
    connection.close()


def test_an_identity_token_of_another_environment_is_refused(prod_server: Server, dev: Connection) -> None:
    foreign = {"loginMode": "-1", "identityToken": dev.get_identity_token()}
    answer = requests.post(f"{prod_server.url}/api/auth/delegate", json=foreign)
    assert answer.status_code == 401
    assert answer.json()["code"] == "ERR003"


def test_connection_data_of_a_workstation(dev_server: Server, dev: Connection) -> None:
    script = """
from mstrio.connection import get_connection
connection = get_connection(connectionData, project_name=PROJECT_NAME)
print(connection.user_id, connection.project_id)
"""
    output = run_script(script, connectionData=connection_data(dev_server.url, dev), PROJECT_NAME=PROJECT_NAME)
    assert output.splitlines()[-1].split() == [ADMINISTRATOR, PROJECT]


def test_a_session_is_renewed_and_ends(dev_server: Server) -> None:
    connection = connect(dev_server)
    connection.renew()
    assert connection.status()
    connection.close()
    answer = requests.get(f"{dev_server.url}/api/sessions", headers={"X-MSTR-AuthToken": connection.token or "gone"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "ERR009"


def test_several_sessions_of_one_user(dev_server: Server) -> None:
    first, second, third = (connect(dev_server) for _ in range(3))
    assert len({first.token, second.token, third.token}) == 3
    second.close()
    assert first.status() and third.status()
    first.close()
    third.close()


def test_the_context_manager_closes_the_session(dev_server: Server) -> None:
    with connect(dev_server) as connection:
        token = connection.token
    answer = requests.get(f"{dev_server.url}/api/sessions", headers={"X-MSTR-AuthToken": token})
    assert answer.status_code == 401


def test_an_address_with_a_slash_at_its_end(dev_server: Server) -> None:
    connection = Connection(
        base_url=f"{dev_server.url}/", username="Administrator", password=PASSWORD, project_id=PROJECT
    )
    assert connection.base_url == dev_server.url
    connection.close()
