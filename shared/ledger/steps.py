"""A verification as a numbered argument: its steps, what each found, and the first that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.ledger.errors import LedgerFault


class Text(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


NOT_REACHED = Text("未执行：前面的步骤未通过", "not reached: an earlier step failed")


@dataclass(frozen=True)
class Step:
    """One step: `ok` is None where it was not done, because it was not asked for or not reached."""

    number: int
    title: Text
    ok: bool | None
    detail: Text


@dataclass(frozen=True)
class Skip:
    """What a check returns when it was given nothing to check, and the reason."""

    reason: Text


Check = tuple[Text, Callable[[], Text | Skip]]


@dataclass(frozen=True)
class Report:
    """The steps of one verification, in order."""

    steps: tuple[Step, ...]

    @property
    def failed(self) -> Step | None:
        """The step that failed, if one did."""
        return next((step for step in self.steps if step.ok is False), None)

    @property
    def overall(self) -> str:
        """The result in a word: "verified", or "failed at step N"."""
        return f"failed at step {self.failed.number}" if self.failed else "verified"


def walk(checks: Sequence[Check]) -> tuple[Step, ...]:
    """Do the checks in order and number them from 1; after the first that raises LedgerFault none is done."""
    steps: list[Step] = []
    for number, (title, check) in enumerate(checks, start=1):
        if any(step.ok is False for step in steps):
            steps.append(Step(number, title, None, NOT_REACHED))
        else:
            steps.append(Step(number, title, *_outcome(check)))
    return tuple(steps)


def _outcome(check: Callable[[], Text | Skip]) -> tuple[bool | None, Text]:
    try:
        found = check()
    except LedgerFault as fault:
        return False, Text(fault.zh, str(fault))
    return (None, found.reason) if isinstance(found, Skip) else (True, found)
