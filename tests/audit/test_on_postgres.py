"""The whole writing side on PostgreSQL: shuffled, doubled, tampered and lost messages, restarts, checkpoints, news."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from shared.store.database import Database
from shared.store.ledger_read import head, of_stream, streams
from tests.audit.house import House, a_witness
from tests.audit.journal import Journal, Message
from tests.servers.postgres import Postgres


@pytest.fixture
def on_postgres(postgres: Postgres) -> Iterator[Database]:
    database = Database(postgres.fresh_database())
    yield database
    database.close()


def test_what_a_bad_broker_does_leaves_the_same_ledger(tmp_path: Path, on_postgres: Database) -> None:
    random = Random(7)
    till, bank = Journal(), Journal("bank", seed=2)
    told = [*till.several(700), *bank.several(300)]
    lost = told[250:260]
    mixed = [message for message in [*told, *random.choices(told, k=200)] if message not in lost]
    random.shuffle(mixed)
    mixed[100:100] = [Message("x", {"kind": "record", "leaf": "{}"}, b"not a record")]

    with a_witness(tmp_path) as witness:
        house = House(tmp_path, on_postgres, [witness])
        for start in range(0, len(mixed), 150):
            house.take([*mixed[start : start + 150], till.beacon()])
            house.second()
            house.restart()
        asked = {kwargs["first"]: kwargs["last"] for _, _, kwargs in house.voice.called}
        house.take(lost)
        house.second()

    report = house.verified()
    assert report.overall == "verified", report
    assert report.checkpoint is not None
    assert report.checkpoint.size == 1000
    assert asked[251] == 260
    assert set(house.codes) == {"gap", "not_canonical"}
    with on_postgres.read() as connection:
        assert head(connection)[2] == {"till": 700, "bank": 300}
        found = [
            entry for name, _ in streams(connection, "till", "", 9) for _, entry in of_stream(connection, "till", name)
        ]
    assert sorted(entry.record for entry in found) == sorted(message.body for message in told[:700])


def test_second_histories_are_found(tmp_path: Path, on_postgres: Database) -> None:
    one, other = Journal(seed=1).several(20), Journal(seed=2).several(20)
    house = House(tmp_path, on_postgres)

    house.take([*one, other[4]])
    house.take([other[5], *one])
    house.second()

    assert house.codes == ["two_histories_position"] * 2
    assert house.verified().overall == "verified"
