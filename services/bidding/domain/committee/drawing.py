"""The figures of a price formula that are drawn at the opening (E25), for everyone to draw again."""

from collections.abc import Sequence

from services.bidding.domain.ceremony_events import OpeningCompleted
from services.bidding.domain.committee.events import CoefficientDrawn
from services.bidding.domain.events import TenderAnnounced, TenderEvent, TenderFailed
from services.bidding.domain.values import Weighted
from shared.procedure.evaluation import lot


def with_coefficients(events: Sequence[TenderEvent], tender: TenderAnnounced) -> Sequence[TenderEvent]:
    """Return the events, and what is drawn if they complete an opening that goes on to evaluation."""
    opened = next((event for event in events if isinstance(event, OpeningCompleted)), None)
    if opened is None or any(isinstance(event, TenderFailed) for event in events):
        return events
    return *events, *_drawn(opened, tender)


def _drawn(opened: OpeningCompleted, tender: TenderAnnounced) -> Sequence[CoefficientDrawn]:
    method = tender.terms.method
    if not isinstance(method, Weighted):
        return ()
    said = {row.bid: row.statement_sha256 for row in opened.rows if row.statement_sha256}
    return [
        CoefficientDrawn(
            name=one.name,
            choices=one.values,
            seed=(drawn := lot(tender.tender, one.name, said, len(one.values))).seed,
            value=one.values[drawn.place],
        )
        for one in method.drawn
    ]
