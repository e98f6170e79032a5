"""Regions: which office may act where, and which region an account may carry."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.registry.domain.commands import (
    AddIdentifier,
    BlacklistParty,
    ChangeKey,
    CloseAccount,
    LiftSuspension,
    PublishCalendar,
    SuspendParty,
)
from services.registry.domain.events import PartyPlaced, PartyRegistered
from services.registry.domain.state import Facts, Unborn
from shared.kernel.errors import BadInput, NotEntitled
from shared.kernel.request import Actor
from tests.registry.world import ABROAD, AT, given, known, open_account, opened, register, registered, suspended, when

SUSPEND = SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=AT.replace(year=2027))
BLACKLIST = BlacklistParty(
    kind="banned", reason="r", article="招标投标法 第五十三条", authority="东营市住建局", since=AT, until=SUSPEND.until
)


def office(role: Any, region: str) -> Actor:
    return Actor(account="office-1", role=role, region=region)


@pytest.mark.parametrize(("region", "may"), [("370500", True), ("370502", True), ("370503", False), ("", False)])
@pytest.mark.parametrize("command", [SUSPEND, BLACKLIST])
def test_a_supervisor_acts_in_its_own_region(command: Any, region: str, *, may: bool) -> None:
    facts, party = Facts(jurisdiction="370502"), given(registered())

    if may:
        assert when(party, command, office("supervisor", region), facts=facts)
    else:
        with pytest.raises(NotEntitled) as refusal:
            when(party, command, office("supervisor", region), facts=facts)
        assert "GB/T 2260" in refusal.value.article


@pytest.mark.parametrize("command", [LiftSuspension(reason="r", article="a"), SUSPEND])
def test_a_county_does_not_act_on_what_is_the_citys(command: Any) -> None:
    party = given(registered(), *([suspended()] if isinstance(command, LiftSuspension) else []))

    with pytest.raises(NotEntitled):
        when(party, command, office("supervisor", "370502"), facts=Facts(jurisdiction="370500"))


@pytest.mark.parametrize(
    ("command", "state"),
    [(register(), Unborn()), (AddIdentifier(identifier=ABROAD), given(registered())),
     (open_account(role="tenderer"), Unborn()), (ChangeKey(public_key="A" * 43), given(opened())),
     (CloseAccount(), given(opened())), (PublishCalendar(body="{}"), Unborn())],
)  # fmt: skip
def test_an_operator_of_another_county_does_none_of_these(command: Any, state: Any) -> None:
    facts = Facts(jurisdiction="370502", party=known(), operators=2)

    with pytest.raises(NotEntitled) as refusal:
        when(state, command, office("operator", "370503"), facts=facts)

    assert "370502" in refusal.value.zh


def test_what_was_decided_before_offices_had_regions_is_decided_the_same() -> None:
    assert when(given(registered()), SUSPEND, office("supervisor", ""))


def test_a_party_is_placed_where_it_is_said_to_be_looked_after() -> None:
    command = register().model_copy(update={"region": "370502"})

    events = when(Unborn(), command, office("operator", "370502"), facts=Facts(jurisdiction="370502"))

    assert [type(event) for event in events] == [PartyRegistered, PartyPlaced]


@pytest.mark.parametrize(
    ("region", "year", "good"),
    [("370502", 2026, True), ("370521", 2015, True), ("370521", 2016, True), ("370521", 2017, False),
     ("370505", 2015, False), ("370505", 2016, True), ("370599", 2026, False)],
)  # fmt: skip
def test_an_offices_account_carries_a_region_in_use_on_the_day(region: str, year: int, *, good: bool) -> None:
    command = open_account("sup-2", role="supervisor", party=None, region=region)
    at, facts = datetime(year, 6, 1, tzinfo=UTC), Facts(jurisdiction="370500")

    if good:
        (event,) = when(Unborn(), command, office("operator", "370500"), facts=facts, at=at)
        assert event.region == region
    else:
        with pytest.raises(BadInput):
            when(Unborn(), command, office("operator", "370500"), facts=facts, at=at)


def test_an_office_that_names_no_region_has_that_of_who_opens_it() -> None:
    command = open_account("sup-2", role="supervisor", party=None, region="")

    (event,) = when(Unborn(), command, office("operator", "370502"), facts=Facts(jurisdiction="370502"))

    assert event.region == "370502"


@pytest.mark.parametrize(("region", "good"), [("310000", True), ("", True), ("370505", True), ("370521", False)])
def test_a_bidder_may_come_from_anywhere_but_not_from_a_region_that_is_no_more(region: str, *, good: bool) -> None:
    command, facts = open_account(region=region), Facts(jurisdiction="370500", party=known())

    if good:
        assert when(Unborn(), command, office("operator", "370500"), facts=facts)
    else:
        with pytest.raises(BadInput, match="370505"):
            when(Unborn(), command, office("operator", "370500"), facts=facts)
