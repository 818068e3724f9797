"""Choosing content: what may be in a package, and configurations built from searches."""

from mstrio.connection import Connection
from mstrio.object_management import Object, SearchObject, full_search
from mstrio.object_management.migration import (
    Action,
    Migration,
    PackageConfig,
    PackageType,
    list_migration_possible_content,
)
from mstrio.types import ObjectSubTypes, ObjectTypes

from support.known import CO2_PER_ORDER, HALF_YEAR, PROJECT, SEARCH_FOR_FORECASTS, YEAR
from support.packages import entry, settings
from servers import Witness
from support.waiting import created


def test_what_packages_may_hold(dev: Connection) -> None:
    objects = list_migration_possible_content(dev, PackageType.OBJECT)
    assert {ObjectTypes.FACT, ObjectTypes.SCRIPT, ObjectSubTypes.ATTRIBUTE} - set(objects) <= {ObjectTypes.SCRIPT}
    administration = list_migration_possible_content(dev, PackageType.ADMINISTRATION)
    assert {ObjectSubTypes.USER, ObjectTypes.SECURITY_ROLE, ObjectTypes.CALENDAR} - set(administration) <= {
        ObjectTypes.CALENDAR
    }


def test_everything_that_may_be_packed_is_found_and_can_be_packed(dev: Connection, dev_witness: Witness) -> None:
    found = full_search(dev, PROJECT, object_types=list_migration_possible_content(dev, PackageType.OBJECT))
    assert len(found) > 400
    config = Migration.build_package_config(dev, found, settings())
    migration = created(Migration.create_object_migration(dev, config, name="all", project_id=PROJECT))
    record = dev_witness.record(migration.id)
    assert {item["id"] for item in record["packageInfo"]["tocView"]["content"]} >= {item["id"] for item in found}


def test_a_configuration_from_search_results(dev: Connection) -> None:
    types = [ObjectTypes.ATTRIBUTE, ObjectTypes.METRIC]
    results = full_search(dev, PROJECT, object_types=types, name="Year")
    assert any(result["id"] == YEAR for result in results)
    config = Migration.build_package_config(
        dev,
        results,
        settings(Action.USE_EXISTING),
        object_action_map=[(ObjectTypes.METRIC, Action.USE_OLDER), (ObjectTypes.ATTRIBUTE, Action.USE_NEWER)],
        object_dependents_map=[(ObjectTypes.ATTRIBUTE, True)],
    )
    for item in config.to_dict()["content"]:
        is_attribute = item["type"] == 12
        assert item["action"] == ("use_newer" if is_attribute else "use_older")
        assert item["includeDependents"] is is_attribute


def test_a_configuration_from_a_saved_search(dev: Connection, dev_witness: Witness) -> None:
    search = SearchObject(dev, id=SEARCH_FOR_FORECASTS)
    config = Migration.build_package_config(dev, search, settings(), default_action=Action.FORCE_REPLACE)
    assert {info.id for info in config.content} == {found.id for found in search.run()}
    migration = created(Migration.create_object_migration(dev, config, name="forecasts", project_id=PROJECT))
    content = dev_witness.record(migration.id)["packageInfo"]["tocView"]["content"]
    assert {item["id"]: item["action"] for item in content} == {info.id: "force_replace" for info in config.content}


def test_a_configuration_from_objects_and_dictionaries(dev: Connection) -> None:
    attribute = Object(dev, ObjectTypes.ATTRIBUTE, HALF_YEAR)
    config = Migration.build_package_config(dev, [attribute, {"id": CO2_PER_ORDER, "type": 4}], settings())
    assert [(info.id, int(info.type.value)) for info in config.content] == [(HALF_YEAR, 12), (CO2_PER_ORDER, 4)]


def test_one_object_without_a_list(dev: Connection, dev_witness: Witness) -> None:
    config = PackageConfig(settings(), entry(ObjectTypes.ATTRIBUTE, HALF_YEAR))
    migration = created(Migration.create_object_migration(dev, config, project_id=PROJECT))
    assert [item["id"] for item in dev_witness.record(migration.id)["packageInfo"]["tocView"]["content"]] == [HALF_YEAR]
    assert migration.package_info.name
