"""Waiting as a script waits: by asking again, with an end."""

import time
from collections.abc import Callable
from typing import TypeVar

from mstrio.object_management.migration import ImportStatus, Migration, PackageStatus

PATIENCE = 60.0
Answer = TypeVar("Answer")


def until(ask: Callable[[], Answer], enough: Callable[[Answer], bool], what: str) -> Answer:
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = ask()
        if enough(answer):
            return answer
        assert time.monotonic() < deadline, f"{what}: still {answer!r} after {PATIENCE:.0f} seconds"
        time.sleep(0.1)


def _fetched(migration: Migration) -> Migration:
    migration.fetch()
    return migration


def made(migration: Migration) -> PackageStatus:
    """Waits for the package and gives what has become of it."""
    status = lambda: _fetched(migration).package_info.status  # noqa: E731
    return until(status, lambda found: found != PackageStatus.CREATING, "package status")


def created(migration: Migration) -> Migration:
    """Waits for the package and insists that it was made."""
    made(migration)
    assert migration.package_info.status == PackageStatus.CREATED, migration.package_info.message
    return migration


def resting(migration: Migration) -> ImportStatus:
    """Waits for an import or undo to end, and gives what it ended with."""
    working = (ImportStatus.IMPORTING, ImportStatus.UNDOING, ImportStatus.PENDING)
    return until(lambda: _fetched(migration).import_info.status, lambda s: s not in working, "import status")


def validated(migration: Migration) -> str:
    """Waits for a validation to end; asks the source, as scripts do."""
    return until(lambda: migration.validation.status.value, lambda s: s != "validating", "validation status")
