"""What a supervisor is warned of in publication: contents that are missing, and media that carried nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.bidding.domain.events import CandidatesPublicised
from services.bidding.domain.publication.deciding import public_since
from services.bidding.domain.publication.messages import Kind
from services.bidding.domain.state import AnnouncedState
from shared.kernel.message import Event
from shared.procedure.books import Law
from shared.procedure.publicity import limit

PublicationCode = Literal["notice_incomplete", "publicity_incomplete", "not_on_media"]

WORDS: Mapping[str, tuple[str, str]] = {
    "notice_incomplete": ("招标公告未逐项载明法定内容", "the notice does not state each of its contents"),
    "publicity_incomplete": ("中标候选人公示未附法定内容的公示文件", "the publicity of candidates has no document"),
    "not_on_media": ("未登记在指定媒介的发布情况", "no publication on a named medium is on record"),
}

KINDS: tuple[Kind, ...] = ("notice", "candidates", "result")
Found = tuple[PublicationCode, datetime, str]
"""What, since when, and by which article."""


def warnings(told: Sequence[tuple[datetime, Event]], state: AnnouncedState, law: Law, now: datetime) -> Iterator[Found]:
    """Yield what is missing; of a tender announced before these clauses were in the rulebook nothing."""
    clauses = law.rulebook.clauses
    if "E48-NOTICE" not in clauses:
        return
    if state.tender.terms.notice is None:
        yield "notice_incomplete", state.tender.announced_at, clauses["E48-NOTICE"].article
    for at, event in told:
        if isinstance(event, CandidatesPublicised) and event.document is None:
            yield "publicity_incomplete", at, clauses["E48"].article
    published = {one.kind for one in state.beside.publication}
    for kind in KINDS:
        since = public_since(kind, state)
        if since is not None and kind not in published and now >= (due := limit(since, "MEDIA-HOURS", law).ends_at):
            yield "not_on_media", due, clauses["E49"].article
