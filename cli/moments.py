"""Times as people write them: Beijing time unless they say otherwise."""

from datetime import datetime

from cli.output import Misused
from shared.kernel.canonical import instant
from shared.law.findings import BEIJING


def moment(text: str) -> str:
    """Return a time as canonical text; one without a zone is Beijing time, a bare day its 00:00. Raise Misused."""
    try:
        at = datetime.fromisoformat(text.strip())
        return instant(at if at.tzinfo else at.replace(tzinfo=BEIJING))
    except (ValueError, OverflowError) as error:
        raise Misused(
            f"时间 {text!r} 无法识别，请写 2026-12-23 09:00（北京时间）",
            f"not a time: {text!r}; write 2026-12-23 09:00 (Beijing time) or with its zone",
        ) from error
