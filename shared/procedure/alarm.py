"""An alarm: what whoever watches a procedure is warned of."""

from shared.kernel.message import Identifier, Instant, Message


class Alarm(Message):
    """One warning: `since` is when the rule was broken, or the thing to look at happened."""

    code: Identifier
    since: Instant
    article: str
    zh: str
    en: str
