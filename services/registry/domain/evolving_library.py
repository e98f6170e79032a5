"""The part of the registry's evolve that is about experts and draws."""

from typing import Any, assert_never

from services.registry.domain import expert_events as events
from services.registry.domain.state import Drawing, EnrolledExpert, Unborn
from shared.kernel.decider import expect
from shared.procedure.draw import Commitment, Reveal

ExpertEvent = events.ExpertEnrolled | events.ExpertChanged | events.ExpertTied | events.ExpertStandingSet
DrawEvent = (
    events.DrawPooled
    | events.DrawCommitted
    | events.DrawBound
    | events.DrawRevealed
    | events.ExpertsDrawn
    | events.DrawLapsed
    | events.SeatDeclined
    | events.DrawAnnounced
)


def evolve_library(state: Any, event: ExpertEvent | DrawEvent) -> EnrolledExpert | Drawing:
    """Return the state of an expert or a draw after an event. Raise BrokenHistory where it cannot follow."""
    match event:
        case events.ExpertEnrolled():
            expect(state, Unborn, event)
            return EnrolledExpert(expert=event.expert)
        case events.ExpertChanged() | events.ExpertTied():
            return expect(state, EnrolledExpert, event)
        case events.ExpertStandingSet():
            return expect(state, EnrolledExpert, event).model_copy(update={"standing": event.standing})
        case events.DrawPooled():
            if not isinstance(state, Unborn):
                expect(state, Drawing, event)
            return Drawing(pooled=event, waits_until=event.commit_by)
        case _:
            drawing = expect(state, Drawing, event)
            return drawing.model_copy(update=_changed(drawing, event))


def _changed(drawing: Drawing, event: Any) -> dict[str, Any]:  # noqa: PLR0911 - one case an event
    match event:
        case events.DrawCommitted():
            made = (*drawing.commitments, Commitment(party=event.party, digest=event.digest))
            if event.bind_by is None:
                return {"commitments": made}
            return {"commitments": made, "stage": "binding", "waits_until": event.bind_by}
        case events.DrawBound():
            return {"root": event.root, "anchor": event.anchor, "stage": "revealing"}
        case events.DrawRevealed():
            return {"reveals": (*drawing.reveals, Reveal(party=event.party, nonce=event.nonce))}
        case events.ExpertsDrawn():
            return {"stage": "drawn", "called": event.called, "chosen": event.chosen}
        case events.SeatDeclined():
            return {"declined": (*drawing.declined, event.expert), "chosen": event.chosen}
        case events.DrawLapsed():
            return {"stage": "lapsed"}
        case events.DrawAnnounced():
            return {"announced": True}
        case _:
            assert_never(event)
