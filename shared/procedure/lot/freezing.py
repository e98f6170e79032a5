"""Freeze and thaw (中止、恢复): on command, and by itself where the platform was not there to take bids."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.kernel.errors import BadInput, NotEntitled
from shared.law.calendar import DAY
from shared.law.findings import BEIJING, day_of
from shared.law.periods import earliest_target_day
from shared.procedure.lot.asking import Ground, LotRequest, check_owner, disclosed_secret, hour
from shared.procedure.lot.commands import Freeze, Terminate, Thaw
from shared.procedure.lot.endings import LotFrozen, LotTerminated, LotThawed
from shared.procedure.lot.events import Phase
from shared.procedure.lot.health import is_cut
from shared.procedure.lot.state import OVER, Lot
from shared.procedure.lot.values import Cause
from shared.procedure.publicity import limit

FAULTS: frozenset[Cause] = frozenset({"outage", "reserve_not_opened", "not_opened"})
"""What the platform alone finds and mends: it goes on at once when it is mended soon, and no lot is ended for it."""

NOTICES: Mapping[Cause | Literal["registration"], tuple[str, str]] = {
    "registration": (
        "平台故障，报名中止，剩余时间恢复后继续。",
        "The platform was down; registration gets back the time that was left.",
    ),
    "outage": (
        "平台故障，竞价中止，剩余时间恢复后继续。",
        "The platform was down; the time that was left is given back.",
    ),
    "reserve_not_opened": (
        "底价未能按时启封，成交与否待定。",
        "The reserve was not opened in time; nothing is decided without it.",
    ),
    "not_opened": (
        "开标所需的分片未按时到齐，开标中止。",
        "Too few shares came in time; the opening stands still.",
    ),
}
"""What the platform says where it halts a lot by itself. A fact keeps both languages in one text, a space between."""

SECOND, MINUTE, RESOLUTION = timedelta(seconds=1), timedelta(minutes=1), timedelta.resolution

FARTHEST = timedelta(days=366)
"""How far ahead a lot may go on: what is later is a slip of the pen."""

RESTARTED = frozenset({"preparing", "timed"})
"""The phases that begin again with a preparation when the lot goes on (T17); what was asked is asked again."""


def by_itself(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot that would have ended while the platform was down; what was left then is left again.

    So it is with the time for applications, and with what of registration comes after it.
    """
    reading, since = request.facts.reading, request.received_at
    if reading is not None:
        since = min(since - timedelta(milliseconds=reading.age_ms), reading.down_since or since)
    least, cut = timedelta(minutes=lot.announced.terms.timing.prepare_minutes), is_cut(request, lot)
    if cut or lot.phase == "registration":
        since = min(since, (lot.times.applications_due if cut else lot.times.ends_at) - least)
        frozen = _halted(request, lot, ground, max(least, lot.times.ends_at - since), "outage", "registration")
        return (frozen.model_copy(update={"since": since}),)
    return (_halted(request, lot, ground, max(least, lot.times.ends_at - since), "outage"),)


