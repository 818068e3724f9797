"""A reader of package files, written from docs/package-format.md alone: it shares nothing with the server's own."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pyarrow

BLOCK = 512
LARGEST_CHUNK = 4 * 1024 * 1024


class NotReadable(Exception):
    """The bytes are not a package file of format version 1."""


@dataclass(frozen=True)
class Entry:
    """One object: its header line, and the text of its definition line."""

    header: dict[str, Any]
    definition: str


@dataclass(frozen=True)
class PackageFile:
    manifest: dict[str, Any]
    entries: list[Entry]


def read_package(data: bytes) -> PackageFile:
    members = _members(data)
    names = [name for name, _ in members]
    chunks = [f"objects/{number:06}.ndjson.zst" for number in range(1, len(members) - 1)]
    _must(names == ["manifest.json", *chunks, "digests.json"], f"the members are {names}")
    contents = dict(members)
    manifest = json.loads(contents["manifest.json"])
    _must(manifest["formatVersion"] == 1, f"the format version is {manifest['formatVersion']}")
    digests = json.loads(contents["digests.json"])
    _must(_canonical(digests) == contents["digests.json"], "the digests are not in canonical form")
    _must([member["name"] for member in digests["members"]] == names[:-1], "the digests name other members")
    entries: list[Entry] = []
    for member in digests["members"]:
        content = contents[member["name"]]
        _must(len(content) == member["bytes"], f"{member['name']} has another size")
        _must(hashlib.sha256(content).hexdigest() == member["sha256"], f"{member['name']} has another digest")
        if member["name"] != "manifest.json":
            entries += _objects(member, content)
    total = {
        "bytes": sum(member["bytes"] for member in digests["members"]),
        "objects": len(entries),
        "rawBytes": sum(member.get("rawBytes", 0) for member in digests["members"]),
    }
    _must(digests["total"] == total, f"the totals are {digests['total']}, not {total}")
    return PackageFile(manifest, entries)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    members: list[tuple[str, bytes]] = []
    at = 0
    while data[at : at + BLOCK] != bytes(BLOCK):
        header = data[at : at + BLOCK]
        _must(len(header) == BLOCK, "the file is cut short")
        name = header[:100].rstrip(b"\0").decode("ascii")
        size = int(header[124:135], 8)
        _must(header == _tar_header(name, size), f"the header of {name} has another form")
        content = data[at + BLOCK : at + BLOCK + size]
        padding = -size % BLOCK
        end = at + BLOCK + size + padding
        _must(data[at + BLOCK + size : end] == bytes(padding), f"{name} is not filled up with zeros")
        members.append((name, content))
        at = end
    _must(data[at:] == bytes(2 * BLOCK), "the file does not end with 1024 zero bytes")
    return members


def _tar_header(name: str, size: int) -> bytes:
    number = b"0000000\0"
    fields = [name.encode("ascii").ljust(100, b"\0"), b"0000644\0", number, number, b"%011o\0" % size, b"07033241600\0"]
    rest = b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(64) + number + number + bytes(167)
    start = b"".join(fields)
    checksum = sum(start) + sum(b" " * 8) + sum(rest)
    return start + b"%06o\0 " % checksum + rest


def _objects(member: dict[str, Any], content: bytes) -> list[Entry]:
    name = member["name"]
    _must(member["rawBytes"] <= 200 * len(content) + 64 * 1024, f"{name} inflates too far")
    raw = pyarrow.CompressedInputStream(pyarrow.BufferReader(content), "zstd").read()
    _must(len(raw) == member["rawBytes"], f"{name} inflates to another size")
    _must(raw.endswith(b"\n"), f"{name} does not end with a line end")
    lines = raw.decode("utf-8").split("\n")[:-1]
    _must(all(lines) and len(lines) % 2 == 0, f"{name} has empty lines, or half an object")
    entries = [Entry(json.loads(lines[i]), lines[i + 1]) for i in range(0, len(lines), 2)]
    _must(1 <= len(entries) <= 5000 and len(entries) == member["objects"], f"{name} has another number of objects")
    _must(len(raw) <= LARGEST_CHUNK or len(entries) == 1, f"{name} is too large")
    return entries


def body_hash(entry: Entry) -> str:
    """The `bodyHash` that an object's header must have."""
    text = "\n".join([entry.definition, entry.header["translations"], entry.header["uses"]])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise NotReadable(what)
