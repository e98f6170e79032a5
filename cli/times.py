"""Times as people read them: Beijing time, with its zone."""

import re
from datetime import datetime

from shared.kernel.canonical import parse_instant
from shared.law.findings import BEIJING

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def local(at: datetime) -> str:
    """Return a time as people read it, with its zone."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}（北京时间 UTC+8）"


def told(text: str) -> str:
    """Return a text; one that is a canonical instant, as people read it."""
    return local(parse_instant(text)) if _INSTANT.fullmatch(text) else text
