"""Puts ids of objects that exist in the places of generated ones, so that requests reach what lies behind a 404.

The choice is made from the generated value alone: the same input in every run.
"""

import zlib
from collections.abc import Mapping
from typing import Any

from servers import Witness

PROJECT = "B19DEDCC11D4E0EFC000EB9495D0F44F"
_FILES = "/mstrServices/library/storage/sharedFileStore/files"
_ID_KEYS = frozenset(
    "id objectId projectId packageId folderId ownerId parent parentId location root trustee userId memberIds".split()
)


class Known:
    """Ids of what the server holds, by the word before them in a path."""

    def __init__(self, witness: Witness) -> None:
        objects = [*witness.dump(PROJECT).values(), *witness.dump().values()]
        self._types = sorted({line["type"] for line in objects})
        self._any = sorted(line["id"] for line in objects)[::11]
        by_type = {type: sorted(line["id"] for line in objects if line["type"] == type) for type in self._types}
        self._type_of = {line["id"]: line["type"] for line in objects}
        self._by_word = {
            "objects": self._any,
            "folders": by_type[8],
            "projects": [PROJECT],
            "users": sorted(line["id"] for line in objects if line["subtype"] == 8704),
            "usergroups": sorted(line["id"] for line in objects if line["subtype"] == 8705),
            "securityRoles": by_type[44],
            "searchObjects": by_type[39],
            "attributes": by_type[12],
            "facts": by_type[13],
            "metrics": by_type[4],
            "filters": by_type[1],
            "tables": by_type[15],
            "hierarchies": by_type[14],
            "reports": by_type[3],
            "languages": by_type[45],
            "preDefined": ["1", "7", "39"],
            "privileges": ["295", "296"],
            "migrations": [],
            "packages": [],
            "imports": [],
            "files": [],
        }

    def learn(self, witness: Witness) -> None:
        """Migrations and files come into being only while the server is used."""
        migrations = witness.listed()
        self._by_word["migrations"] = migrations
        self._by_word["packages"] = [id.split(":")[0] for id in migrations]
        self._by_word["imports"] = [id.split(":")[1] for id in migrations]
        files = witness.get(_FILES, params={"type": "migrations.packages"})["data"]
        self._by_word["files"] = [file["id"] for file in files]

    def in_path(self, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a path such as `/api/users/{id}`, two out of three of them real."""
        segments = path.split("/")
        real = dict(parameters)
        for name, value in parameters.items():
            word = segments[segments.index(f"{{{name}}}") - 1]
            pool = self._by_word.get(word) or self._any
            if _choice(value) % 3 != 0:
                real[name] = pool[_choice(value) % len(pool)]
        return real

    def type_of(self, id: Any) -> int | None:
        return self._type_of.get(id) if isinstance(id, str) else None

    def in_body(self, body: Any) -> Any:
        """A body with half of its ids real, and objects that are named by id and type with the type they have."""
        if isinstance(body, list):
            return [self.in_body(element) for element in body]
        if not isinstance(body, dict):
            return body
        changed = {key: self._field(key, value) for key, value in body.items()}
        type = self.type_of(changed.get("id"))
        return {**changed, "type": type} if type is not None and "type" in changed else changed

    def _field(self, key: str, value: Any) -> Any:
        if key in _ID_KEYS and isinstance(value, str) and _choice(value) % 2:
            pool = self._by_word["projects"] if key == "projectId" else self._any
            return pool[_choice(value) % len(pool)]
        return self.in_body(value)


def _choice(value: Any) -> int:
    return zlib.crc32(repr(value).encode(errors="replace"))
