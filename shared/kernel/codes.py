"""Codes: identifiers of parties with their scheme, and the regions of GB/T 2260 as dated values."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator
from stdnum.cn import uscc

from shared.kernel.errors import BadInput
from shared.kernel.message import Message

USCC = "CN-USCC"
REGIONS_FILE = Path(__file__).parent / "regions.json"

RegionCode = Annotated[str, Field(strict=True, pattern=r"^[1-9][0-9]{5}$")]
"""Six digits: province, prefecture, county, two each; 00 where the place is not narrowed further."""

# GB 32100-2015: no I O S V Z. The first two places may be letters (N: rural collectives, Y: others),
# which python-stdnum 2.2 does not accept; so only its check digit is used.
_USCC_LETTERS = "0-9A-HJ-NP-RTUWXY"
_USCC = re.compile(f"[{_USCC_LETTERS}]{{2}}[0-9]{{6}}[{_USCC_LETTERS}]{{10}}")


class PartyId(Message):
    """A party's identifier under a named scheme, as `CN-USCC` 91350000MA347WHE48; its text is `scheme:id`."""

    scheme: str = Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length=32)
    id: str = Field(min_length=1, max_length=128)

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        if self.id != self.id.strip():
            raise ValueError("an identifier carries no space at its ends")
        if self.scheme == USCC and not uscc_is_valid(self.id):
            raise ValueError("not a valid 统一社会信用代码")
        return self

    def __str__(self) -> str:
        return f"{self.scheme}:{self.id}"


@dataclass(frozen=True, slots=True)
class CodeWarning:
    """Something a reader should know of a code that was accepted all the same."""

    code: str
    zh: str
    en: str


NOT_CHECKED = CodeWarning(
    "scheme_not_checked", "该标识体系无法校验，按原文保留", "this scheme cannot be checked; kept as given"
)
TRIMMED = CodeWarning("trimmed", "已去掉首尾空格", "spaces at the ends were removed")
COMPACTED = CodeWarning("compacted", "已去掉分隔符并改为大写", "separators removed and letters made upper case")


def uscc_is_valid(text: str) -> bool:
    """Return whether `text` is a 统一社会信用代码 in its plain form (GB 32100-2015): 18 characters and check."""
    return bool(_USCC.fullmatch(text)) and uscc.calc_check_digit(text[:17]) == text[17]


def read_party_id(scheme: str, text: str) -> tuple[PartyId, tuple[CodeWarning, ...]]:
    """Return the identifier that `text` stands for, and what was changed or could not be checked.

    A 统一社会信用代码 loses separators and must pass its check, else BadInput; any other scheme's text is
    kept verbatim but for spaces at its ends.
    """
    if scheme == USCC:
        compact = uscc.compact(text)
        if not uscc_is_valid(compact):
            raise _bad_uscc(compact)
        return PartyId(scheme=scheme, id=compact), (COMPACTED,) if compact != text else ()
    trimmed = text.strip()
    warnings = (NOT_CHECKED, TRIMMED) if trimmed != text else (NOT_CHECKED,)
    return PartyId(scheme=scheme, id=trimmed), warnings


def _bad_uscc(text: str) -> BadInput:
    if len(text) != 18:  # noqa: PLR2004 - GB 32100-2015 fixes 18 characters
        zh, en = f"应为18位，现为{len(text)}位", f"18 characters are needed, there are {len(text)}"
    elif not _USCC.fullmatch(text):
        zh, en = "含有不允许的字符（不用 I、O、S、V、Z）", "a character is not allowed (I, O, S, V, Z are not used)"
    else:
        zh, en = "校验码不符，请核对", "the check character does not agree; compare with the certificate"
    return BadInput(zh=f"统一社会信用代码有误：{zh}", en=f"not a 统一社会信用代码: {en}", article="GB 32100-2015")


@dataclass(frozen=True, slots=True)
class Region:
    """A region of GB/T 2260 with the years its code was in use; None means not known to begin, or not ended."""

    code: str
    name: str
    kind: str
    first_year: int | None
    last_year: int | None
    successor: str | None


@dataclass(frozen=True, slots=True)
class Regions:
    """The table of regions, loaded once and passed as a value."""

    by_code: Mapping[str, Region]
    origin: str

    def get(self, code: str) -> Region | None:
        return self.by_code.get(code)

    def in_use(self, code: str, day: date) -> bool:
        """Return whether the table has the code in use in that day's year; a year of change has both codes."""
        region = self.get(code)
        return region is not None and (region.first_year or 0) <= day.year <= (region.last_year or day.year)

    def current(self, code: str) -> str:
        """Return the code that a replaced code stands for today; any other code as it is."""
        region = self.get(code)
        return self.current(region.successor) if region and region.successor else code

    def covers(self, wide: str, narrow: str) -> bool:
        """Return `covers` for the codes that stand for these regions today."""
        return covers(self.current(wide), self.current(narrow))

    def stands(self, code: str, day: date) -> bool:
        """Return whether a code, or one that has replaced it, is in use in that day's year."""
        region = self.get(code)
        if region is None:
            return False
        return self.in_use(code, day) or (region.successor is not None and self.stands(region.successor, day))


def covers(wide: str, narrow: str) -> bool:
    """Return whether region `wide` is `narrow` or contains it, by the structure of the codes: 370500 over 370502."""
    return narrow.startswith(_stem(wide))


def may_act(own: str, region: str, day: date) -> bool:
    """Return whether an office of the region `own` may act on something in `region` on a day (平台规则, GB/T 2260).

    A county acts on itself, a city on all of its counties. A replaced code counts as the one that replaced it; who is
    bound to no region, or to one that does not stand on that day, acts nowhere.
    """
    regions = standard_regions()
    return regions.stands(own, day) and regions.stands(region, day) and regions.covers(own, region)


@cache
def standard_regions() -> Regions:
    """Return the table of regions that comes with the platform, read once."""
    return load_regions()


def load_regions(path: Path = REGIONS_FILE) -> Regions:
    """Read the table of regions; done once at start, never while deciding."""
    table = json.loads(path.read_bytes())
    regions = (Region(**row) for row in table["regions"])
    return Regions({region.code: region for region in regions}, table["origin"])


def _stem(code: str) -> str:
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def party_stream(party: PartyId) -> str:
    """Return the registry's stream of a party: `party-` and 32 hex digits of SHA-256 over `scheme|id` as registered."""
    return f"party-{hashlib.sha256(f'{party.scheme}|{party.id}'.encode()).hexdigest()[:32]}"
