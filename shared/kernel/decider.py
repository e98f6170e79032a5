"""A business procedure as a value: decide, evolve and a starting point; replay and redecide follow from them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

from shared.kernel.errors import BrokenHistory, Refusal
from shared.kernel.message import Event
from shared.kernel.request import Request

S = TypeVar("S")
E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=Request[Any, Any])


@dataclass(frozen=True, slots=True)
class Decider(Generic[R, S, E]):
    """`decide` reads the law, the request and the state; `evolve` reads only the event and the state."""

    initial: S
    decide: Callable[[R, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def replay(self, events: Iterable[E], since: S | None = None) -> S:
        """Return the state after `events`, from `since` or from the start. Raise BrokenHistory if they do not fold."""
        return reduce(self.evolve, events, self.initial if since is None else since)


@dataclass(frozen=True, slots=True)
class Decision(Generic[R, E]):
    """One recorded decision: the request as stored and the events that it led to, oldest first."""

    request: R
    events: tuple[E, ...]


def redecide(
    decider: Decider[R, S, E],
    record: Iterable[Decision[R, E]],
    refused: Callable[[R, Refusal], E],
) -> S:
    """Make every recorded decision again and return the last state.

    `refused` gives the event that a refusal of a request leaves. Raise BrokenHistory, naming the decision from 0,
    where other events would have been made: the sign of a forged but plausible record.
    """
    state = decider.initial
    for number, decision in enumerate(record):
        try:
            made = tuple(decider.decide(decision.request, state))
        except Refusal as refusal:
            made = (refused(decision.request, refusal),)
        if made != decision.events:
            recorded = [type(event).__name__ for event in decision.events]
            again = [type(event).__name__ for event in made]
            raise BrokenHistory(f"decision {number} ({decision.request.id}): recorded {recorded}, made again {again}")
        state = decider.replay(made, state)
    return state


def expect(state: object, kind: type[S], event: Event) -> S:
    """Return `state` as the phase that `event` needs. Raise BrokenHistory if it is another."""
    if not isinstance(state, kind):
        raise BrokenHistory(f"{type(event).__name__} cannot follow {type(state).__name__}")
    return state
