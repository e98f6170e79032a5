"""Listing again what was not sold: linked to the failed attempt, and not for ever on the same valuation (S5, S6)."""

from datetime import datetime

from shared.kernel.errors import BadInput
from shared.law.findings import day_of
from shared.procedure.asking import needed
from shared.procedure.lot.after.asking import due
from shared.procedure.lot.after.values import Attempt
from shared.procedure.lot.asking import Ground, LotRequest
from shared.procedure.lot.state import Lot, LotState
from shared.procedure.lot.values import Draft

FAILED = frozenset({"unsold", "ended", "defaulted"})
"""The phases of a lot that may be listed again."""


def as_attempt(name: str, state: LotState) -> Attempt:
    """Return what a later lot may rely on of an earlier one in this state, whose stream has this name."""
    if not isinstance(state, Lot):
        return Attempt(lot=name, phase="")
    announced = state.announced
    return Attempt(
        lot=name,
        phase=state.phase,
        kind=announced.draft.kind,
        seller=str(announced.draft.seller),
        attempt=announced.attempt,
        first_at=announced.first_at,
        appraised_fen=announced.draft.appraised_fen,
    )


def linked(request: LotRequest, draft: Draft, ground: Ground) -> tuple[int, datetime]:
    """Return which attempt an announcement is, and when the first of them was announced.

    A valuation of a later day than the first announcement begins anew: attempts on it count from one. Raise BadInput
    for a draft that names no failed attempt of its own, BreaksClause for one too late on the old valuation (S6), or at
    another amount without a new one (S5).
    """
    now = request.received_at
    if draft.appraised_on is not None and draft.appraised_on > day_of(now):
        raise BadInput("评估基准日晚于今日，请核对", "the valuation is of a day to come; check it")
    if draft.attempt_of is None:
        return 1, now
    before = needed(request.facts.attempt, "attempt")
    if before.lot != draft.attempt_of or before.phase not in FAILED or before.first_at is None:
        zh, en = "所列的前次标的不存在，或者并未流标、终止、违约", "the attempt named is not there, or did not fail"
        raise BadInput(zh, en)
    if (before.kind, before.seller) != (draft.kind, str(draft.seller)):
        raise BadInput("前次标的的种类或者出让方不同", "the attempt named is of another kind or another seller")
    if draft.appraised_on is not None and draft.appraised_on > day_of(before.first_at):
        return 1, now
    if ground.rules.lapse is not None and now >= due(ground, "lapse", before.first_at):
        raise ground.breaks("lapse", "请重新评估后再次挂牌。", "have it valued anew before it is listed again")
    if ground.rules.first_price is not None and before.appraised_fen not in {None, draft.appraised_fen}:
        zh = "评估结果与前次不同，请载明新的评估基准日（appraised_on），或者仍用前次的评估结果。"
        en = "the valuation is not that of the attempt before: give the day of a new one (appraised_on), or keep it"
        raise ground.breaks("first_price", zh, en)
    return before.attempt + 1, before.first_at
