"""Who only reads folds what is new of a stream, and not the rest again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.store import folds, journal, states
from shared.store.database import Database
from shared.store.folds import Folds
from tests.store import till
from tests.store.contract import handler
from tests.store.till import asked


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    yield database
    database.close()


def at(known: Folds, database: Database, stream: str = "t1") -> states.At:
    with database.read() as connection:
        return known.at(connection, stream)


def test_a_stream_is_read_on_from_where_it_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    till_handler, known, read = handler(database), Folds(till.LINE), list[int]()
    since = journal.since

    def counted(*arguments: object) -> Iterator[tuple[str, int, bytes]]:
        for row in since(*arguments):  # type: ignore[arg-type]  # passed on as they came
            read.append(row[1])
            yield row

    monkeypatch.setattr(folds, "since", counted)
    till_handler.handle([asked("a", 5), asked("b", 6)])
    assert at(known, database) == states.At(2, till.Till(held=11))

    till_handler.handle([asked("c", 9)])

    assert at(known, database) == at(known, database) == states.At(3, till.Till(held=20))
    assert read == [1, 2, 3]


def test_of_nothing_there_is_the_first_state_and_it_is_not_kept(database: Database) -> None:
    handler(database)
    known = Folds(till.LINE)

    assert at(known, database, "nothing") == states.At(0, till.Till())
    assert not known._kept


def test_what_was_kept_longest_without_a_question_is_folded_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folds, "KEPT", 2)
    known = Folds(till.LINE)
    handler(database).handle([asked(name, 3, stream=name) for name in ("t1", "t2", "t3")])

    for name in ("t1", "t2", "t3", "t1"):
        assert at(known, database, name) == states.At(1, till.Till(held=3))
    assert list(known._kept) == ["t3", "t1"]
