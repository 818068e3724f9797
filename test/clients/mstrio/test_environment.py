"""Projects, nodes, the storage service: what an administrator asks before anything is moved."""

from pathlib import Path

import pytest
from mstrio.connection import Connection
from mstrio.helpers import IServerError
from mstrio.server import Environment, Project
from mstrio.server.project import ProjectStatus
from mstrio.server.storage import StorageType

from support.known import ADMINISTRATOR, PROJECT, PROJECT_NAME
from servers import Environments, Witness


def test_projects_of_an_environment(dev: Connection) -> None:
    environment = Environment(dev)
    assert [(project.id, project.name) for project in environment.list_projects()] == [(PROJECT, PROJECT_NAME)]
    assert [project.id for project in environment.list_loaded_projects()] == [PROJECT]
    assert environment.is_loaded(project_id=PROJECT)
    nodes = environment.list_nodes()
    assert len(nodes) == 1
    assert nodes[0]["projects"][0]["status"] == "loaded"


def test_a_project_by_name_and_by_id(dev: Connection) -> None:
    for project in (Project(dev, name=PROJECT_NAME), Project(dev, id=PROJECT)):
        assert project.id == PROJECT
        assert project.name == PROJECT_NAME
        assert project.owner["id"] == ADMINISTRATOR
        assert project.is_loaded()
        assert project.status == ProjectStatus.ACTIVE
    with pytest.raises(ValueError, match="No such project"):
        Project(dev, name="No such project")


def test_every_property_of_a_project(dev: Connection) -> None:
    properties = Project(dev, id=PROJECT).list_properties()
    assert properties["id"] == PROJECT
    assert properties["name"] == PROJECT_NAME
    assert properties["type"].value == 32


def test_the_storage_service(dev: Connection, environments: Environments, dev_witness: Witness) -> None:
    environment = Environment(dev)
    service = environment.storage_service
    assert service.type == StorageType.FILE_SYSTEM
    assert Path(service.location) == environments.dev.storage
    assert service.configured

    environment.update_storage_service(
        storage_type=StorageType.FILE_SYSTEM, location=str(environments.dev.storage), alias="Shared packages"
    )
    assert environment.storage_service.alias == "Shared packages"
    stored = dev_witness.get("/mstrServices/library/storage")["sharedFileStore"]
    assert stored["alias"] == "Shared packages"
    assert stored["type"] == "file_system"


def test_the_whole_configuration_is_sent_back(dev: Connection, environments: Environments) -> None:
    environment = Environment(dev)
    environment.storage_service.alias = "Renamed"
    environment.update_storage_service()
    assert Environment(dev).storage_service.alias == "Renamed"
    assert Path(Environment(dev).storage_service.location) == environments.dev.storage


def test_a_location_that_cannot_be_used_is_refused(dev: Connection, environments: Environments) -> None:
    environment = Environment(dev)
    with pytest.raises(IServerError) as refused:
        environment.update_storage_service(storage_type=StorageType.FILE_SYSTEM, location="/proc/no/such/folder")
    assert refused.value.http_code == 400
    assert Path(environment.storage_service.location) == environments.dev.storage


def test_validating_alone_changes_nothing(dev: Connection, environments: Environments, tmp_path: Path) -> None:
    environment = Environment(dev)
    environment.update_storage_service(
        storage_type=StorageType.FILE_SYSTEM, location=str(tmp_path), alias="Elsewhere", validate_only=True
    )
    assert Path(Environment(dev).storage_service.location) == environments.dev.storage


def test_secrets_are_never_given_back(dev: Connection, environments: Environments, dev_witness: Witness) -> None:
    environment = Environment(dev)
    environment.update_storage_service(
        storage_type=StorageType.FILE_SYSTEM, location=str(environments.dev.storage), aws_secret_key="hidden-secret"
    )
    answer = dev_witness.call("GET", "/mstrServices/library/storage")
    assert "hidden-secret" not in answer.text
    assert b"hidden-secret" not in b"".join(
        file.read_bytes() for file in environments.dev.data.rglob("*.sqlite*") if file.is_file()
    )
