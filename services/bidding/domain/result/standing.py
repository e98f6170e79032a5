"""The standing of a candidate when one is to win: what began against it after its bid was opened (E31)."""

from services.bidding.domain.access.values import name_of
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.rows import Sanction
from services.bidding.domain.state import AnnouncedState, Awarded, Contracted, Publicised
from shared.kernel.errors import BadInput
from shared.procedure.asking import breaks
from shared.procedure.books import Law

RULE = "R56-STANDING"


def check_standing(request: TenderRequest, state: Publicised, bid: str, law: Law) -> None:
    """Raise BreaksClause where a sanction is in force against a candidate or a member of its consortium.

    A tender whose rulebook is older than the clause is awarded as it was announced.
    """
    against = _in_force(request, state, bid)
    if not against or RULE not in law.rulebook.clauses:
        return
    cited = "、".join(dict.fromkeys(one.article for one in against))
    raise breaks(
        law.rulebook.clause(RULE),
        f"该候选人现被暂停或列入名单（{cited}）：请记载其退出（drop_candidate，sanctioned），再依次确定其他候选人或者重新招标。",
        f"This one is suspended or listed now ({cited}): record that it falls away (drop_candidate, sanctioned), and"
        " take the next in order, or hold the tender again.",
    )


def check_sanctioned(request: TenderRequest, state: AnnouncedState, bid: str) -> None:
    """Raise BadInput where no sanction is known by which a candidate could fall away."""
    if not isinstance(state, Publicised | Awarded | Contracted) or not _in_force(request, state, bid):
        raise BadInput("未见该候选人有生效的暂停或名单记录", "no sanction is known to be in force against it")


def _in_force(request: TenderRequest, state: Publicised | Awarded | Contracted, bid: str) -> list[Sanction]:
    row = next(row for row in state.rows if row.bid == bid)
    parties, now = {name_of(party) for party in (row.party, *row.members)}, request.received_at
    told = (one for who in request.facts.sanctioned if who.party in parties for one in who.sanctions)
    return [one for one in told if one.since <= now < one.until]
