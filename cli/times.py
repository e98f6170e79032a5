"""Times as people read them: Beijing time, with its zone."""

import re
from datetime import datetime

from shared.kernel.canonical import instant, parse_instant
from shared.law.findings import BEIJING

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def local(at: datetime) -> str:
    """Return a time as people read it, with its zone."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}（北京时间 UTC+8）"


def moment(text: str) -> str:
    """Return the canonical instant that a text names: ISO 8601, Beijing time where it says no zone. Raise Misused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        from cli.output import Misused  # it tells times itself

        zh = f"{text} 不是时间，应如 2027-06-30 或 2027-06-30T09:00"
        raise Misused(zh, f"{text} is no time; write 2027-06-30 or 2027-06-30T09:00") from error
    return instant(at if at.tzinfo else at.replace(tzinfo=BEIJING))


def told(text: str) -> str:
    """Return a text; one that is a canonical instant, as people read it."""
    return local(parse_instant(text)) if _INSTANT.fullmatch(text) else text
