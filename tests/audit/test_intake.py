"""The intake: each record once and in its place, whatever the broker does with them; and what is wrong is found."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.ledger.merkle import EMPTY_ROOT
from shared.messaging.lane import Hold
from shared.store import ledger_intake as kept
from shared.store.database import Database
from tests.audit.journal import Journal, Message
from tests.audit.office import Office, entries, root_of


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
