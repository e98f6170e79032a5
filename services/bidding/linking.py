"""What is found of the procedures that a draft names, when it is announced: their state, read from their records."""

from collections.abc import Sequence

from services.bidding import LINE, links
from services.bidding.domain.access.values import Admitted, Linked, name_of
from services.bidding.domain.state import Announced, Qualified, TenderState
from services.bidding.domain.values import Draft
from shared.store import journal
from shared.store.database import Connection


def linked(connection: Connection, draft: Draft) -> tuple[Linked, ...]:
    """Return what is known of each procedure that a draft names; of what is not announced, that it is not."""
    named = [draft.retender_of, draft.prequalification, draft.first_stage]
    return tuple(
        as_linked(name, _state(connection, name), links.held_again(connection, name))
        for name in dict.fromkeys(named)
        if name is not None
    )


def as_linked(name: str, state: TenderState, held_again: Sequence[str] = ()) -> Linked:
    """Return what another procedure may rely on of a procedure in this state, and of what was held again for it."""
    if not isinstance(state, Announced):
        return Linked(procedure=name, phase="unannounced")
    draft, access = state.tender.draft, state.tender.access
    return Linked(
        procedure=name,
        phase=type(state).__name__.lower(),
        kind=draft.kind,
        buyer=str(draft.buyer),
        project=draft.project,
        attempt=access.attempt if access else 1,
        admitted=_admitted(state) if isinstance(state, Qualified) else (),
        held_again=tuple(held_again),
    )


def _admitted(state: Qualified) -> tuple[Admitted, ...]:
    return tuple(
        Admitted(party=name_of(row.party), name=row.party.name, members=tuple(map(name_of, row.members)))
        for row in state.review.rows
        if row.passed
    )


def _state(connection: Connection, stream: str) -> TenderState:
    state: TenderState = LINE.decider.replay(LINE.event_of(raw) for raw in journal.bytes_of_stream(connection, stream))
    return state
