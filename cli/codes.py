"""What the codes of records and commands are called in both languages, by the field that holds them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast, get_args

from shared.kernel.request import ROLES_ZH, Role

_FILE = Path(__file__).parent / "data" / "codes.toml"


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Return what each code of each field is called, "Chinese / English"."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def said(field: str, code: str) -> tuple[str, str]:
    """Return what a code is called in Chinese and in English; one that has no words is called what it is."""
    if field == "role" and code in get_args(Role):
        return ROLES_ZH[cast("Role", code)], code
    zh, _, en = codes().get(field, {}).get(code, f"{code} / {code}").partition(" / ")
    return zh, en
