"""What an import found: one thing at one place, in both languages, with what a clerk should do about it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing at a JSON path. `blocking` ones keep the whole file from being imported."""

    path: str
    code: str
    zh: str
    en: str
    blocking: bool

    def to_json(self) -> dict[str, Any]:
        """Return the finding as it is printed."""
        return {"path": self.path, "code": self.code, "blocking": self.blocking, "zh": self.zh, "en": self.en}


@dataclass
class Findings:
    """A list that grows while a file is read."""

    found: list[Finding] = field(default_factory=list)

    def error(self, path: str, code: str, zh: str, en: str) -> None:
        """Note something that must be put right before anything of the file is imported."""
        self.found.append(Finding(path, code, zh, en, blocking=True))

    def warn(self, path: str, code: str, zh: str, en: str) -> None:
        """Note something that a reader should know of what is imported."""
        self.found.append(Finding(path, code, zh, en, blocking=False))

    @property
    def blocked(self) -> bool:
        """Whether something must be put right first."""
        return any(finding.blocking for finding in self.found)


def json_path(parts: Iterable[str | int], root: str = "$") -> str:
    """Return the JSON path of a place below `root`, in ASCII whatever the keys are."""
    return root + "".join(_step(part) for part in parts)


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _PLAIN.fullmatch(part) else f"[{json.dumps(part)}]"


def objects(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of a list member; an absent or null one has none."""
    return list(value.get(name) or [])


def member(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object member; an absent or null one is empty."""
    return dict(value.get(name) or {})
