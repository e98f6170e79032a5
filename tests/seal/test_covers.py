"""Covers: what a committed seed decides, and nobody else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.seal.covers import DAY, commitment, covers, later, number

STARTS = datetime(2026, 12, 1, 1, tzinfo=UTC)
ENDS = STARTS + timedelta(days=21)
SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS, st.integers(1, 60))
def test_the_seed_decides_number_and_times_within_the_window(seed: bytes, most: int) -> None:
    planned = covers("t1", seed, most, STARTS, ENDS)

    assert list(planned) == list(covers("t1", seed, most, STARTS, ENDS))
    assert len(planned) == number("t1", seed, most) <= most
    assert all(STARTS <= cover.at < ENDS for cover in planned)
    assert [cover.at for cover in planned] == sorted(cover.at for cover in planned)
    assert len({cover.id for cover in planned}) == len(planned)


@given(SEEDS, SEEDS)
def test_a_commitment_is_to_one_seed_of_one_tender(seed: bytes, other: bytes) -> None:
    assert (commitment("t1", seed) == commitment("t1", other)) is (seed == other)
    assert commitment("t1", seed) != commitment("t2", seed)


def test_every_number_from_none_to_the_most_occurs() -> None:
    found = {number("t1", seed.to_bytes(32, "big"), 3) for seed in range(100)}

    assert found == {0, 1, 2, 3}


def test_a_window_of_no_time_still_has_its_covers_at_its_beginning() -> None:
    planned = covers("t1", b"\x01" * 32, 60, STARTS, STARTS)

    assert {cover.at for cover in planned} <= {STARTS}


@given(SEEDS, st.integers(1, 9), st.integers(0, 40 * 24), st.integers(0, 40 * 24))
def test_the_days_that_are_gained_have_covers_that_no_further_move_changes(
    seed: bytes, per_day: int, hours: int, more: int
) -> None:
    once = later("t1", seed, per_day, ENDS, ENDS + timedelta(hours=hours))
    further = later("t1", seed, per_day, ENDS, ENDS + timedelta(hours=hours + more))

    assert [cover for cover in further if cover.at < ENDS + timedelta(hours=hours)] == list(once)
    assert all(cover.at >= ENDS for cover in further)
    assert len({cover.id for cover in further}) == len(further)


def test_each_gained_day_has_from_none_to_its_most() -> None:
    planned = later("t1", b"\x05" * 32, 2, ENDS, ENDS + 60 * DAY)
    per_day = [sum((cover.at - ENDS) // DAY == day for cover in planned) for day in range(60)]

    assert set(per_day) == {0, 1, 2}


def test_the_gained_days_repeat_no_cover_of_those_announced() -> None:
    seed = b"\x06" * 32
    announced = {cover.id for cover in covers("t1", seed, 60, STARTS, ENDS)}

    assert not announced & {cover.id for cover in later("t1", seed, 60, ENDS, ENDS + 30 * DAY)}


def test_a_deadline_that_did_not_move_gained_no_covers() -> None:
    assert later("t1", b"\x05" * 32, 9, ENDS, ENDS) == []
