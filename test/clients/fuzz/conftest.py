"""One running server with the Tutorial project. It runs before tests are collected: they are made from its document."""

import tempfile
from pathlib import Path

import pytest

from servers import Server

_folder = pytest.StashKey[tempfile.TemporaryDirectory]()
_server = pytest.StashKey[Server]()


def pytest_configure(config: pytest.Config) -> None:
    folder = tempfile.TemporaryDirectory(prefix="longshore-fuzz-")
    config.stash[_folder] = folder
    server = Server("fuzz", Path(folder.name), "tutorial")
    config.stash[_server] = server
    server.start()
    server.wait_until_ready()
    pytest.fuzzed_server = server


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server in config.stash:
        config.stash[_server].stop()
        config.stash[_folder].cleanup()