def reserve_not_opened(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot whose reserve was not opened in its minutes: it is never taken for nought."""
    return (_halted(request, lot, ground, timedelta(), "reserve_not_opened"),)


def not_opened(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a tender for whose opening the authorities, or the reserve, were wanting: no bidder answers for that."""
    return (_halted(request, lot, ground, timedelta(), "not_opened"),)


def notice_of(notice: str) -> tuple[str, str]:
    """Return a recorded notice in Chinese and in English; what people wrote stands as it is in both."""
    return next((own for own in NOTICES.values() if notice == " ".join(own)), (notice, notice))


def freeze(request: LotRequest, command: Freeze, lot: Lot, ground: Ground) -> Sequence[LotFrozen]:
    """Freeze a lot on command; nothing is lost of the time that was left."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if command.cause in {"reserve_not_opened", "not_opened"}:
        raise BadInput("未能启封由平台认定", "that something did not open, the platform says by itself")
    if command.cause in FAULTS and request.actor.role not in {"operator", "system"}:
        zh, en = "平台故障由平台运营机构认定", "that the platform is at fault, its operator says"
        raise NotEntitled(zh, en, ground.clause("freeze").article)
    if lot.frozen is not None or lot.phase in OVER:
        raise ground.not_now("freeze", "标的已中止或者已结束", "the lot stands still already, or is over")
    since = max(hour(request, lot), lot.resumes_at or lot.clock)
    left = max(timedelta(), lot.times.ends_at - since)
    return (_frozen(request, lot, ground, left, command.cause, command.notice),)


def thaw(request: LotRequest, command: Thaw, lot: Lot, ground: Ground) -> Sequence[LotThawed]:
    """Let a lot go on (T17): at once where it stood still for less than an hour, else after a notice of a day."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    frozen = lot.frozen
    if frozen is None:
        raise ground.not_now("freeze", "标的没有中止", "the lot does not stand still")
    now, resumes = hour(request, lot), command.resumes_at
    if not now <= resumes <= now + FARTHEST:
        raise BadInput("恢复时间应不早于现在，且在一年以内", "it goes on now or later, and within a year")
    mended = frozen.cause in FAULTS and now - frozen.at < timedelta(minutes=ground.figure("thaw_at_once"))
    if not mended:
        earliest = now + timedelta(hours=ground.figure("thaw_notice"))
        if resumes < earliest:
            told = _minute(earliest)
            raise ground.breaks("thaw_notice", f"恢复时间最早可为 {told}。", f"{told} in Beijing is the earliest")
    phase, ends = _next_end(resumes, frozen, lot)
    shifted = _whole(resumes - frozen.stopped_at)
    if phase == "registration":
        shifted += _lacking(resumes, frozen, lot, ground)
    times = lot.times.shifted(timedelta(seconds=shifted), frozen.stopped_at)
    if phase == "registration":
        ends = max(resumes, times.starts_at)
    return (
        LotThawed(
            resumes_at=resumes,
            phase=phase,
            ends_at=ends,
            applications_due=times.applications_due if times.applications_due > frozen.stopped_at else None,
            shifted_seconds=shifted,
            notice=command.notice,
            article=ground.clause("freeze").article,
        ),
    )


def _next_end(resumes: datetime, frozen: LotFrozen, lot: Lot) -> tuple[Phase, datetime]:
    """Return the phase in which a lot goes on, and when that ends: with all that was left, or prepared anew."""
    terms = lot.announced.terms
    if frozen.phase == "asking":
        return "asking", resumes + timedelta(minutes=terms.timing.ask_minutes)
    if frozen.phase in {"confirming", "naming"} and terms.once:
        minutes = terms.once.confirm_minutes if frozen.phase == "confirming" else terms.once.name_minutes
        return frozen.phase, resumes + timedelta(minutes=minutes)
    if frozen.phase in RESTARTED:
        return "preparing", resumes + timedelta(minutes=terms.timing.prepare_minutes)
    if frozen.phase == "opening" and terms.tender is not None:
        return "opening", resumes + timedelta(minutes=terms.tender.opening_minutes)
    if frozen.phase == "reserve":
        return "reserve", resumes + timedelta(minutes=terms.reserve_minutes)
    return frozen.phase, resumes + timedelta(seconds=frozen.left_seconds or 0)


def _lacking(resumes: datetime, frozen: LotFrozen, lot: Lot, ground: Ground) -> int:
    """Return by how many seconds more registration moves, so that it is long enough in all and after it (S9).

    Raise BreaksClause where it stood still for longer than it may.
    """
    rules, law = ground.rules, ground.law
    if rules.suspended is None or rules.rest is None:
        return 0
    if resumes >= limit(frozen.at, rules.suspended, law).ends_at:
        raise ground.breaks("suspended", "中止期过长，只能终止。", "it stood still too long and can only be ended")
    if lot.times.applications_due <= frozen.stopped_at:
        return 0
    due = lot.times.applications_due + (resumes - frozen.stopped_at)
    told = ground.announced(lot.announced.terms.whole_fen, first=lot.announced.attempt == 1)
    before = day_of(lot.announced.announced_at) + DAY, day_of(frozen.stopped_at)
    done = sum(law.calendar.is_working_day(before[0] + DAY * n) for n in range((before[1] - before[0]).days))
    whole = law.rulebook.figure(told, int) if told else 0
    n, unit = max(ground.figure("rest"), whole - done), ground.clause("rest").unit
    day = earliest_target_day(resumes, n, unit, law.calendar, reading=law.rulebook.reading)
    return max(0, (day - day_of(due)).days) * (DAY // SECOND)


def terminate(request: LotRequest, command: Terminate, lot: Lot, ground: Ground) -> Sequence[LotTerminated]:
    """End a lot for good (T18)."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.phase in OVER:
        raise ground.not_now("terminate", "标的已经结束", "the lot is over")
    if command.cause == "idle":
        raise BadInput("闲置由平台按期认定", "what is idle, the platform says by its time")
    return (
        LotTerminated(
            cause=command.cause,
            notice=command.notice,
            at=hour(request, lot),
            proxy_secret=disclosed_secret(request, lot),
            article=ground.clause("terminate").article,
        ),
    )


def _halted(  # noqa: PLR0917 - a fact has so many parts
    request: LotRequest,
    lot: Lot,
    ground: Ground,
    left: timedelta,
    cause: Cause,
    what: Literal["registration"] | None = None,
) -> LotFrozen:
    """Return the fact of a lot that the platform halts by itself."""
    return _frozen(request, lot, ground, left, cause, " ".join(NOTICES[what or cause]))


def _frozen(  # noqa: PLR0917 - a fact has so many parts
    request: LotRequest, lot: Lot, ground: Ground, left: timedelta, cause: Cause, notice: str
) -> LotFrozen:
    at = hour(request, lot)
    return LotFrozen(
        cause=cause,
        notice=notice,
        at=at,
        phase=lot.phase,
        left_seconds=_whole(left),
        reading=request.facts.reading,
        idle_at=None if cause in FAULTS else limit(at, ground.rules.idle, ground.law).ends_at,
        article=ground.clause("freeze").article,
    )


def _minute(at: datetime) -> str:
    """Return an instant as people in Beijing read it, to the minute and never before it."""
    return f"{at.astimezone(BEIJING) + MINUTE - RESOLUTION:%Y-%m-%d %H:%M}"


def _whole(time: timedelta) -> int:
    """Return a time in whole seconds, rounded up: nothing is lost of it (T17)."""
    return -(-time // SECOND)
