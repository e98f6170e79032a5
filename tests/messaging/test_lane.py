"""When a batch begins: at once after a rest or after one that came alone, else no sooner than the lane's pace."""

from collections import deque
from itertools import count
from typing import Any

import pytest
from kombu import Queue

from shared.messaging import lane as lanes
from shared.messaging.lane import Lane

PACE = 0.02


class Arriving:
    """Messages that come at given seconds, by a clock that goes on only while somebody waits."""

    def __init__(self, lane: Lane, monkeypatch: pytest.MonkeyPatch, *due: float) -> None:
        self._lane = lane
        self._due = deque(due)
        self._numbers = count()
        self.now = 0.0
        monkeypatch.setattr(lanes, "monotonic", lambda: self.now)
        monkeypatch.setattr(lanes, "_drain", self._drain)

    def batch(self) -> tuple[float, int]:
        """Return when the next batch begins, and how many it holds."""
        self._lane._fill(None)
        size = len(self._lane._batch)
        self._lane._batch.clear()
        return round(self.now, 6), size

    def _drain(self, _connection: Any, seconds: float) -> bool:
        if self._due and self._due[0] <= self.now + seconds:
            self.now = max(self.now, self._due.popleft())
            self._lane._batch.append(next(self._numbers))
            return True
        self.now += seconds
        return False


def lane(pace: float) -> Lane:
    return Lane("memory://", Queue("toy"), pace=pace)


def test_what_comes_after_a_batch_of_several_shares_one_that_begins_at_the_pace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = Arriving(lane(PACE), monkeypatch, 0.1, 0.1, 0.11, 0.12)

    first, second = at.batch(), at.batch()

    assert first == pytest.approx((0.1 + lanes.QUIET, 2))
    assert second == pytest.approx((first[0] + PACE, 2))


def test_without_a_pace_each_is_a_batch_once_it_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    at = Arriving(lane(0.0), monkeypatch, 0.1, 0.1, 0.11, 0.12)

    assert [at.batch()[1] for _ in range(3)] == [2, 1, 1]


def test_who_comes_one_after_the_other_is_never_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    at = Arriving(lane(PACE), monkeypatch, 0.1, 0.11, 0.12)

    assert [at.batch() for _ in range(3)] == [pytest.approx((due + lanes.QUIET, 1)) for due in (0.1, 0.11, 0.12)]


def test_after_a_rest_a_batch_begins_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at = Arriving(lane(PACE), monkeypatch, 0.1, 0.1, 0.5)

    at.batch()

    assert at.batch() == pytest.approx((0.5 + lanes.QUIET, 1))


def test_a_full_batch_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Lane("memory://", Queue("toy"), most=3, pace=PACE)
    at = Arriving(full, monkeypatch, *[0.1] * 6)

    assert [at.batch(), at.batch()] == [(0.1, 3), (0.1, 3)]
