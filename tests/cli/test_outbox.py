"""A command is the same command until its answer is known, whatever happens in between."""

from pathlib import Path

import pytest

from cli.command import Here
from cli.outbox import Outbox
from cli.output import Refused, Unanswered
from tests.cli.door import Door, problem

COMMAND = {"type": "bidding.close_reception"}


def _send(here: Here, **more: object) -> dict[str, object]:
    return Outbox(here.wallet, here.client).send(here.asker(), here.who, "p1", {**COMMAND, **more})


def _pending(here: Here) -> list[Path]:
    return list((here.wallet.home / "pending").glob("*.json"))


def test_the_id_is_on_disk_before_the_command_is_sent(here: Here, door: Door) -> None:
    seen: list[int] = []
    door.decide = lambda _procedure, _command: seen.append(len(_pending(here)))

    _send(here)

    assert seen == [1]
    assert _pending(here) == []


def test_after_a_crash_the_same_command_has_the_same_id_and_is_done_once(here: Here, door: Door) -> None:
    door.lose = 1000
    with pytest.raises(Unanswered):
        _send(here)
    door.lose = 0

    outcome = _send(here)

    assert [id_ for id_, _ in door.given] == [outcome["id"]]
    assert _pending(here) == []


def test_a_crash_while_keeping_the_answer_leaves_the_command_pending(here: Here, door: Door) -> None:
    def crash(_outcome: dict[str, object]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Outbox(here.wallet, here.client).send(here.asker(), here.who, "p1", COMMAND, crash)

    assert _send(here)["id"] == door.given[0][0]
    assert len(door.given) == 1


def test_a_refused_command_may_be_given_again_as_a_new_one(here: Here, door: Door) -> None:
    door.decide = lambda _procedure, _command: problem(409, "not_yet")
    for _ in range(2):
        with pytest.raises(Refused):
            _send(here)

    first, second = (id_ for id_, _ in door.given)
    assert first != second


def test_another_body_is_another_command(here: Here, door: Door) -> None:
    door.lose = 1000
    for reason in ("a", "b"):
        with pytest.raises(Unanswered):
            _send(here, reason=reason)

    assert len(_pending(here)) == 2


def test_what_was_turned_away_on_record_is_a_refusal(here: Here, door: Door) -> None:
    events = [{"type": "bidding.shares_refused.v1", "position": 1, "digest": "0" * 64}]
    door.decide = lambda _procedure, _command: (200, {"id": "x", "events": events, "refusal": None})

    with pytest.raises(Refused, match="shares are not good") as caught:
        here.give("p1", COMMAND)

    assert caught.value.details["article"] == "电子招标投标办法 第三十一条"
