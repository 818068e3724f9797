"""Finding what is to be moved: quick and full searches, saved searches, dependencies in both directions."""

import json
import re
from datetime import datetime

import pytest
from mstrio.connection import Connection
from mstrio.object_management import (
    Object,
    SearchDomain,
    SearchObject,
    SearchPattern,
    full_search,
    list_search_objects,
    quick_search,
)
from mstrio.object_management.search_operations import DateQuery
from mstrio.types import ObjectSubTypes, ObjectTypes

from support.known import (
    CO2_PER_ORDER,
    HALF_YEAR,
    METRIC,
    PROJECT,
    QUARTER,
    SEARCH_FOR_FORECASTS,
    SEARCH_FOR_SALES_METRICS,
    USER,
    YEAR,
)
from servers import Dump, Witness


@pytest.fixture(scope="module")
def content(dev_witness: Witness) -> Dump:
    return dev_witness.dump(PROJECT)


def found_ids(results: list[dict]) -> set[str]:
    return {result["id"] for result in results}


def visible(content: Dump, *types: int) -> set[str]:
    return {id for (type, id), found in content.items() if type in types and not found["hidden"]}


def test_full_search_by_type_finds_every_object(dev: Connection, content: Dump) -> None:
    results = full_search(dev, PROJECT, object_types=[ObjectTypes.METRIC])
    assert found_ids(results) == visible(content, METRIC)
    assert all(result["type"] == METRIC for result in results)


def test_full_search_by_name(dev: Connection, content: Dump) -> None:
    expected = {id for (_, id), found in content.items() if "half year" in found["name"].lower() and not found["hidden"]}
    assert found_ids(full_search(dev, PROJECT, name="Half Year")) == expected
    exact = full_search(dev, PROJECT, name="Half Year", pattern=SearchPattern.EXACTLY)
    assert {(result["id"], result["type"]) for result in exact} == {(HALF_YEAR, 12)}


def test_types_and_subtypes_together_and_twice(dev: Connection, content: Dump) -> None:
    types = [ObjectTypes.ATTRIBUTE, ObjectSubTypes.METRIC, ObjectSubTypes.METRIC, ObjectTypes.ATTRIBUTE]
    expected = visible(content, 12) | {
        id for (_, id), found in content.items() if found["subtype"] == 1024 and not found["hidden"]
    }
    assert found_ids(full_search(dev, PROJECT, object_types=types)) == expected


def test_full_search_as_objects_has_their_fields(dev: Connection, content: Dump) -> None:
    [year] = full_search(
        dev, PROJECT, name="Year", pattern=SearchPattern.EXACTLY, object_types=[ObjectTypes.ATTRIBUTE],
        to_dictionary=False,
    )  # fmt: skip
    stored = content[(12, YEAR)]
    assert (year.id, year.name, year.version) == (YEAR, stored["name"], stored["version"])
    assert year.owner.id == stored["ownerId"]


def test_full_search_below_a_folder(dev: Connection, content: Dump) -> None:
    folder = content[(12, HALF_YEAR)]["parentId"]
    below = full_search(dev, PROJECT, root=folder)
    expected = {id for (_, id), found in content.items() if found["parentId"] == folder}
    assert found_ids(below) - {folder} == expected


