"""Query tables that were lost are filled again from the journal, as they were."""

from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text

from shared.store import rebuild as rebuilding
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.rebuild import lost, rebuild
from tests.store import till
from tests.store.contract import handler
from tests.store.till import asked, closing, tills


def rows(database: Database) -> list[tuple[str, int]]:
    with database.read() as connection:
        return [(stream, held) for stream, held in connection.execute(select(tills).order_by(tills.c.stream))]


def test_a_lost_table_is_the_same_after_its_rebuilding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    handler(database).handle([asked("a", 60), asked("b", 9, stream="t2"), asked("c", 70), asked("d", 5), closing("e")])
    before, whole = rows(database), lost(database, till.metadata)
    monkeypatch.setattr(rebuilding, "PAGE", 2)  # so that the journal is read in several pages
    with database.write() as connection:
        connection.execute(text("DROP TABLE till"))

    missing = lost(database, till.metadata)
    migrate(database, views=till.metadata)
    count = rebuild(database, till.LINE, till.metadata, till.Port().project)

    assert (whole, missing, lost(database, till.metadata)) == (False, True, False)
    assert (rows(database), count) == (before, 5)
    assert before == [("t1", 65), ("t2", 9)]


def test_what_should_not_be_there_goes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    handler(database).handle([asked("a", 60)])
    with database.write() as connection:
        connection.execute(delete(tills))
        connection.execute(insert(tills).values(stream="forged", held=1))

    rebuild(database, till.LINE, till.metadata, till.Port().project)

    assert rows(database) == [("t1", 60)]
