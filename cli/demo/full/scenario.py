"""The full scenario from its first scene to its last, and what it then has to show in the records."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.demo import made
from cli.demo.cast import Cast
from cli.demo.full import committee, first, money, people, qualifying, second
from cli.demo.full.committee import Committee
from cli.demo.full.lot import Lot
from cli.demo.play import Ended
from cli.demo.stage import Stage
from shared.kernel.codes import USCC
from shared.kernel.transaction_codes import make
from shared.law.findings import day_of

QUALIFICATION, FIRST, SECOND, AGAIN = "dc-zgys", "dc-1", "dc-2", "dc-2-again"
"""The prequalification, the two lots, and the second lot held again."""

TITLES = {
    QUALIFICATION: "东城区雨污分流改造工程资格预审",
    FIRST: "东城区雨污分流改造工程一标段",
    SECOND: "东城区雨污分流改造工程二标段",
    AGAIN: "东城区雨污分流改造工程二标段（重新招标）",
}
CEILINGS_FEN = {FIRST: 120_000_000_00, SECOND: 70_000_000_00, AGAIN: 70_000_000_00}
LOT_NUMBERS = {FIRST: 1, SECOND: 2, AGAIN: 2}

Tell = Callable[[str], None]


def play(stage: Stage, cast: Cast, told: Tell) -> list[Ended]:
    """Play all of it and return how each procedure ended."""
    bidders, lots = people.assemble(cast), {name: Lot(stage, cast, name) for name in TITLES}
    project = str(make("A01", made.code(1), day_of(stage.client.now()), 1))
    committee.enrol(stage, cast, bidders.equal)
    terms: Mapping[str, Any] = {"money": money.TERMS, "consortia": "admitted", "committee": committee.TERMS}
    told("资格预审 / the prequalification, one for both lots")
    qualifying.play(lots[QUALIFICATION], _draft(QUALIFICATION, project), bidders)
    told("两个标段公告 / the two lots are announced")
    lots[FIRST].announce(_draft(FIRST, project), method=committee.WEIGHTED, **terms)
    lots[SECOND].announce(_draft(SECOND, project), **terms)
    second.two_bid(lots[SECOND], bidders)
    told("一标段：澄清、异议、投标 / lot 1: a late clarification, an objection, six bids")
    first.up_to_the_deadline(lots[FIRST], bidders)
    told("二标段：不足三家，招标失败 / lot 2: fewer than three, it fails")
    second.fail(lots[SECOND])
    told("一标段：开标、抽取专家、评标至签约 / lot 1: from the opening and the draw of experts to the contract")
    first.open_bids(lots[FIRST], bidders)
    first.from_the_evaluation(lots[FIRST], bidders, Committee(stage, lots[FIRST]))
    told("二标段重新招标：异议、投诉、重新评标 / lot 2 again: an objection, a complaint, evaluated anew")
    lots[AGAIN].announce(_draft(AGAIN, project) | {"retender_of": SECOND}, **terms)
    second.bid_again(lots[AGAIN], bidders)
    second.evaluate_twice(lots[AGAIN], Committee(stage, lots[AGAIN]))
    counts = {QUALIFICATION: len(bidders.all), FIRST: len(bidders.qualified), SECOND: 2, AGAIN: 3}
    return [lots[name].ended(count) for name, count in counts.items()]


def _draft(name: str, project: str) -> dict[str, Any]:
    """Return the draft of a procedure of the project; a lot is for those whom the prequalification qualified."""
    buyer = {"scheme": USCC, "id": made.code(2), "name": "东营市东城区城市管理局（虚构）"}
    title = TITLES[name]
    draft: dict[str, Any] = {
        "title": title,
        "description": "演示用，内容为虚构。",
        "region": "370500",
        "category": "works",
    }
    draft |= {"lot": {"id": str(LOT_NUMBERS.get(name, 1)), "title": title}, "buyer": buyer, "project": project}
    if name == QUALIFICATION:
        return draft
    ceiling = {"estimate_fen": CEILINGS_FEN[name], "ceiling_fen": CEILINGS_FEN[name]}
    return {**draft, **ceiling, "lot_number": LOT_NUMBERS[name], "prequalification": QUALIFICATION}
