"""The page of a tender: what its events say, by section, with the times as they stand now."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.bidding import BOOKS
from services.bidding.domain.access.seen import is_listed
from services.bidding.domain.ceremony_events import OpeningCompleted
from services.bidding.domain.committee.contents import contents
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.money.returning import returned_by
from services.bidding.domain.receiving import law_of
from services.bidding.domain.recounting import as_counted
from services.bidding.domain.state import Announced, Collecting, TenderState
from shared.kernel.canonical import instant
from shared.kernel.message import Event
from shared.kernel.record import Record
from shared.kernel.request import Actor
from shared.store import rulebooks

SECTIONS: Mapping[str, str] = {
    "bidding.tender_drafted.v1": "draft",
    "bidding.tender_announced.v1": "announcement",
    "bidding.opening_started.v1": "opening",
    "bidding.key_collection_started.v1": "key_collection",
    "bidding.opening_completed.v1": "opening_record",
    "bidding.parties_admitted.v1": "admitted",
    "bidding.applications_reviewed.v1": "review",
    "bidding.committee_formed.v1": "committee",
    "bidding.evaluation_extended.v1": "evaluation_extended",
    "bidding.evaluation_reported.v1": "report",
    "bidding.signing_ended.v1": "signing",
    "bidding.candidates_publicised.v1": "candidates",
    "bidding.tender_awarded.v1": "award",
    "bidding.contract_signed.v1": "contract",
    "bidding.tender_failed.v1": "failure",
    "bidding.tender_terminated.v1": "failure",
    "bidding.evaluation_set_aside.v1": "set_aside",
    "bidding.outage_declared.v1": "outage",
    "bidding.deadlines_recounted.v1": "recounted",
    "bidding.tender_to_be_held_again.v1": "failure",
    "bidding.supervisor_reported.v1": "supervisor_report",
    "bidding.contract_countersigned.v1": "countersignature",
    "bidding.reference_opened.v1": "reference",
    "bidding.deposits_examined.v1": "deposits_examined",
}
"""The sections with one thing in them, by the event that says it; of several of one kind the last."""

LISTED: Mapping[str, str] = {
    "bidding.coefficient_drawn.v1": "coefficients",
    "bidding.member_recused.v1": "recused_members",
    "bidding.member_replaced.v1": "replaced_members",
    "bidding.more_time_asked.v1": "more_time_asked",
    "bidding.finding_proposed.v1": "findings",
    "bidding.finding_voted.v1": "votes",
    "bidding.bidder_asked.v1": "bidders_asked",
    "bidding.committee_answered.v1": "bidders_answers",
    "bidding.bids_scored.v1": "members_scores",
    "bidding.report_signed.v1": "signatures",
    "bidding.tender_clarified.v1": "clarifications",
    "bidding.question_asked.v1": "questions",
    "bidding.qualification_notified.v1": "qualifications",
    "bidding.collusion_noted.v1": "collusion",
    "bidding.tender_suspended.v1": "suspensions",
    "bidding.tender_resumed.v1": "resumptions",
    "bidding.candidate_dropped.v1": "dropped_candidates",
    "bidding.validity_extended.v1": "validity_extensions",
    "bidding.publication_noted.v1": "publications",
    "bidding.key_collection_extended.v1": "key_collection_extensions",
    "bidding.deadline_moved.v1": "deadline_moves",
    "bidding.outage_noted.v1": "outages",
    "bidding.objection_raised.v1": "objections",
    "bidding.interest_declared.v1": "interests",
    "bidding.objection_repeated.v1": "objections_repeated",
    "bidding.objection_answered.v1": "answers",
    "bidding.objection_withdrawn.v1": "objections_withdrawn",
    "bidding.opening_confirmed.v1": "confirmations",
    "bidding.complaint_made.v1": "complaints",
    "bidding.complaint_examined.v1": "complaints_examined",
    "bidding.complaint_decided.v1": "complaint_decisions",
    "bidding.deposit_recorded.v1": "deposits",
    "bidding.fee_recorded.v1": "fees",
    "bidding.bid_revoked.v1": "revoked_bids",
    "bidding.refund_due.v1": "refunds_due",
    "bidding.refund_recorded.v1": "refunds",
    "bidding.deposit_kept.v1": "deposits_kept",
    "bidding.bond_recorded.v1": "bonds",
}
"""The sections that are lists, by the event that adds to them."""

TAKEN_BACK: Mapping[str, Sequence[str]] = {"bidding.evaluation_set_aside.v1": ("report", "candidates", "award")}
"""The sections that no longer stand, by the event that takes them back."""


def page(connection: Connection, state: TenderState, told: Sequence[tuple[Record, Event]]) -> dict[str, Any]:
    """Return the sections of a tender's page, made of the events that its reader is told."""
    sections: dict[str, Any] = {}
    for record, _ in told:
        for gone in TAKEN_BACK.get(record.type, ()):
            sections.pop(gone, None)
        if name := SECTIONS.get(record.type):
            sections[name] = record.data
        elif name := LISTED.get(record.type):
            sections.setdefault(name, []).append(record.data)
    if isinstance(state, Announced):
        events = [event for _, event in told]
        sections |= _times_now(connection, state, events, sections)
        if "report" in sections:
            sections |= _ten_contents(state, events)
    return sections


def admission(actor: Actor, state: TenderState) -> dict[str, Any]:
    """Return the section that tells a bidder whether it is one of those who alone may bid, where only they may."""
    listed = is_listed(actor, state) if actor.role == "bidder" else None
    return {} if listed is None else {"admission": {"listed": listed}}


def _ten_contents(state: Announced, told: Sequence[Event]) -> dict[str, Any]:
    """Return the ten contents of a committee's report that stands, the last one that the reader is told of."""
    opened = next((event for event in told if isinstance(event, OpeningCompleted)), None)
    reports = [event for event in told if isinstance(event, EvaluationReported) and event.minutes]
    if opened is None or not reports:
        return {}
    return {"report_contents": contents(state.tender, opened.rows, reports[-1]).model_dump(mode="json")}


def _times_now(
    connection: Connection, state: Announced, told: Sequence[Event], sections: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the sections that hold a time limit as it stands now, and which years of its count are provisional."""
    announced = state.tender
    rulebooks.shelve(connection, BOOKS, announced.rulebook, state.published)
    counted = as_counted(told, lambda published: BOOKS.law(announced.rulebook, announced.calendar, published))
    now: dict[str, Any] = {name: {**sections[name], **times} for name, times in counted.items()}
    if announcement := sections.get("announcement"):
        terms = {**announcement["terms"], "bids_due": instant(announced.terms.bids_due)}
        now["announcement"] = {**announcement, "terms": terms}
    if isinstance(state, Collecting) and (collection := sections.get("key_collection")):
        now["key_collection"] = {**collection, "keys_due": instant(state.collection.keys_due)}
    if refunds := sections.get("refunds_due"):
        law, due = law_of(state, BOOKS), state.beside.money.due
        ends = {key: instant(returned_by(one, law)) for key, one in due.items()}
        now["refunds_due"] = [{**one, "due": ends[one["token"], one["number"]]} for one in refunds]
    if holds := state.beside.timetable.holds:
        now["suspended"] = [hold.hold for hold in holds]
    return now
