"""Whether the way was whole to the end: what the platform's own probes say of it, read when something is due (0021)."""

from datetime import datetime, timedelta

from shared.procedure.lot.asking import LotRequest
from shared.procedure.lot.state import APPLYING, Lot

HEALTHY_MS = 2_000
"""A phase is ended only if a probe came round within so many milliseconds."""


def is_healthy(request: LotRequest, lot: Lot) -> bool:
    """Whether the platform could take bids to the end: a fresh probe, and none missed in the last part of the phase."""
    return is_whole(request, _last_part(lot))


def is_whole(request: LotRequest, since: datetime) -> bool:
    """Whether a probe has just come round, and none was missed since an instant."""
    reading = request.facts.reading
    if reading is None or reading.age_ms > HEALTHY_MS:
        return False
    return reading.mended_at is None or reading.mended_at <= since


def is_cut(request: LotRequest, lot: Lot) -> bool:
    """Whether the time for applications is over, and a fault reached into its last part.

    It is asked until the phase that applications end in is over, so a fault that began after their end does not count;
    one that nobody knows the beginning of counts unless the lot has gone on since.
    """
    due, reading = lot.times.applications_due, request.facts.reading
    within = lot.phase == "registration" or (lot.phase in APPLYING and due > lot.times.starts_at)
    if not within or request.received_at < due:
        return False
    if reading is None:
        return lot.clock < due
    mended, fresh = reading.mended_at, reading.age_ms <= HEALTHY_MS
    whole = mended is None or mended <= _before(due, lot)
    if whole and fresh:
        return False
    if mended is not None and not whole and mended <= due:
        return True
    since = _down_since(request) if whole or fresh else None
    return lot.clock < due if since is None else since < due


def _down_since(request: LotRequest) -> datetime | None:
    """Return since when the platform is down, or was down last; None where nobody knows."""
    reading = request.facts.reading
    if reading is None:
        return None
    age = timedelta(milliseconds=reading.age_ms)
    return reading.down_since or (request.received_at - age if reading.age_ms > HEALTHY_MS else None)


def _before(due: datetime, lot: Lot) -> datetime:
    """Return since when the way must be whole for registration to end at an instant."""
    minutes = timedelta(minutes=lot.announced.terms.timing.prepare_minutes)
    return max(due - minutes, lot.resumes_at or lot.announced.announced_at)


def _last_part(lot: Lot) -> datetime:
    """Return since when the way must be whole for a phase to end: whoever waited for its last part can still act in it.

    Of a countdown that is what follows the last call (报价询问) before its end; of a phase of minutes, as that in which
    bidders are asked, the whole; of a long one as much as is given to prepare for bidding.
    """
    terms, ends = lot.announced.terms, lot.times.ends_at
    timing = terms.timing
    if lot.phase == "registration":
        return _before(ends, lot)
    if lot.phase == "timed":
        return ends - timedelta(minutes=timing.countdown_minutes) / timing.calls
    whole = {
        "asking": timing.ask_minutes,
        "confirming": terms.once.confirm_minutes if terms.once else None,
        "naming": terms.once.name_minutes if terms.once else None,
        "opening": terms.tender.opening_minutes if terms.tender else None,
    }
    minutes = min(timing.prepare_minutes, whole.get(lot.phase) or timing.prepare_minutes)
    return max(ends - timedelta(minutes=minutes), lot.resumes_at or lot.times.starts_at)
