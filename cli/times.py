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
    """Return a time as canonical text; one without a zone is Beijing time, a bare day its 00:00. Raise Misused."""
    try:
        at = datetime.fromisoformat(text.strip())
        return instant(at if at.tzinfo else at.replace(tzinfo=BEIJING))
    except (ValueError, OverflowError) as error:
        from cli.output import Misused  # it tells times itself

        raise Misused(
            f"时间 {text!r} 无法识别，请写 2026-12-23 09:00（北京时间）",
            f"not a time: {text!r}; write 2026-12-23 09:00 (Beijing time) or with its zone",
        ) from error


def told(text: str) -> str:
    """Return a text; one that is a canonical instant, as people read it."""
    return local(parse_instant(text)) if _INSTANT.fullmatch(text) else text
