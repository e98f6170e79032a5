"""Freeze and thaw (中止、恢复): on command, and by itself where the platform was not there to take bids."""

from collections.abc import Sequence
from datetime import timedelta

from shared.kernel.errors import BadInput
from shared.procedure.lot.asking import Ground, LotRequest, check_owner, proxy_secret
from shared.procedure.lot.commands import Freeze, Terminate, Thaw
from shared.procedure.lot.events import LotFrozen, LotTerminated, LotThawed
from shared.procedure.lot.state import OVER, Lot
from shared.procedure.lot.values import Cause

HEALTHY_MS = 2_000
"""A phase is ended only if a probe came round within so many milliseconds."""

RESTARTED = frozenset({"asking", "preparing", "timed"})
"""The phases that begin again with a preparation when the lot goes on (T17)."""


def is_healthy(request: LotRequest, lot: Lot) -> bool:
    """Whether the platform could take bids to the end: a fresh probe, and none missed since before that end."""
    reading = request.facts.reading
    if reading is None or reading.age_ms > HEALTHY_MS:
        return False
    return reading.mended_at is None or reading.mended_at <= lot.times.ends_at


def by_itself(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot that would have ended while the platform was down; what was left then is left again."""
    reading = request.facts.reading
    down = timedelta(milliseconds=reading.age_ms) if reading else timedelta()
    least = timedelta(minutes=lot.announced.terms.timing.prepare_minutes)
    left = max(least, lot.times.ends_at - (request.received_at - down))
    notice = "平台故障，竞价中止，剩余时间恢复后继续。 The platform was down; the time that was left is given back."
    return (_frozen(request, lot, ground, left, "outage", notice),)


def reserve_not_opened(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot whose reserve was not opened in its minutes: it is never taken for nought."""
    notice = "底价未能按时启封，成交与否待定。 The reserve was not opened in time; nothing is decided without it."
    return (_frozen(request, lot, ground, timedelta(), "reserve_not_opened", notice),)


def freeze(request: LotRequest, command: Freeze, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot on command; nothing is lost of the time that was left."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.frozen is not None or lot.phase in OVER:
        raise ground.not_now("freeze", "标的已中止或者已结束", "the lot stands still already, or is over")
    left = max(timedelta(), lot.times.ends_at - request.received_at)
    return (_frozen(request, lot, ground, left, command.cause, command.notice),)


def thaw(request: LotRequest, command: Thaw, lot: Lot, ground: Ground) -> Sequence[LotThawed]:
    """Let a lot go on (T17): at once where it stood still for less than an hour, else after a notice of a day."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    frozen = lot.frozen
    if frozen is None:
        raise ground.not_now("freeze", "标的没有中止", "the lot does not stand still")
    now, resumes = request.received_at, command.resumes_at
    if resumes < now:
        raise BadInput("恢复时间应不早于现在", "it goes on now or later")
    if now - frozen.at >= timedelta(minutes=ground.figure("thaw_at_once")):
        hours = timedelta(hours=ground.figure("thaw_notice"))
        if resumes < now + hours:
            raise ground.breaks("thaw_notice", "恢复时间过早。", "it would go on too early")
    phase, ends = frozen.phase, resumes + timedelta(seconds=frozen.left_seconds or 0)
    timing = lot.announced.terms.timing
    if phase in RESTARTED:
        phase, ends = "preparing", resumes + timedelta(minutes=timing.prepare_minutes)
    if phase == "reserve":
        ends = resumes + timedelta(minutes=lot.announced.terms.reserve_minutes)
    shifted = int((resumes - frozen.at).total_seconds())
    return (
        LotThawed(
            resumes_at=resumes,
            phase=phase,
            ends_at=ends,
            shifted_seconds=shifted,
            notice=command.notice,
            article=ground.clause("freeze").article,
        ),
    )


def terminate(request: LotRequest, command: Terminate, lot: Lot, ground: Ground) -> Sequence[LotTerminated]:
    """End a lot for good (T18)."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.phase in OVER:
        raise ground.not_now("terminate", "标的已经结束", "the lot is over")
    secret = proxy_secret(request, lot) if lot.proxies and lot.phase not in {"reserve", "review"} else None
    return (
        LotTerminated(
            cause=command.cause,
            notice=command.notice,
            proxy_secret=secret,
            article=ground.clause("terminate").article,
        ),
    )


def _frozen(  # noqa: PLR0917 - a fact has so many parts
    request: LotRequest, lot: Lot, ground: Ground, left: timedelta, cause: Cause, notice: str
) -> LotFrozen:
    return LotFrozen(
        cause=cause,
        notice=notice,
        at=max(lot.clock, request.received_at),
        phase=lot.phase,
        left_seconds=int(left.total_seconds()),
        reading=request.facts.reading,
        article=ground.clause("freeze").article,
    )
