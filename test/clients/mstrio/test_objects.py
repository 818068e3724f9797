"""Objects and folders: reading, changing, sharing, moving, deleting."""

import pytest
from mstrio.connection import Connection
from mstrio.helpers import AggregatedRights, IServerError, Rights
from mstrio.object_management import (
    Folder,
    Object,
    get_predefined_folder_contents,
    list_folders,
    list_objects,
)
from mstrio.object_management.folder import get_folder_id_from_path
from mstrio.object_management.predefined_folders import PredefinedFolders
from mstrio.object_management.translation import Translation, list_translations
from mstrio.types import ObjectTypes
from mstrio.users_and_groups import User

from support.known import (
    ADMINISTRATOR,
    EVERYONE,
    FOLDER,
    METRIC,
    PROFIT,
    PROJECT,
    PROJECT_NAME,
    PUBLIC_OBJECTS,
    SALES_BY_REGION,
    YEAR,
)
from servers import Witness


def stored(witness: Witness, type: int, id: str) -> dict:
    found = witness.object(type, id, PROJECT)
    assert found is not None
    return found


def test_every_field_of_an_object(dev: Connection, dev_witness: Witness) -> None:
    year = Object(dev, ObjectTypes.ATTRIBUTE, YEAR)
    line = stored(dev_witness, 12, YEAR)
    assert (year.name, year.version, year.description or "") == (line["name"], line["version"], line["description"])
    assert year.owner.id == line["ownerId"]
    assert year.ancestors[-1]["level"] == 1 or year.ancestors[0]["level"] == 1
    assert year.folder_id == line["parentId"]
    assert year.location.startswith(f"/{PROJECT_NAME}/")
    assert {(ace.trustee_id, int(ace.rights.value) & 255, ace.deny) for ace in year.acl} == {
        (ace["trusteeId"], ace["rights"] & 255, ace["deny"]) for ace in line["acl"]
    }
    assert year.list_properties()["id"] == YEAR


def test_an_object_that_is_not_there(dev: Connection) -> None:
    with pytest.raises(IServerError) as refused:
        Object(dev, ObjectTypes.METRIC, "0" * 32)
    assert refused.value.http_code == 404


def test_changing_an_object(dev: Connection, dev_witness: Witness) -> None:
    metric = Object(dev, ObjectTypes.METRIC, PROFIT)
    before = stored(dev_witness, METRIC, PROFIT)
    metric.alter(name="Profit (changed)", description="what is left", abbreviation="P", comments="a long story")
    after = stored(dev_witness, METRIC, PROFIT)
    assert (after["name"], after["description"], after["abbreviation"]) == ("Profit (changed)", "what is left", "P")
    assert metric.name == "Profit (changed)"
    assert after["version"] != before["version"]
    assert after["dateModified"] > before["dateModified"]
    assert after["definition"].get("expression") == before["definition"].get("expression")
    metric.alter(name=before["name"])


def test_changing_the_owner_by_login_name(dev: Connection, dev_witness: Witness) -> None:
    metric = Object(dev, ObjectTypes.METRIC, PROFIT)
    architect = User(dev, username="architect")
    metric.alter(owner="architect")
    assert stored(dev_witness, METRIC, PROFIT)["ownerId"] == architect.id
    metric.alter(owner=User(dev, id=ADMINISTRATOR))
    assert stored(dev_witness, METRIC, PROFIT)["ownerId"] == ADMINISTRATOR


def test_sharing_an_object(dev: Connection, dev_witness: Witness) -> None:
    metric = Object(dev, ObjectTypes.METRIC, PROFIT)
    analyst = User(dev, username="analyst")

    def entry() -> list[tuple[int, bool]]:
        acl = stored(dev_witness, METRIC, PROFIT)["acl"]
        return [(ace["rights"] & 255, ace["deny"]) for ace in acl if ace["trusteeId"] == analyst.id]

    metric.acl_add(rights=Rights.BROWSE | Rights.READ, trustees=analyst, denied=False)
    assert entry() == [(5, False)]
    metric.acl_alter(rights=AggregatedRights.ALL, trustees=[analyst], denied=False)
    assert entry() == [(255, False)]
    metric.acl_remove(rights=AggregatedRights.ALL, trustees=analyst.id, denied=False)
    assert entry() == []
    assert [ace.trustee_id for ace in metric.list_acl(trustee_id=EVERYONE)] == [EVERYONE]


def test_rights_of_a_user_on_objects(dev: Connection, dev_witness: Witness) -> None:
    analyst = User(dev, username="analyst")
    analyst.set_permission(permission="Full Control", to_objects=[SALES_BY_REGION], object_type=3, project=PROJECT)
    acl = stored(dev_witness, 3, SALES_BY_REGION)["acl"]
    assert [(ace["rights"] & 255, ace["deny"]) for ace in acl if ace["trusteeId"] == analyst.id] == [(255, False)]
    analyst.set_permission(permission="Default All", to_objects=[SALES_BY_REGION], object_type=3, project=PROJECT)
    acl = stored(dev_witness, 3, SALES_BY_REGION)["acl"]
    assert all(ace["trusteeId"] != analyst.id for ace in acl)


