"""The intake: each record once and in its place, whatever the broker does with them; and what is wrong is found."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from services.audit.handlers import Intake
from services.audit.wanted import Wanted
from shared.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from shared.messaging.lane import Hold
from shared.store import ledger_intake as kept
from shared.store.database import Database
from shared.store.ledger_entry import Entry
from shared.store.ledger_read import Stored, at_positions, head
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.audit.journal import Journal, Message, Time, pairs


class Office:
    """The audit's intake on one database, and what one can see of it from outside."""

    def __init__(self, database: Database) -> None:
        migrate(database, views=metadata)
        self.database = database
        self.time = Time()
        self.restart()

    def restart(self) -> None:
        self.wanted = Wanted()
        self.intake = Intake(self.database, self.wanted, now=self.time.now, monotonic=self.time.monotonic)

    def take(self, *messages: Message) -> None:
        self.intake.take(messages)

    @property
    def entries(self) -> list[Entry]:
        """Everything in the ledger, in its order."""
        with self.database.read() as connection:
            rows = connection.execute(text("SELECT service, position FROM entry ORDER BY idx")).all()
            found = at_positions(connection, [(service, position) for service, position in rows])
        return [found[service, position] for service, position in rows]

    @property
    def codes(self) -> list[str]:
        with self.database.read() as connection:
            return [found.finding.code for found in kept.findings(connection, 0, 100)]

    @property
    def waiting(self) -> dict[str, int]:
        with self.database.read() as connection:
            return kept.lowest_waiting(connection)

    @property
    def root(self) -> bytes:
        with self.database.read() as connection:
            size, _, _ = head(connection)
            return Stored(connection).prover().root(size)

    def asked(self) -> list[tuple[str, int, int]]:
        """Return what would be asked for by now."""
        self.time.seconds += 10
        return self.wanted.take(self.time.monotonic())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    yield Office(database)
    database.close()


def entries(messages: Sequence[Message]) -> list[Entry]:
    return [message.entry for message in messages]


def root_of(messages: Sequence[Message]) -> bytes:
    frontier = Frontier()
    frontier.extend(leaf_hash(leaf) for _, leaf in pairs(messages))
    return frontier.root()


def test_records_in_order_enter_in_order(office: Office) -> None:
    told = Journal().several(30)

    office.take(*told)

    assert office.entries == entries(told)
    assert office.root == root_of(told)
    assert office.codes == []


def test_a_record_told_twice_is_entered_once(office: Office) -> None:
    told = Journal().several(5)

    office.take(*told, *told)
    office.take(*told)
    office.restart()
    office.take(*reversed(told))

    assert office.entries == entries(told)
    assert office.codes == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_order_the_ledger_holds_each_journal_in_its_own(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    till, bank = Journal(), Journal("bank", seed=2)
    told = [*till.several(data.draw(st.integers(1, 12))), *bank.several(data.draw(st.integers(1, 12)))]
    again = data.draw(st.lists(st.sampled_from(told), max_size=10))
    mixed = data.draw(st.permutations([*told, *again]))
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('audit') / 'audit.db'}")
    office = Office(database)

    while mixed:
        size = data.draw(st.integers(1, len(mixed)))
        office.take(*mixed[:size])
        mixed = mixed[size:]
        if data.draw(st.booleans()):
            office.restart()

    for journal in (till, bank):
        mine = [entry for entry in office.entries if entry.service == journal.service]
        assert [entry.position for entry in mine] == list(range(1, journal.position + 1))
    assert sorted(office.entries, key=lambda one: one.record) == sorted(entries(told), key=lambda one: one.record)
    assert office.waiting == {}
    assert set(office.codes) <= {"gap"}
    database.close()


def test_records_behind_a_gap_wait_and_the_gap_is_asked_for(office: Office) -> None:
    told = Journal().several(10)

    office.take(*told[:3], *told[6:])

    assert office.entries == entries(told[:3])
    assert office.codes == ["gap"]
    assert office.waiting == {"till": 7}
    assert office.asked() == [("till", 4, 6)]


def test_a_filled_gap_lets_the_waiting_records_in_behind_it(office: Office) -> None:
    told = Journal().several(10)
    office.take(*told[:3], *told[6:])
    office.restart()

    office.take(*told[3:6])

    assert office.entries == entries(told)
    assert office.waiting == {}
    assert office.root == root_of(told)


def test_a_gap_that_is_filled_bit_by_bit_is_one_finding(office: Office) -> None:
    told = Journal().several(10)
    office.take(told[9], told[8])

    for message in told[:8]:
        office.take(message)

    assert office.codes == ["gap"]
    assert office.entries == entries(told)


def test_records_far_behind_a_gap_make_no_second_one(office: Office) -> None:
    told = Journal().several(900)
    for start in range(1, 800, 200):
        office.take(*told[start : start + 200])

    office.take(told[0], *told[801:])

    assert office.entries == entries(told)
    assert office.codes == ["gap"]


def test_a_gap_before_many_batches_is_filled_in_one_go(office: Office) -> None:
    told = Journal().several(1500)
    for start in range(1, 1500, 250):
        office.take(*told[start : start + 250])

    office.take(told[0])

    assert office.entries == entries(told)
    assert office.waiting == {}


def test_a_gap_of_one_service_holds_up_no_other(office: Office) -> None:
    till, bank = Journal(), Journal("bank", seed=2)
    told, other = till.several(4), bank.several(4)

    office.take(*told[1:], *other)

    assert office.entries == entries(other)


