"""Bidding serves construction tendering: 招标投标法, its 实施条例 and 电子招标投标办法; LINE is the line as a value."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter

from services.bidding.domain.access import messages as access
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.commands import TenderCommand
from services.bidding.domain.committee import commands as committee
from services.bidding.domain.documents import messages as documents
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.facts import released
from services.bidding.domain.law import LAW
from services.bidding.domain.money import messages as money
from services.bidding.domain.money.seen import concerned
from services.bidding.domain.outages import messages as outages
from services.bidding.domain.publication import messages as publication
from services.bidding.domain.readings import messages as readings
from services.bidding.domain.remedies import messages as remedies
from services.bidding.domain.result import messages as result
from services.bidding.domain.state import Announced, Collecting, TenderState
from services.bidding.domain.tender import make_decider, refused
from services.bidding.domain.timers import timers
from services.bidding.domain.timetable import messages as timetable
from services.bidding.domain.visible import gives, knows, standing, visible
from shared.kernel.line import Line, whenever
from shared.kernel.request import Role
from shared.procedure.books import Books

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.draft_tender": frozenset({"tenderer", "agency"}),
    "bidding.publish_tender": frozenset({"tenderer", "agency"}),
    "bidding.deliver_sealed": frozenset({"token"}),
    "bidding.close_reception": frozenset({"system", "agency"}),
    "bidding.start_opening": frozenset({"tenderer", "agency", "operator"}),
    "bidding.note_witness": frozenset({"system"}),
    "bidding.proceed_unwitnessed": frozenset({"system"}),
    "bidding.sign_in": frozenset({"token"}),
    "bidding.give_key": frozenset({"token"}),
    "bidding.give_shares": frozenset({"authority"}),
    "bidding.extend_key_collection": frozenset({"tenderer", "agency"}),
    "bidding.end_key_collection": frozenset({"system"}),
    "bidding.record_unsealing": frozenset({"system"}),
    "bidding.note_disclosure": frozenset({"system"}),
    "bidding.report_evaluation": frozenset({"agency"}),
    "bidding.publish_candidates": frozenset({"tenderer", "agency"}),
    "bidding.award_tender": frozenset({"tenderer", "agency"}),
    "bidding.sign_contract": frozenset({"tenderer", "agency"}),
    "bidding.recount_deadlines": frozenset({"system"}),
    **access.ENTITLED,
    **committee.ENTITLED,
    **documents.ENTITLED,
    **money.ENTITLED,
    **result.ENTITLED,
    **timetable.ENTITLED,
    **publication.ENTITLED,
    **readings.ENTITLED,
    **remedies.ENTITLED,
    **outages.ENTITLED,
}
"""Who may give which command; whether it is their own tender, the decision looks."""

BOOKS = Books()
"""The rulebooks and calendars of this process; the service's handlers and the auditor put them here."""


def rulebook(state: TenderState) -> str | None:
    """Return the digest of the rulebook that a tender was announced under."""
    return state.tender.rulebook if isinstance(state, Announced) else None


def bids_due(state: TenderState) -> datetime:
    """Return the deadline of a tender: what arrives later holds up nothing."""
    return state.tender.terms.bids_due if isinstance(state, Announced) else whenever(state)


def keys_due(state: TenderState) -> datetime:
    """Return when the minutes for keys are over."""
    return state.collection.keys_due if isinstance(state, Collecting) else whenever(state)


LINE = Line(
    name="bidding",
    title_zh="工程建设招标投标",
    title_en="Construction tendering",
    decider=make_decider(BOOKS),
    commands=TypeAdapter(TenderCommand),
    events=TypeAdapter(TenderEvent),
    requests=TypeAdapter(TenderRequest),
    visible=visible,
    gives=gives,
    concerned=concerned,
    refused=refused,
    entitled=ENTITLED,
    arriving=frozenset({"bidding.deliver_sealed", "bidding.give_key"}),
    closing={"bidding.close_reception": bids_due, "bidding.end_key_collection": keys_due},
    timers=timers,
    rulebook=rulebook,
    standing=standing,
    knows=knows,
    law=LAW,
    books=BOOKS,
    released=released,
    reading=readings.READING,
)