def test_certified_objects(dev: Connection) -> None:
    from mstrio.project_objects import Report

    report = Report(dev, id=SALES_BY_REGION)
    assert report.certify()
    report.fetch()
    assert report.certified_info.certified
    assert report.decertify()
    report.fetch()
    assert not report.certified_info.certified


def test_lists_of_objects(dev: Connection, dev_witness: Witness) -> None:
    listed = {found.id for found in list_objects(dev, ObjectTypes.METRIC, domain=2, project_id=PROJECT)}
    expected = {id for (type, id), found in dev_witness.dump(PROJECT).items() if type == METRIC and not found["hidden"]}
    assert listed == expected


def test_folders(dev: Connection, dev_witness: Witness) -> None:
    folder = Folder.create(dev, name="Releases", parent=PUBLIC_OBJECTS, description="what goes out")
    line = stored(dev_witness, FOLDER, folder.id)
    assert (line["name"], line["parentId"], line["description"]) == ("Releases", PUBLIC_OBJECTS, "what goes out")

    inner = Folder.create(dev, name="Autumn", parent=folder)
    assert get_folder_id_from_path(dev, f"/{PROJECT_NAME}/Public Objects/Releases/Autumn") == inner.id
    assert [sub.id for sub in folder.get_subfolders()] == [inner.id]
    assert folder.id in {found.id for found in list_folders(dev, PROJECT)}

    inner.alter(name="Spring")
    assert stored(dev_witness, FOLDER, inner.id)["name"] == "Spring"
    with pytest.raises(IServerError):
        Folder.create(dev, name="Spring", parent=folder)
    assert inner.delete(force=True)
    assert dev_witness.object(FOLDER, inner.id, PROJECT) is None
    assert folder.delete(force=True)


def test_contents_of_folders(dev: Connection, dev_witness: Witness) -> None:
    parent = stored(dev_witness, 12, YEAR)["parentId"]
    contents = {found["id"] for found in Folder(dev, id=parent).get_contents(to_dictionary=True)}
    expected = {id for (_, id), found in dev_witness.dump(PROJECT).items() if found["parentId"] == parent}
    assert contents == expected
    names = {found["name"] for found in get_predefined_folder_contents(dev, PredefinedFolders.ROOT, to_dictionary=True)}
    assert "Public Objects" in names


def test_copying_moving_and_deleting(dev: Connection, dev_witness: Witness) -> None:
    from mstrio.project_objects import Report

    folder = Folder.create(dev, name="Copies", parent=PUBLIC_OBJECTS)
    report = Report(dev, id=SALES_BY_REGION)
    copy = report.create_copy(name="Sales by Region, copied", folder_id=folder.id)
    line, original = stored(dev_witness, 3, copy.id), stored(dev_witness, 3, SALES_BY_REGION)
    assert (line["name"], line["parentId"], line["uses"]) == ("Sales by Region, copied", folder.id, original["uses"])

    copy.move(folder=PUBLIC_OBJECTS)
    assert stored(dev_witness, 3, copy.id)["parentId"] == PUBLIC_OBJECTS
    assert copy.delete(force=True)
    assert dev_witness.object(3, copy.id, PROJECT) is None


def test_an_object_that_is_used_is_not_deleted(dev: Connection, dev_witness: Witness) -> None:
    with pytest.raises(IServerError) as refused:
        Object(dev, ObjectTypes.ATTRIBUTE, YEAR).delete(force=True)
    assert 400 <= refused.value.http_code < 500
    assert dev_witness.object(12, YEAR, PROJECT) is not None


def test_translations(dev: Connection, dev_witness: Witness) -> None:
    def german() -> str | None:
        return stored(dev_witness, 12, YEAR)["translations"].get("1:0:", {}).get("1031")

    assert german() == "Jahr"
    listed = list_translations(dev, id=YEAR, object_type=ObjectTypes.ATTRIBUTE, project_id=PROJECT)
    name = next(translation for translation in listed if translation.translation_target_id == "1:0:")
    texts = {value.language_lcid: value.value for value in name.translation_values}
    assert texts["1031"] == "Jahr"

    place = {"id": YEAR, "object_type": ObjectTypes.ATTRIBUTE, "project_id": PROJECT}
    Translation.alter_translation(dev, **place, translations=[Translation.OperationData(1031, "1:0:", "Kalenderjahr")])
    assert german() == "Kalenderjahr"
    Translation.remove_translation(dev, **place, translations=[Translation.OperationData(1031, "1:0:")])
    assert german() is None
    Translation.add_translation(dev, **place, translations=[Translation.OperationData(1031, "1:0:", "Jahr")])
    assert german() == "Jahr"
