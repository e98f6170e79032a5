"""The committees of the full scenario: experts are drawn among those with no interest, judge alone, vote and sign."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cli import committee, drawing, experts
from cli.demo.cast import AGENCY, OPERATOR, SUPERVISOR, Cast
from cli.demo.full.lot import Lot
from cli.demo.stage import Stage
from shared.kernel.canonical import instant
from shared.law.findings import day_of
from shared.procedure.evaluation import definition

SPECIALITY, REGION = "市政工程", "370500"
LIBRARY = tuple(f"expert-{number:02}" for number in range(1, 9))
REPRESENTATIVE = "tenderer-delegate"
"""Who sits for the tenderer; the others are drawn."""

MEMBERS, DRAWN, RESERVE = 5, 4, 2
TERMS: dict[str, Any] = {
    "members": MEMBERS,
    "experts": DRAWN,
    "combine": "mean",
    "answer_minutes": 60,
    "sign_minutes": 120,
}
FACTOR = "plan"
WEIGHTED: dict[str, Any] = {
    "kind": "weighted",
    "formula": "lowest_price_ratio",
    "version": 1,
    "definition": definition("lowest_price_ratio", 1),
    "price_weight": "0.6",
    "factors": [{"factor": FACTOR, "title": "施工组织设计", "weight": "0.4"}],
    "round_at": "total",
    "places": 2,
}


def enrol(stage: Stage, cast: Cast, employer: str) -> None:
    """Enter experts in the library, the first of whom a bidder employs; open the representative's account too."""
    operator, party = stage.player(OPERATOR), cast.party(employer)
    for expert in LIBRARY:
        cast.office(expert, "expert")
        experts.enrol(operator, expert, speciality=[SPECIALITY], years=12, region=REGION)
    experts.tie(operator, LIBRARY[0], f"{party['scheme']}:{party['id']}", "employment")
    cast.office(REPRESENTATIVE, "expert")


class Committee:
    """The committee of one lot, drawn when its bidders are known."""

    def __init__(self, stage: Stage, lot: Lot) -> None:
        self._stage, self._lot = stage, lot
        self._draw()
        self.members = stage.wait("the committee", self._form)

    def score(self, marks: Mapping[str, int]) -> None:
        """Let every member score each bid for itself: no two of them alike, every bid by the same measure."""
        for harsh, member in enumerate(self.members):
            scores = [{"bid": bid, "factor": FACTOR, "score": str(mark - harsh)} for bid, mark in marks.items()]
            self._lot.office(member, "score_bids", scores=scores)

    def reject(self, bid: str, explanation: str) -> None:
        """Let a member propose that a bid is rejected, and as many others as it takes vote for it."""
        proposer, *others = self.members
        finding = {"kind": "rejection", "bid": bid, "cause": "unresponsive", "explanation": explanation}
        self._lot.office(proposer, "propose_finding", finding=finding, words=explanation)
        number = self._lot.told(proposer, "finding_proposed")[-1]["number"]
        for member in others[: MEMBERS // 2]:
            self._lot.office(member, "vote_finding", number=number, in_favour=True, words="同意，事实清楚。")

    def report(self) -> None:
        """Make the report of what the members found and scored, and let each sign it."""
        self._lot.agency("report_evaluation")
        for member in self.members:
            committee.sign(self._stage.player(member), self._lot.procedure)

    def _draw(self) -> None:
        """Hold the draw: recusal of all bidders, commitments, a root that witnesses saw, reveals."""
        name, avoid = self._lot.procedure, [f"{one['scheme']}:{one['id']}" for one in self._lot.parties()]
        agency, supervisor = self._stage.player(AGENCY), self._stage.player(SUPERVISOR)
        asked: dict[str, Any] = {"speciality": SPECIALITY, "seats": DRAWN, "region": REGION, "reserve": RESERVE}
        on = day_of(self._lot.now).isoformat()
        drawing.request(agency, name, tender=name, on=on, avoid=avoid, **asked)
        for who in (agency, supervisor):
            drawing.commit_nonce(who, name)
        self._stage.wait("the root of the draw", lambda: self._stands("revealing"))
        for who in (agency, supervisor):
            drawing.reveal(who, name)
        self._stage.wait("the result of the draw", lambda: self._stands("drawn"))

    def _stands(self, stage: str) -> bool:
        agency = self._stage.player(AGENCY)
        return bool(agency.client.get(f"/api/draws/{self._lot.procedure}", agency.asker())["stage"] == stage)

    def _form(self) -> list[str]:
        """Form the committee and return its members, once bidding has heard of the draw."""
        until = instant(self._lot.now + timedelta(days=1))
        self._lot.agency("form_committee", representatives=[REPRESENTATIVE], until=until)
        return [seat["account"] for seat in self._lot.told(AGENCY, "committee_formed")[-1]["seats"]]
