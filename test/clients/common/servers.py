"""Two Longshore servers, as `longshore serve` runs them, and a witness that looks at them past the client under test."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).resolve().parents[3]
PASSWORD = "a conformance password"
PATIENCE = 60.0

Dump = dict[tuple[int, str], dict[str, Any]]


class Server:
    """One environment: a process, its address, and an administrator's own view of what it holds."""

    def __init__(self, name: str, folder: Path, sample: str | None) -> None:
        self.name = name
        self.log_file = folder / f"{name}.log"
        self.data = folder / name
        self.storage = folder / "storage"
        self._sample = sample
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> None:
        arguments = [
            os.environ.get("LONGSHORE_NODE", "node"),
            str(REPOSITORY / "packages/cli/bin/longshore.js"),
            "serve",
            *("--name", self.name, "--host", "127.0.0.1", "--port", "0"),
            *("--data", str(self.data), "--storage", str(self.storage)),
            *("--admin-password", PASSWORD, "--log-level", "warn"),
            *(("--sample", self._sample) if self._sample else ()),
        ]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"Library URL +(\S+)", self.log())):
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{self.log()}")
            time.sleep(0.05)
        self.url = found.group(1)

    @property
    def address(self) -> str:
        """The same server without the path of the Library."""
        return self.url.removesuffix("/MicroStrategyLibrary")

    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._process = None

    def witness(self) -> "Witness":
        return Witness(self)


class Witness:
    """An administrator's plain HTTP session. It shares nothing with the client under test."""

    def __init__(self, server: Server, username: str = "Administrator", password: str = PASSWORD) -> None:
        self._base = f"{server.url}/api"
        self._session = requests.Session()
        answer = self._session.post(f"{self._base}/auth/login", json={"username": username, "password": password})
        answer.raise_for_status()
        self._session.headers["X-MSTR-AuthToken"] = answer.headers["X-MSTR-AuthToken"]

    @property
    def token(self) -> str:
        return str(self._session.headers["X-MSTR-AuthToken"])

    def call(self, method: str, path: str, project: str | None = None, **options: Any) -> requests.Response:
        headers = {"X-MSTR-ProjectID": project} if project else {}
        return self._session.request(method, f"{self._base}{path}", headers=headers, **options)

    def get(self, path: str, project: str | None = None, **options: Any) -> Any:
        answer = self.call("GET", path, project, **options)
        assert answer.ok, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def load(self, *lines: dict[str, Any]) -> None:
        """Loads objects in the format of the dump."""
        body = "".join(json.dumps(line) + "\n" for line in lines)
        answer = self._session.post(
            f"{self._base}/longshore/metadata",
            data=body.encode(),
            headers={"Content-Type": "application/x-ndjson"},
        )
        assert answer.ok, f"load: {answer.status_code} {answer.text}"

    def dump_text(self, project: str | None = None) -> str:
        """Everything in a project, or in the whole environment, byte for byte."""
        answer = self.call("GET", "/longshore/metadata", params={"projectId": project} if project else {})
        answer.raise_for_status()
        return answer.text

    def dump(self, project: str | None = None) -> Dump:
        """The same, object by object: `(type, id)` to the object."""
        lines = (json.loads(line) for line in self.dump_text(project).splitlines())
        return {(line["type"], line["id"]): line for line in lines if line["kind"] == "object"}

    def object(self, type: int, id: str, project: str | None = None) -> dict[str, Any] | None:
        return self.dump(project).get((type, id))

    def record(self, migration_id: str) -> dict[str, Any] | None:
        """This environment's record of a migration, None when it has none."""
        answer = self.call("GET", f"/migrations/{migration_id}", params={"showContent": "all"})
        if answer.status_code == 404:
            return None
        assert answer.ok, answer.text
        return answer.json()

    def listed(self) -> list[str]:
        """Ids of all migrations that this environment lists."""
        purposes = "object_migration,project_merge,migration_from_shared_file_store"
        answer = self.get("/migrations", params={"packageInfo.purpose": purposes, "limit": 1000})
        return [record["id"] for record in answer["data"]]


class Environments:
    """Development with the Tutorial project, production with an older state of it, one shared file store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dev = Server("dev", folder, "tutorial")
        self.prod = Server("prod", folder, "tutorial-prod")

    def __enter__(self) -> "Environments":
        self.dev.start()
        self.prod.start()
        self.dev.wait_until_ready()
        self.prod.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.dev.stop()
        self.prod.stop()
