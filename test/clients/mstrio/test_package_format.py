"""Whether somebody who has only docs/package-format.md can read what the server writes."""

import json

import pytest
from mstrio.connection import Connection
from mstrio.types import ObjectTypes

from servers import Environments, Witness
from support.known import CO2_PER_ORDER, PROJECT
from support.package_reader import NotReadable, PackageFile, body_hash, read_package
from support.packages import entry, migrated, package, reversed_


@pytest.fixture(scope="module")
def package_bytes(dev: Connection, environments: Environments) -> bytes:
    made = package(dev, [entry(ObjectTypes.METRIC, CO2_PER_ORDER, needs=True)], name="read by others")
    return (environments.dev.storage / made.package_info.storage.path).read_bytes()


@pytest.fixture(scope="module")
def read(package_bytes: bytes) -> PackageFile:
    return read_package(package_bytes)


def test_the_manifest_says_what_the_package_is(read: PackageFile) -> None:
    manifest = read.manifest
    assert (manifest["kind"], manifest["type"], manifest["purpose"]) == ("package", "project", "object_migration")
    assert (manifest["name"], manifest["project"]["id"]) == ("read by others", PROJECT)
    assert manifest["settings"]["defaultAction"] == "replace"


def test_the_objects_are_those_of_the_source(read: PackageFile, dev_witness: Witness) -> None:
    packed = [entry for entry in read.entries if entry.header["role"] in ("content", "dependent")]
    assert (4, CO2_PER_ORDER) in {(entry.header["type"], entry.header["id"]) for entry in packed}
    assert len(packed) > 5
    for entry in packed:
        source = dev_witness.object(entry.header["type"], entry.header["id"], PROJECT)
        assert json.loads(entry.definition) == source["definition"]
        assert json.loads(entry.header["translations"]) == source["translations"]
        for key in ("name", "version", "parentId", "ownerId", "dateModified", "acl"):
            assert entry.header[key] == source[key], (key, source["name"])


def test_the_hash_of_each_object_is_the_documented_one(read: PackageFile) -> None:
    for entry in read.entries:
        assert entry.header["bodyHash"] == ("" if entry.header["absent"] else body_hash(entry))


def test_everything_that_an_object_needs_is_named_in_its_header(read: PackageFile) -> None:
    for entry in read.entries:
        named = {reference["id"] for reference in entry.header["references"]}
        assert ids_under(json.loads(entry.definition)) - {entry.header["id"]} <= named


def ids_under(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(ids_under, value))
    if not isinstance(value, dict):
        return set()
    own = {value["objectId"]} if isinstance(value.get("objectId"), str) else set()
    return own.union(*map(ids_under, value.values()))


@pytest.mark.parametrize("place", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_no_byte_changes_unseen(package_bytes: bytes, place: float) -> None:
    at = int(len(package_bytes) * place)
    changed = package_bytes[:at] + bytes([package_bytes[at] ^ 1]) + package_bytes[at + 1 :]
    with pytest.raises((NotReadable, ValueError, OSError)):
        read_package(changed)


def test_an_undo_package_is_of_the_same_form(dev: Connection, prod: Connection, environments: Environments) -> None:
    there = migrated(package(dev, [entry(ObjectTypes.METRIC, CO2_PER_ORDER, needs=True)]), prod)
    undo = read_package((environments.prod.storage / there.import_info.undo_storage.path).read_bytes())
    assert (undo.manifest["kind"], undo.manifest["purpose"]) == ("undo", "undo")
    assert undo.manifest["importId"] == there.import_info.id
    assert {entry.header["op"] for entry in undo.entries} <= {"delete", "restore"}
    assert any(entry.header["op"] == "delete" and entry.header["id"] == CO2_PER_ORDER for entry in undo.entries)
    assert all(entry.definition == "null" for entry in undo.entries if entry.header["op"] == "delete")
    reversed_(there, prod)
