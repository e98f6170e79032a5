"""Reception of sealed bids: what one more message of a token may do, and which bids stand in the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.errors import BadInput
from shared.seal.envelope import Envelope
from shared.seal.sealed import Cover, Meaning, Submit, Withdraw, standing


@dataclass(frozen=True, slots=True)
class Reception:
    """What one token's messages come to: its standing bid, the place of its message from 0, and counts."""

    envelope: Envelope | None
    place: int | None
    withdrawn: int
    covers: int


def check_next(earlier: Sequence[Meaning], meaning: Meaning) -> None:
    """Raise BadInput unless `meaning` takes effect after a token's earlier messages (one lot).

    Every refusal is of the same kind and cites the same rule, so that its record does not tell what was sent.
    """
    current = _current(earlier)
    match meaning:
        case Submit(envelope=envelope, replaces=replaces):
            if any(isinstance(old, Submit) and old.envelope.bid == envelope.bid for old in earlier):
                raise BadInput("该投标文件编号已经使用，请使用新的编号", "this bid id was used before; use a new one")
            if replaces != current:
                raise _not_current(current)
        case Withdraw(replaces=replaces):
            if current is None or replaces != current:
                raise _not_current(current)
        case Cover():
            pass


def received(meanings: Sequence[Meaning]) -> Reception:
    """Return what one token's messages (one lot), in the order of their arrival, come to."""
    current = _current(meanings)
    place = None
    for index, meaning in enumerate(meanings):
        if isinstance(meaning, Submit) and meaning.envelope.bid == current and place is None:
            place = index
    return Reception(
        envelope=next(iter(standing(meanings)), None),
        place=place,
        withdrawn=sum(isinstance(meaning, Withdraw) for meaning in meanings),
        covers=sum(isinstance(meaning, Cover) for meaning in meanings),
    )


def _current(meanings: Sequence[Meaning]) -> str | None:
    return next((envelope.bid for envelope in standing(meanings)), None)


def _not_current(current: str | None) -> BadInput:
    if current is None:
        return BadInput("没有可以替换或撤回的投标文件", "there is no standing bid to replace or withdraw")
    return BadInput(
        f"已有有效投标文件{current}，替换或撤回时须指明它", f"bid {current} stands; name it to replace or withdraw it"
    )
