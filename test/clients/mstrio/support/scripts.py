"""Runs scripts as Workstation does: in a process of their own, with `connectionData` among their globals."""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from os import environ
from pathlib import Path
from typing import Any

from mstrio.connection import Connection

PATIENCE = 300.0
_LAUNCHER = """
import json, sys
source, variables, ending = json.load(sys.stdin)
variables["__name__"] = "__main__"
exec(compile(source, "script.py", "exec"), variables)
exec(compile(ending, "ending.py", "exec"), variables)
"""


def connection_data(url: str, connection: Connection) -> dict[str, Any]:
    """What Workstation hands to a script: the session of whoever runs it."""
    cookies = [{"name": name, "value": value} for name, value in connection._session.cookies.items()]
    headers = {"X-MSTR-AuthToken": connection.token}
    return {"defaultEnvironment": {"url": url, "headers": headers, "cookies": cookies}}


def run_script(source: str, ending: str = "", **variables: Any) -> str:
    """Runs a script to its end and gives what it has printed. `ending` is run behind it, on the same globals."""
    with tempfile.TemporaryDirectory() as folder:
        finished = subprocess.run(
            [sys.executable, "-c", _LAUNCHER],
            input=json.dumps([source, variables, ending]),
            capture_output=True,
            text=True,
            cwd=folder,
            timeout=PATIENCE,
        )
    assert finished.returncode == 0, f"{finished.stdout[-4000:]}\n{finished.stderr[-6000:]}"
    return finished.stdout


@cache
def public_script(path: str) -> str:
    """A script from the source archive that the runner has downloaded, e.g. `code_snippets/migration.py`."""
    archive = Path(environ["MSTRIO_SOURCES"])
    with tarfile.open(archive) as sources:
        member = sources.extractfile(f"{archive.name.removesuffix('.tar.gz')}/{path}")
        assert member is not None, path
        return member.read().decode()


def fill_in(source: str, **values: Any) -> str:
    """Puts values in the places of a script's `$placeholders`; all of them have to be given."""
    wanted = set(re.findall(r"\$([a-z]\w*)", source))
    assert wanted <= values.keys(), f"no value for {sorted(wanted - values.keys())}"
    return re.sub(r"\$([a-z]\w*)", lambda found: repr(values[found.group(1)]), source)
