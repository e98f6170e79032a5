"""The blacklist (失信、禁入): who enters a party, for how long, and who takes it off again."""

from datetime import timedelta
from typing import Any

import pytest

from services.registry.domain.commands import BlacklistParty, LiftBlacklisting
from services.registry.domain.events import BlacklistingLifted, PartyBlacklisted
from services.registry.domain.law import listed
from services.registry.domain.state import RegisteredParty
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase
from tests.registry.world import AT, INSTANT, OPERATOR, SUPERVISOR, given, registered, when

YEAR = timedelta(days=365)


def enter(**changes: Any) -> BlacklistParty:
    fields = {"kind": "banned", "reason": "围标串标", "article": "招标投标法 第五十三条", "authority": "东营市住建局"}
    return BlacklistParty(**{**fields, "since": AT, "until": AT + YEAR, **changes})


def entered(*entries: BlacklistParty) -> RegisteredParty:
    state: Any = given(registered())
    for entry in entries:
        for event in when(state, entry, SUPERVISOR):
            state = given(registered(), *_before(state), event)
    assert isinstance(state, RegisteredParty)
    return state


def _before(state: RegisteredParty) -> list[PartyBlacklisted]:
    return [PartyBlacklisted(listing=entry) for entry in state.listings]


def test_entries_are_numbered_and_say_by_whom_and_by_which_article() -> None:
    first, second = entered(enter(), enter(kind="discredited", authority="东营市中级人民法院")).listings

    assert (first.number, first.kind, first.article) == (1, "banned", "招标投标法 第五十三条")
    assert (second.number, second.kind, second.authority) == (2, "discredited", "东营市中级人民法院")


@pytest.mark.parametrize(
    ("since", "until", "good"),
    [(AT, AT + INSTANT, True), (AT, AT, False), (AT - YEAR, AT, False), (AT + YEAR, AT + INSTANT, False),
     (AT + YEAR, AT + 2 * YEAR, True)],
)  # fmt: skip
def test_an_entry_begins_before_it_ends_and_is_not_over(since: Any, until: Any, *, good: bool) -> None:
    if good:
        assert when(given(registered()), enter(since=since, until=until), SUPERVISOR)
    else:
        with pytest.raises(BadInput):
            when(given(registered()), enter(since=since, until=until), SUPERVISOR)


def test_an_entry_is_in_force_from_its_first_instant_to_its_end() -> None:
    entries = entered(enter()).listings

    assert [bool(listed(entries, at)) for at in (AT - INSTANT, AT, AT + YEAR - INSTANT, AT + YEAR)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_an_entry_is_lifted_by_its_number_once_and_before_it_is_over() -> None:
    party, lift = entered(enter(), enter()), LiftBlacklisting(number=1, reason="信用修复", article="平台规则")
    (event,) = when(party, lift, SUPERVISOR)
    left = given(registered(), *_before(party), event)

    assert event == BlacklistingLifted(number=1, reason="信用修复", article="平台规则")
    assert isinstance(left, RegisteredParty)
    assert ([entry.number for entry in left.listings], left.listed) == ([2], 2)
    with pytest.raises(NotFound):
        when(left, lift, SUPERVISOR)
    with pytest.raises(OutOfPhase):
        when(party, lift, SUPERVISOR, at=AT + YEAR)


def test_a_number_is_never_given_again() -> None:
    party = given(registered(), *_before(entered(enter())), BlacklistingLifted(number=1, reason="r", article="a"))

    (event,) = when(party, enter(), SUPERVISOR)

    assert event.listing.number == 2


def test_only_supervisors_enter_and_lift() -> None:
    for command in (enter(), LiftBlacklisting(number=1, reason="r", article="a")):
        with pytest.raises(NotEntitled):
            when(entered(enter()), command, OPERATOR)
