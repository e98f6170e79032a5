"""A lot as the platform shows it, and its commands under the name of its own line: `land.place_bid` or another's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.client import Asker
from cli.command import Here
from cli.desk import Desk
from cli.doing import give
from cli.output import Refused
from cli.verbs import Verbs
from shared.kernel.canonical import parse_instant

OVER = frozenset({"sold", "unsold", "ended", "defaulted"})
"""The phases after which nobody bids on a lot any more."""


QUIET = frozenset({"drafted", "pre_disclosed", "registration", "free", "asking", "preparing", "timed", "tendering"})
"""The phases in which the page of a lot alone tells how it stands."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot's page, as whoever asked is shown it."""

    page: Mapping[str, Any]

    @property
    def line(self) -> str:
        """The name of the line that sells it."""
        return str(self.page["line"])

    @property
    def phase(self) -> str:
        """Where it stands."""
        return str(self.page["phase"])

    @property
    def draft(self) -> Mapping[str, Any]:
        """What is sold."""
        draft: Mapping[str, Any] = self.page.get("draft") or self.announcement["draft"]
        return draft

    @property
    def announcement(self) -> Mapping[str, Any]:
        """The notice. Raise Refused while there is none."""
        body: Mapping[str, Any] | None = self.page.get("announcement")
        if not body:
            raise Refused("标的尚未公告", "the lot is not announced yet")
        return body

    @property
    def terms(self) -> Mapping[str, Any]:
        """The terms of the notice. Raise Refused while there are none."""
        terms: Mapping[str, Any] = self.announcement["terms"]
        return terms

    @property
    def now(self) -> Mapping[str, Any]:
        """The price that leads, the least next one, and when the phase ends. Raise Refused before the notice."""
        now: Mapping[str, Any] | None = self.page.get("now")
        if not now:
            raise Refused("标的尚未公告", "the lot is not announced yet")
        return now

    @property
    def own(self) -> Mapping[str, Any] | None:
        """What it says of the asker's own application, null if it has not applied."""
        own: Mapping[str, Any] | None = self.page.get("own")
        return own

    @property
    def ends_at(self) -> datetime | None:
        """When the phase of now ends; null where nothing runs."""
        ends = self.now["ends_at"]
        return None if ends is None else parse_instant(ends)


def lot_of(here: Here, procedure: str, asker: Asker | None = None) -> Lot:
    """Return a lot as an asker is shown it, without one as everybody is. Raise Refused for what is no lot."""
    page = here.client.get(f"/api/procedures/{procedure}", asker)
    if "line" not in page:
        raise Refused(
            f"{procedure} 不是挂牌、拍卖或者网络竞价的标的", f"{procedure} is no lot of a listing or an auction"
        )
    return Lot(page)


def known_lot(here: Here, procedure: str) -> Lot:
    """Return a lot as everybody is shown it; a draft, as its owner is.

    Nobody need be told which account looks at an announced lot.
    """
    try:
        return lot_of(here, procedure)
    except Refused as refused:
        if refused.details.get("code") != "not_found":
            raise
    return lot_of(here, procedure, here.asker())


def ask(here: Here, lot: Lot, what: str, title: str, said: Mapping[str, Any]) -> None:
    """Give a lot's command under the name of its line, behind the token where that is who may."""
    give(here, str(lot.page["procedure"]), {"type": f"{lot.line}.{what}", **said}, {}, title=title)


def desk_of(here: Here, procedure: str) -> Desk:
    """Return a bidder's desk for a lot, with its credential. Raise Refused where it is given none."""
    desk = Desk(here, procedure)
    desk.request_credential()
    return desk


class LotVerbs(Verbs):
    """The group of lots, whose verbs give the command of the line that sells the lot, whichever they were made of."""

    def own_type(self, here: Here, procedure: str, kind: str) -> str:
        """Return the type of command under the name of the lot's own line."""
        return f"{known_lot(here, procedure).line}.{kind.partition('.')[2]}"
