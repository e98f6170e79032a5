"""The two kinds of no, and the loud third: refusals to the asker, and histories that do not fold."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Refusal(Exception):  # noqa: N818 - it states a fact; the style sheet names errors so
    """A request that the law or the platform does not grant; told to the asker in both languages.

    `article` is the article of law or the platform rule that it rests on. Nothing secret may stand in it.
    """

    code: ClassVar[str] = "refused"

    zh: str
    en: str
    article: str = "平台规则"

    def __str__(self) -> str:
        return f"{self.code}: {self.en} [{self.article}]"


@dataclass(frozen=True)
class OutOfPhase(Refusal):
    """The procedure is not in a phase in which this can be asked."""

    code: ClassVar[str] = "out_of_phase"


@dataclass(frozen=True)
class BreaksClause(Refusal):
    """What is asked would break a clause of the law or of the tender file."""

    code: ClassVar[str] = "breaks_clause"


@dataclass(frozen=True)
class NotEntitled(Refusal):
    """The asker's role, region or party does not entitle it to this."""

    code: ClassVar[str] = "not_entitled"


@dataclass(frozen=True)
class BadInput(Refusal):
    """What was sent cannot be read as what it should be; the text says what to do."""

    code: ClassVar[str] = "bad_input"


@dataclass(frozen=True)
class Conflict(Refusal):
    """A command id was used before with another body."""

    code: ClassVar[str] = "command_id_reused"


class BrokenHistory(Exception):  # noqa: N818
    """Recorded events do not fold: the stream is damaged and must be quarantined, never read leniently."""
