"""Which sanctions stood against a party at an instant that is past, from its events."""

from datetime import datetime, timedelta

import pytest

from services.registry.domain.events import BlacklistingLifted, PartyBlacklisted, RegistryEvent, SuspensionLifted
from services.registry.domain.sanctions import sanctions
from services.registry.domain.values import Listing
from tests.registry.world import AT, INSTANT, registered, suspended

CLOSED = AT + timedelta(days=30)
BEFORE, AFTER = CLOSED - INSTANT, CLOSED + INSTANT
LIFTED = SuspensionLifted(reason="r", article="a")


def entered(since: datetime = AT, until: datetime = CLOSED + timedelta(days=1), number: int = 1) -> PartyBlacklisted:
    return PartyBlacklisted(
        listing=Listing(
            number=number, kind="banned", reason="r", article=f"第{number}条", authority="a", since=since, until=until
        )
    )


def lifted(number: int = 1) -> BlacklistingLifted:
    return BlacklistingLifted(number=number, reason="r", article="a")


def stood(*told: tuple[datetime, RegistryEvent]) -> list[str]:
    """Return the articles of what stood at the close."""
    return [one.article for one in sanctions(((AT, registered()), *told), CLOSED)]


@pytest.mark.parametrize(("at", "counts"), [(BEFORE, True), (CLOSED, True), (AFTER, False)])
def test_a_suspension_counts_from_when_it_is_ordered(at: datetime, *, counts: bool) -> None:
    assert stood((at, suspended())) == ["招标投标法 第五十三条"] * counts


@pytest.mark.parametrize(("until", "counts"), [(CLOSED, False), (AFTER, True)])
def test_what_ends_at_the_close_does_not_count(until: datetime, *, counts: bool) -> None:
    assert len(stood((AT, suspended(until)), (AT, entered(until=until)))) == 2 * counts


@pytest.mark.parametrize(("at", "counts"), [(BEFORE, False), (CLOSED, False), (AFTER, True)])
def test_what_was_lifted_later_stood_then(at: datetime, *, counts: bool) -> None:
    assert len(stood((AT, suspended()), (AT, entered()), (at, LIFTED), (at, lifted()))) == 2 * counts


def test_one_suspended_again_after_the_close_was_under_its_first_suspension_at_it() -> None:
    first, second = suspended(AFTER), suspended(CLOSED + timedelta(days=9))

    (one,) = sanctions(((AT, first), (AFTER, second)), CLOSED)

    assert (one.cause, one.since, one.until) == ("suspended", AT, AFTER)


@pytest.mark.parametrize(("since", "counts"), [(BEFORE, True), (CLOSED, True), (AFTER, False)])
def test_an_entry_counts_from_its_own_since_whenever_it_was_entered(since: datetime, *, counts: bool) -> None:
    for told in (AT, AFTER):
        assert len(stood((told, entered(since)))) == counts


def test_of_several_entries_only_those_lifted_are_gone() -> None:
    assert stood((AT, entered()), (AT, entered(number=2)), (AT, lifted(1)), (AT, suspended())) == [
        "招标投标法 第五十三条",
        "第2条",
    ]
