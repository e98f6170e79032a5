"""The two kinds of no, and the loud third: refusals to the asker, and histories that do not fold."""

from typing import ClassVar

PLATFORM_RULE = "平台规则"


class Refusal(Exception):
    """A request that the law or the platform does not grant, told to the asker in both languages.

    `article` is the article of law or the platform rule that it rests on. Nothing secret may stand in it.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, zh: str, en: str, article: str = PLATFORM_RULE) -> None:
        super().__init__(zh, en, article)
        self.zh = zh
        self.en = en
        self.article = article

    def __str__(self) -> str:
        return f"{self.code}: {self.zh} / {self.en} [{self.article}]"


class OutOfPhase(Refusal):
    """The procedure is not in a phase in which this can be asked."""

    code = "out_of_phase"


class BreaksClause(Refusal):
    """What is asked would break a clause of the law or of the tender file."""

    code = "breaks_clause"


class NotEntitled(Refusal):
    """The asker's role, region or party does not entitle it to this."""

    code = "not_entitled"


class BadInput(Refusal):
    """What was sent cannot be read as what it should be; the text says what to do."""

    code = "bad_input"


class NotFound(Refusal):
    """There is no such thing, or none that the asker may see: the answer does not tell which."""

    code = "not_found"


class CommandReused(Refusal):
    """A command id was used before with another body."""

    code = "command_id_reused"


class NotYet(Refusal):
    """What was asked must wait for something under way; asking again later may succeed. Never stored as an outcome."""

    code = "not_yet"


class Quarantined(Refusal):
    """The stream's history does not fold; the service goes on without it until it is repaired."""

    code = "quarantined"


class BrokenHistory(Exception):
    """Recorded events do not fold: the stream is damaged and must be quarantined, never read leniently."""
