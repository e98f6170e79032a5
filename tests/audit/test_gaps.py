"""What is missing of a journal is asked for, and what comes behind it waits."""

from tests.audit.journal import Journal
from tests.audit.office import Office, entries, root_of


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
