"""Sanctions at the close of reception: what the registry discloses of them, and which bids are invalid by it."""

from datetime import datetime, timedelta
from typing import Any

from services.bidding.domain.state import Opened
from services.registry.domain.commands import (
    BlacklistParty,
    LiftBlacklisting,
    LiftSuspension,
    SuspendParty,
)
from shared.kernel.message import Command
from shared.kernel.request import Actor
from tests.bidding.play import OPENING
from tests.registry.office import Office, bidder
from tests.registry.relating import Opening, disclosed, done, reception_closed
from tests.registry.world import AT, INSTANT, SUPERVISOR, code

SUSPEND = SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=OPENING + timedelta(days=90))


LIFT = LiftSuspension(reason="复议撤销", article="平台规则")


def sanction(office: Office, own: Actor, command: Command) -> None:
    """Let the supervisor suspend the actor's party, list it, or lift that."""
    done(office.give(command, SUPERVISOR, stream=own.party or ""))


def listing(since: datetime, until: datetime = OPENING + timedelta(days=90), kind: Any = "banned") -> BlacklistParty:
    return BlacklistParty(
        kind=kind,
        reason="弄虚作假",
        article="招标投标法 第五十四条",
        authority="东营市住建局",
        since=since,
        until=until,
    )


def test_what_a_party_is_free_of_at_the_close_is_left_out_of_the_disclosure(office: Office) -> None:
    own, _ = bidder(office, 1, code(1))

    assert "sanctions" not in disclosed(office, own)[0]


def test_a_suspension_counts_from_the_close_and_one_just_after_it_does_not(office: Office, opening: Opening) -> None:
    one, two, three, _ = opening.accounts
    play = opening.play()
    for own, late in ((one, -INSTANT), (two, timedelta()), (three, INSTANT)):
        office.clock.at = reception_closed(play) + late
        sanction(office, own, SUSPEND)

    assert opening.disclose(play) == {"c1": ["suspended"], "c2": ["suspended"]}
    invalid = {row.article for row in play.at(Opened).rows if row.outcome == "invalid"}
    assert invalid == {"招标投标法 第五十三条"}


def test_what_is_lifted_before_or_at_the_close_does_not_count_and_just_after_it_does(
    office: Office, opening: Opening
) -> None:
    one, two, three, four = opening.accounts
    for own in (one, two, three):
        sanction(office, own, SUSPEND)
        sanction(office, own, listing(AT))
    play = opening.play()
    for own, late in ((one, -INSTANT), (two, timedelta()), (three, INSTANT)):
        office.clock.at = reception_closed(play) + late
        sanction(office, own, LIFT)
        sanction(office, own, LiftBlacklisting(number=1, reason="信用修复", article="平台规则"))
    sanction(office, four, SUSPEND)

    assert opening.disclose(play) == {"c3": ["suspended", "blacklisted"]}


def test_an_entry_of_the_blacklist_counts_from_its_since_to_its_until(office: Office, opening: Opening) -> None:
    one, two, three, four = opening.accounts
    play = opening.play()
    closed = reception_closed(play)
    sanction(office, one, listing(closed, kind="discredited"))
    sanction(office, two, listing(closed + INSTANT))
    sanction(office, three, listing(AT, closed + INSTANT))
    sanction(office, four, listing(AT, closed))

    assert opening.disclose(play) == {"c1": ["blacklisted"], "c3": ["blacklisted"]}