def test_a_second_record_for_a_taken_position_is_found_and_kept_out(office: Office) -> None:
    one, other = Journal(seed=1).several(3), Journal(seed=2).several(3)
    office.take(*one)

    office.take(other[1])
    office.restart()
    office.take(other[1], one[1])

    assert office.entries == entries(one)
    assert office.codes == ["two_histories_position"]
    with office.database.read() as connection:
        (found,) = kept.findings(connection, 0, 10)
    assert found.finding.body == other[1].body


def test_a_second_record_for_a_position_that_waits_is_found(office: Office) -> None:
    one, other = Journal(seed=1).several(3), Journal(seed=2).several(3)

    office.take(one[2], other[2])
    office.take(other[2], *one)

    assert office.entries == entries(one)
    assert sorted(office.codes) == ["gap", "two_histories_position"]


def test_a_second_record_for_a_version_is_found_and_passed_over(office: Office) -> None:
    journal = Journal()
    told = [journal.put("t1"), journal.put("t1"), journal.put("t1", version=2), journal.put("t1", version=3)]

    office.take(*told)
    office.restart()
    office.take(*told)
    later = journal.put("t1")
    office.take(later)

    assert office.entries == entries([told[0], told[1], told[3], later])
    assert office.codes == ["two_histories_version"]
    assert office.asked() == []


def test_a_version_left_out_is_found_and_the_record_entered(office: Office) -> None:
    journal = Journal()
    told = [journal.put("t1"), journal.put("t1", version=3)]

    office.take(*told)

    assert office.entries == entries(told)
    assert office.codes == ["version_gap"]


def test_a_tampered_record_is_found_and_the_true_one_asked_for(office: Office) -> None:
    told = Journal().several(3)
    tampered = Message(told[1].key, told[1].headers, told[1].body.replace(b'"fen":1', b'"fen":9'))

    office.take(told[0], tampered, told[2])
    found = office.codes
    asked = office.asked()
    office.take(told[1])

    assert found == ["leaf_unfit", "gap"]
    assert asked == [("till", 2, 2)]
    assert office.entries == entries(told)


def test_messages_that_are_no_records_stop_nothing(office: Office) -> None:
    told = Journal().several(2)
    junk = [
        Message("x", {"kind": "record"}, b"\xff\x00 not json"),
        Message("x", {"kind": "record", "leaf": 5}, b"{}"),
        Message("x", {}, b"who am I"),
        Message("x", {"kind": "head"}, b"no beacon"),
        Message("x", {"kind": "head"}, b'{"position":"many","service":"till"}'),
        Message("x", {"kind": "head"}, b'{"position":1,"service":"a b"}'),
        Message("x", {"kind": "witnessed"}, b"{}"),
    ]

    office.take(told[0], *junk, told[1])
    office.take(*junk)

    assert office.entries == entries(told)
    assert sorted(office.codes) == ["not_a_record", "not_canonical", *["unknown_message"] * 4]


def test_a_restart_leads_to_the_same_root(office: Office) -> None:
    told = Journal().several(600)
    for start in range(0, 600, 77):
        office.take(*told[start : start + 77])
        office.restart()

    assert office.root == root_of(told)


def test_a_lost_tail_is_asked_for_when_it_stands_still(office: Office) -> None:
    journal = Journal()
    told = journal.several(5)
    office.take(*told[:3], journal.beacon())
    early = office.asked()

    office.take(journal.beacon())
    late = office.asked()
    office.take(*told[3:], journal.beacon())
    office.time.seconds += 60
    office.take(journal.beacon())

    assert early == []
    assert late == [("till", 4, 5)]
    assert office.asked() == []
    assert office.codes == []


def test_a_tail_that_is_still_on_its_way_is_not_asked_for(office: Office) -> None:
    journal = Journal()
    told = journal.several(60)

    for message in told[:50]:
        office.time.seconds += 1
        office.take(message, journal.beacon())

    assert office.asked() == []


def test_a_journal_that_went_back_is_found(office: Office) -> None:
    journal = Journal()
    office.take(*journal.several(5))

    for _ in range(10):
        office.time.seconds += 1
        office.take(journal.beacon(3))

    assert office.codes == ["journal_behind"]


def test_an_old_beacon_told_again_accuses_nobody(office: Office) -> None:
    journal = Journal()
    office.take(*journal.several(5), *[journal.beacon(3)] * 50, journal.beacon())

    office.time.seconds += 60
    office.take(journal.beacon(3), journal.beacon())

    assert office.codes == []


def test_a_service_is_not_asked_again_at_once(office: Office) -> None:
    told = Journal().several(9)
    office.take(told[0], told[8])
    now = office.time.monotonic()

    first = office.wanted.take(now)
    office.take(told[7])
    soon, later = office.wanted.take(now + 1), office.wanted.take(now + 3)

    assert (first, soon, later) == ([("till", 2, 8)], [], [("till", 2, 7)])


def test_while_the_database_is_away_the_batch_is_held(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("select", {}, Exception("no connection"))

    told = Journal().several(3)
    with monkeypatch.context() as broken:
        broken.setattr(office.database, "write", away)
        with pytest.raises(Hold):
            office.take(*told)
    office.take(*told)

    assert office.entries == entries(told)


def test_a_damaged_ledger_takes_nothing(office: Office) -> None:
    told = Journal().several(3)
    office.take(told[0])
    with office.database.write() as connection:
        connection.execute(
            text("UPDATE ledger_head SET frontier = :other"), {"other": _frontier(Random(5).randbytes(32))}
        )

    with pytest.raises(Hold):
        office.take(*told[1:])

    assert office.entries == entries(told[:1])
    assert office.root != EMPTY_ROOT


def _frontier(root: bytes) -> bytes:
    return (1).to_bytes(8, "big") + root
