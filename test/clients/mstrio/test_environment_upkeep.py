"""What an administrator looks after beside migrations: languages, and the change journal."""

from datetime import datetime, timezone

from mstrio.connection import Connection
from mstrio.server.change_journal import purge_change_journal_entries
from mstrio.server.language import Language, list_languages
from mstrio.object_management import Object

from servers import Witness
from support.known import PROFIT, PROJECT

FRENCH = 1036


def test_a_language_is_added_dressed_and_deleted(dev: Connection) -> None:
    before = {language.id for language in list_languages(dev)}
    language = Language.create(dev, "French of the office", base_language=FRENCH)
    assert language.formatting_settings.day == "M/d"
    assert {found.id for found in list_languages(dev)} == before | {language.id}

    formats = Language.TimeInterval(
        minutes15="HH:mm",
        minutes30="HH:mm",
        hour="HH:mm",
        day="d/M",
        week="d/M",
        hour_of_day="HH:mm",
        month="MMM",
        quarter="qqq",
        year="yyyy",
    )
    language.alter(name="French", comments="For the office in Lyon", formatting_settings=formats)
    again = Language(dev, id=language.id)
    assert (again.name, again.formatting_settings.day, again.formatting_settings.hour_of_day) == ("French", "d/M", "HH:mm")

    assert again.delete(force=True)
    assert {found.id for found in list_languages(dev)} == before


def test_the_change_journal_is_purged(dev: Connection, dev_witness: Witness) -> None:
    metric = Object(dev, 4, PROFIT)
    metric.alter(description="changed for the journal", journal_comment="first")
    assert journalled(dev_witness)
    long_ago = datetime(2001, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    purge_change_journal_entries(dev, projects=[PROJECT], timestamp=long_ago)
    assert journalled(dev_witness)
    purge_change_journal_entries(dev, projects=[PROJECT], comment="spring cleaning")
    assert not journalled(dev_witness)


def journalled(witness: Witness) -> bool:
    page = witness.get("/longshore/journal", params={"objectId": PROFIT})
    return page["total"] > 0
