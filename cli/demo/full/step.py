"""What a scenario has to show: a step is found where a verified record of its type says so and cites the article."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.kernel.canonical import instant
from shared.kernel.record import Record, read
from shared.ledger import bundle

Said = Mapping[str, Any]
"""What a record says: the fields of its event."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records of a procedure, oldest first, and the articles of the rulebook that it was announced under."""

    records: Sequence[Record]
    articles: Mapping[str, str]

    @classmethod
    def of(cls, data: bytes) -> "Evidence":
        """Return what a bundle holds, whose verification is somebody else's part."""
        members = bundle.read(data)
        clauses = json.loads(members[bundle.RULEBOOK])["clauses"]
        records = tuple(read(raw) for _, raw in sorted(bundle.numbered(members, "records").items()))
        return cls(records, {clause["id"]: clause["article"] for clause in clauses})

    def before(self, record: Record, event: str) -> list[Said]:
        """Return what the records of one type said before another record."""
        return [one.data for one in self.records if one.version < record.version and one.type == full(event)]


Holds = Callable[[Said, Evidence, Record], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens in a procedure: an event of a type, for which `holds` is true, by the article of a rule.

    `cited` is false for the few events that cite nothing: their article is the one of the pinned rulebook alone.
    """

    name: str
    zh: str
    en: str
    procedure: str
    event: str
    rule: str
    holds: Holds
    cited: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A step with the record that shows it, if there is one, and the article by which it happened."""

    step: Step
    record: Record | None
    article: str | None

    @property
    def at(self) -> datetime | None:
        """When it happened."""
        return self.record.at if self.record else None

    def to_json(self) -> dict[str, Any]:
        """Return it as it is printed."""
        step, record = self.step, self.record
        return {
            "step": step.name,
            "zh": step.zh,
            "en": step.en,
            "procedure": step.procedure,
            "event": full(step.event),
            "article": self.article,
            "cited_in": "record" if step.cited else "rulebook",
            "version": record.version if record else None,
            "at": instant(record.at) if record else None,
            "found": record is not None,
        }


def full(event: str) -> str:
    """Return the type of an event by its short name."""
    return f"bidding.{event}.v1"


def find(step: Step, evidence: Evidence) -> Found:
    """Return the first record that shows a step: of its type, as it must be, with its article."""
    article = evidence.articles.get(step.rule)
    for record in evidence.records:
        if record.type != full(step.event) or article is None:
            continue
        if (not step.cited or article in set(_cited(record.data))) and step.holds(record.data, evidence, record):
            return Found(step, record, article)
    return Found(step, None, article)


def _cited(said: Any) -> Iterator[str]:
    """Yield every article that a record cites, wherever in it."""
    match said:
        case dict():
            for name, value in said.items():
                if name in {"article", "articles"}:
                    for text in [value] if isinstance(value, str) else value or ():
                        yield from text.split("、")
                else:
                    yield from _cited(value)
        case list():
            for one in said:
                yield from _cited(one)
        case _:
            pass
