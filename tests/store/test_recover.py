"""Records that a database has lost come back whole and once, or not at all."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.kernel.outcome import Outcome
from shared.store import timers as due
from shared.store.database import Database
from shared.store.handle import Handler
from shared.store.journal import Written
from shared.store.recover import NotRecovered, last_written, recover
from tests.store import till
from tests.store.lost import bodies, code, commands, give, made, records, timers, views
from tests.store.till import AT, asked, closing

BEFORE = (asked("a", 7), asked("b", 2, stream="t2"))
AFTER = (
    asked("c", 3),
    asked("d", 7, stream="t3"),
    asked("e", 1000),
    asked("f", 1000, stream="nowhere"),
    closing("g", stream="t2"),
)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'whole.db'}")
    give(made(database), *BEFORE, *AFTER)
    yield database
    database.close()


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Handler]:
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    yield made(database)
    database.close()


@pytest.fixture
def older(restored: Handler) -> Handler:
    """Return the till as it was before the last commands, made of the same random bytes."""
    give(restored, *BEFORE)
    return restored


def test_what_was_lost_is_there_again_as_it_was(whole: Database, older: Handler) -> None:
    recover(older.means, records(whole, 3))

    assert bodies(records(older.means.database)) == bodies(records(whole))
    assert views(older.means.database) == views(whole)
    assert timers(older.means.database) == timers(whole)
    assert commands(older.means.database) == commands(whole)


def test_everything_comes_back_into_an_empty_database(whole: Database, restored: Handler) -> None:
    recover(restored.means, records(whole))

    assert bodies(records(restored.means.database)) == bodies(records(whole))
    assert commands(restored.means.database) == commands(whole)
    assert views(restored.means.database) == views(whole)


def test_it_goes_on_where_the_ledger_ends(whole: Database, older: Handler) -> None:
    recover(older.means, records(whole, 3))

    (gone_on,) = give(older, asked("h", 4))

    assert [event.position for event in gone_on.events] == [len(records(whole)) + 1]
    assert records(older.means.database)[-1].record.version == 4


def test_a_command_given_again_gets_the_outcome_that_it_had(whole: Database, older: Handler) -> None:
    before = give(made(whole), *AFTER)
    recover(older.means, records(whole, 3))

    after = give(older, *AFTER)

    def without_words(item: Outcome) -> Outcome:
        refusal = item.refusal
        told = refusal and refusal.model_copy(update={"zh": "", "en": "", "article": ""})
        return item.model_copy(update={"refusal": told})

    assert [without_words(item) for item in after] == [without_words(item) for item in before]
    assert len(records(older.means.database)) == len(records(whole))


def test_another_body_under_a_used_id_is_not_executed(whole: Database, older: Handler) -> None:
    recover(older.means, records(whole, 3))

    (same_stream,) = give(older, asked("c", 50))
    (elsewhere,) = older.handle([asked("c", 3, stream="t9")])

    assert [event.position for event in same_stream.events] == [3]
    assert code(elsewhere) == "command_id_reused"
    assert len(records(older.means.database)) == len(records(whole))


def test_a_timer_that_was_set_after_the_backup_fires_and_one_that_had_fired_does_nothing(
    whole: Database, older: Handler
) -> None:
    later = AT.replace(year=2027)
    fired = due.claim(whole, later)
    made(whole).handle([item.arrival for item in fired if item.arrival.stream == "t1"])
    recover(older.means, records(whole, 3))
    count = len(records(older.means.database))

    results = older.handle([item.arrival for item in due.claim(older.means.database, later)])

    assert sorted(event.type for item in results if isinstance(item, Outcome) for event in item.events) == [
        "till.till_closed.v1",
        "till.till_closed.v1",
    ]
    assert len(records(older.means.database)) == count + 1


def swapped(missing: list[Written]) -> list[Written]:
    return [missing[1], missing[0], *missing[2:]]


def forged(missing: list[Written]) -> list[Written]:
    raw = missing[0].record.raw.replace(b'"fen":3', b'"fen":4')
    return [replace(missing[0], record=missing[0].record._replace(raw=raw)), *missing[1:]]


def of_another(missing: list[Written]) -> list[Written]:
    return [replace(missing[0], leaf=missing[1].leaf), *missing[1:]]


def later_version(missing: list[Written]) -> list[Written]:
    return [replace(missing[0], record=missing[0].record._replace(version=3)), *missing[1:]]


@pytest.mark.parametrize(
    "spoil", [swapped, forged, of_another, later_version, lambda missing: missing[1:]], ids=lambda one: one.__name__
)
def test_what_is_not_shown_to_follow_is_not_written(
    whole: Database, older: Handler, spoil: Callable[[list[Written]], list[Written]]
) -> None:
    before = bodies(records(older.means.database)), views(older.means.database), timers(older.means.database)

    with pytest.raises(NotRecovered):
        recover(older.means, spoil(records(whole, 3)))

    assert (bodies(records(older.means.database)), views(older.means.database), timers(older.means.database)) == before


def test_a_stream_under_a_key_that_was_lost_is_not_brought_back(tmp_path: Path, older: Handler) -> None:
    database = Database(f"sqlite:///{tmp_path / 'random.db'}")
    drawn = Handler(till.LINE, database, till.Port(), clock=older.means.clock, random_bytes=random.Random(9).randbytes)
    made(database)
    give(drawn, asked("x", stream="t7"))

    with pytest.raises(NotRecovered, match="under the stream's key"):
        recover(made(Database(f"sqlite:///{tmp_path / 'empty.db'}")).means, records(database))
    database.close()


def test_a_journal_that_went_on_meanwhile_is_left_alone(whole: Database, older: Handler) -> None:
    missing = records(whole, 3)
    give(older, asked("meanwhile", 1))

    with pytest.raises(NotRecovered, match="has the journal gone on"):
        recover(older.means, missing)

    assert len(records(older.means.database)) == 3


def test_the_last_record_is_told_and_none_of_an_empty_journal(whole: Database, restored: Handler) -> None:
    with whole.read() as connection, restored.means.database.read() as empty:
        last, none = last_written(connection), last_written(empty)

    assert last is not None
    assert last.record.position == len(records(whole))
    assert none is None
