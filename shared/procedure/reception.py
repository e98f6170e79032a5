"""Reception of sealed bids: what one more message of a token may do, and which bids stand in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from shared.kernel.errors import BadInput
from shared.seal.sealed import Cover, E, Submitted, Withdraw, standing


@dataclass(frozen=True, slots=True)
class Reception(Generic[E]):
    """What one token's messages come to: its standing bid, the place of its message from 0, and counts."""

    envelope: E | None
    place: int | None
    withdrawn: int
    covers: int


def check_next(earlier: Sequence[Submitted[E] | Withdraw | Cover], meaning: Submitted[E] | Withdraw | Cover) -> None:
    """Raise BadInput unless `meaning` takes effect after a token's earlier messages (one lot)."""
    current = _current(earlier)
    match meaning:
        case Submitted(envelope=envelope, replaces=replaces):
            if any(isinstance(old, Submitted) and old.envelope.bid == envelope.bid for old in earlier):
                raise no_effect()
            if replaces != current:
                raise no_effect()
        case Withdraw(replaces=replaces):
            if current is None or replaces != current:
                raise no_effect()
        case Cover():
            pass


def received(meanings: Sequence[Submitted[E] | Withdraw | Cover]) -> Reception[E]:
    """Return what one token's messages (one lot), in the order of their arrival, come to."""
    current = _current(meanings)
    place = None
    for index, meaning in enumerate(meanings):
        if isinstance(meaning, Submitted) and meaning.envelope.bid == current and place is None:
            place = index
    return Reception(
        envelope=next(iter(standing(meanings)), None),
        place=place,
        withdrawn=sum(isinstance(meaning, Withdraw) for meaning in meanings),
        covers=sum(isinstance(meaning, Cover) for meaning in meanings),
    )


def _current(meanings: Sequence[Submitted[E] | Withdraw | Cover]) -> str | None:
    return next((envelope.bid for envelope in standing(meanings)), None)


def no_effect() -> BadInput:
    """Return the one refusal of a sealed message that would take no effect, whatever it is.

    It is recorded, stored and carried in the clear, where nobody may tell a bid from its withdrawal; its sender knows
    which of the cases is its own.
    """
    return BadInput(
        "密封消息不能生效，未予接收。如系投标：请确认投标文件已完整上传（上传中断的，须续传后再次递交）、"
        "编号未曾使用，首次投标不指明替换，替换须指明现有有效投标文件；如系撤回：须指明现有有效投标文件",
        "the sealed message would take no effect and is not received. If it is a bid: see that its body is uploaded in "
        "full (after a truncated upload, resume and hand in again) and its id is new; a first one replaces nothing, "
        "a later one names the standing bid that it replaces. If a withdrawal: name the bid that stands",
    )
