"""What the scenarios start from: two running environments and the client's connections to them."""

from collections.abc import Iterator

import pytest
from mstrio import config
from mstrio.connection import Connection

from support.known import PROJECT
from servers import PASSWORD, Environments, Server, Witness

config.verbose = False
config.progress_bar = False


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environments]:
    """A pair of servers for the scenarios of one file; every file starts from the same state."""
    with Environments(tmp_path_factory.mktemp("environments")) as pair:
        yield pair


@pytest.fixture(scope="module")
def dev_server(environments: Environments) -> Server:
    return environments.dev


@pytest.fixture(scope="module")
def prod_server(environments: Environments) -> Server:
    return environments.prod


@pytest.fixture(scope="module")
def dev_witness(dev_server: Server) -> Witness:
    return dev_server.witness()


@pytest.fixture(scope="module")
def prod_witness(prod_server: Server) -> Witness:
    return prod_server.witness()


def connect(server: Server, **options: object) -> Connection:
    return Connection(
        base_url=server.url,
        **{"username": "Administrator", "password": PASSWORD, "project_id": PROJECT, **options},
    )


@pytest.fixture(scope="module")
def dev(dev_server: Server) -> Iterator[Connection]:
    """The client's connection to development, with the Tutorial project selected."""
    connection = connect(dev_server)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def prod(prod_server: Server) -> Iterator[Connection]:
    connection = connect(prod_server)
    yield connection
    connection.close()