def test_objects_changed_since_a_day(dev: Connection, content: Dump) -> None:
    since = datetime(2022, 6, 1)
    results = full_search(dev, PROJECT, begin_modification_time=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
    expected = {
        id
        for (_, id), found in content.items()
        if datetime.fromisoformat(found["dateModified"]).replace(tzinfo=None) >= since and not found["hidden"]
    }
    assert expected and found_ids(results) == expected


def test_what_an_object_needs_and_what_needs_it(dev: Connection, content: Dump) -> None:
    metric = Object(dev, ObjectTypes.METRIC, CO2_PER_ORDER)
    needs = set(re.findall(r'"objectId": "([0-9A-F]{32})"', json.dumps(content[(METRIC, CO2_PER_ORDER)]["definition"])))
    needs -= {CO2_PER_ORDER}
    assert len(needs) > 1
    assert needs <= found_ids(metric.list_dependencies(to_dictionary=True))
    [one, *_] = sorted(needs)
    component = next(found for (_, id), found in content.items() if id == one)
    users = Object(dev, ObjectTypes(component["type"]), one).list_dependents(to_dictionary=True)
    assert CO2_PER_ORDER in found_ids(users)


def test_recursion_reaches_what_the_needed_objects_need(dev: Connection) -> None:
    direct = full_search(dev, PROJECT, used_by_object_id=YEAR, used_by_object_type=ObjectTypes.ATTRIBUTE)
    deep = full_search(
        dev, PROJECT, used_by_object_id=YEAR, used_by_object_type=ObjectTypes.ATTRIBUTE, used_by_recursive=True
    )
    assert found_ids(direct) < found_ids(deep)


def test_quick_search(dev: Connection, content: Dump) -> None:
    found = quick_search(dev, PROJECT, name="Half Year", pattern=SearchPattern.EXACTLY)
    assert found_ids(found) == {HALF_YEAR}
    metrics = quick_search(dev, PROJECT, object_types=[ObjectTypes.METRIC], limit=10)
    assert len(metrics) == 10
    with_ancestors = quick_search(
        dev, PROJECT, name="Half Year", pattern=SearchPattern.EXACTLY, get_ancestors=True
    )
    assert [a["id"] for a in with_ancestors[0]["ancestors"]][-1:] != []


def test_a_saved_search_runs(dev: Connection, content: Dump) -> None:
    search = SearchObject(dev, id=SEARCH_FOR_FORECASTS)
    assert search.name == "Search for forecasts"
    found = search.run(to_dictionary=True)
    assert found
    for result in found:
        assert "forecast" in result["name"].lower()
        assert result["type"] in (3, 4)


def test_a_saved_search_below_its_folder(dev: Connection, content: Dump) -> None:
    search = SearchObject(dev, id=SEARCH_FOR_SALES_METRICS)
    folder = content[(39, SEARCH_FOR_SALES_METRICS)]["definition"]["rootFolder"]["objectId"]
    expected = {id for (type, id), found in content.items() if type == METRIC and found["parentId"] == folder}
    assert expected <= {found.id for found in search.run()}


def test_saved_searches_are_listed(dev: Connection) -> None:
    names = {search.name for search in list_search_objects(dev, project=PROJECT)}
    assert {"Search for forecasts", "Search for sales metrics"} <= names


def test_configuration_objects_are_found(dev: Connection, dev_witness: Witness) -> None:
    users = full_search(dev, domain=SearchDomain.CONFIGURATION, object_types=[ObjectSubTypes.USER])
    expected = {id for (type, id), user in dev_witness.dump().items() if type == USER and user["subtype"] == 8704}
    assert found_ids(users) == expected


def test_the_life_of_a_saved_search(dev: Connection, dev_witness: Witness, content: Dump) -> None:
    folder = content[(12, HALF_YEAR)]["parentId"]
    search = SearchObject.create(
        dev,
        name="Half years",
        name_query="half year",
        root_folder_query=folder,
        object_types_query=[ObjectTypes.ATTRIBUTE],
        include_hidden=False,
        include_subfolders=True,
    )
    assert {found.id for found in search.run()} == {HALF_YEAR}
    saved = dev_witness.object(39, search.id, PROJECT)
    assert saved is not None and saved["definition"]["types"] == ["attribute"]

    search.alter(name_query="quarter", root_folder_query=content[(12, YEAR)]["parentId"])
    assert QUARTER in {found.id for found in search.run()}
    search.alter(date_modified_query=DateQuery(begin_time=datetime(2022, 1, 1), end_time=datetime(2099, 1, 1)))
    modified = dev_witness.object(12, QUARTER, PROJECT)["dateModified"] >= "2022"
    assert (QUARTER in {found.id for found in search.run()}) == modified

    assert SearchObject(dev, name="Half years").id == search.id
    assert search.delete(force=True)
    assert dev_witness.object(39, search.id, PROJECT) is None
