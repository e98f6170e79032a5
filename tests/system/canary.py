"""The leak canary: marks put into a bid, every way that they could be written down, and the search for them."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

SHORTEST = 8
"""Bytes of a needle below which chance would find it."""


@dataclass(frozen=True)
class Mark:
    """A value that must not be found, under a name of its own."""

    name: str
    value: bytes

    @cached_property
    def needles(self) -> Mapping[str, bytes]:
        """Every spelling of the value that is looked for, by its name."""
        found = {"plain": self.value, "hex": self.value.hex().encode(), "HEX": self.value.hex().upper().encode()}
        for shift in range(3):
            found[f"base64+{shift}"] = _aligned(self.value, shift, base64.b64encode)
            found[f"base64url+{shift}"] = _aligned(self.value, shift, base64.urlsafe_b64encode)
        found |= _of_text(self.value)
        assert all(len(needle) >= SHORTEST for needle in found.values()), f"{self.name} is too short to look for"
        return found


def _aligned(value: bytes, shift: int, encode: Callable[[bytes], bytes]) -> bytes:
    """Return the letters that any base64 text holds in which `value` stands at an offset of `shift` modulo 3."""
    encoded = encode(bytes(shift) + value)
    first = (shift * 8 + 5) // 6  # letters that the bytes before have a part in
    last = (shift + len(value)) * 8 // 6  # letters without a part of the bytes behind
    return encoded[first:last]


def _of_text(value: bytes) -> dict[str, bytes]:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {}
    found = {"utf-16-le": text.encode("utf-16-le"), "utf-16-be": text.encode("utf-16-be")}
    if not text.isascii():
        escaped = json.dumps(text)[1:-1]
        found |= {"json": escaped.encode(), "percent": quote(text).encode(), "gb18030": text.encode("gb18030")}
    return found


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """Where a mark was found, and in which spelling."""

    place: str
    mark: str
    spelling: str


def search(pieces: Iterable[tuple[str, bytes]], marks: Iterable[Mark]) -> list[Sighting]:
    """Return every mark that is in any of the named pieces."""
    wanted = [(mark.name, spelling, needle) for mark in marks for spelling, needle in mark.needles.items()]
    return [
        Sighting(place, name, spelling)
        for place, content in pieces
        for name, spelling, needle in wanted
        if needle in content
    ]


def files(directory: Path, *, without: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield every file under a directory with its name; folders at its top named `without` are passed over."""
    left_out = set(without)
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        if relative.parts[0] not in left_out and path.is_file() and not path.is_symlink():
            yield str(relative), path.read_bytes()
