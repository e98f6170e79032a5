"""Who may see which fact of a tender, and from when; what is one's own, a draft or a message, one's own door shows."""

from services.bidding.domain.events import (
    BiddersDisclosed,
    BidRefused,
    BidsUnsealed,
    EvaluationReported,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    RequestRefused,
    SealedReceived,
    SharesGiven,
    SharesRefused,
    TenderDrafted,
)
from services.bidding.domain.state import (
    Accepting,
    Awarded,
    Contracted,
    Drafted,
    Evaluated,
    Failed,
    Opened,
    Publicised,
    TenderState,
    Unborn,
)
from shared.kernel.message import Event
from shared.kernel.request import Role

OFFICE: frozenset[Role] = frozenset({"tenderer", "agency", "operator", "supervisor"})
"""Who runs and who watches a tender."""

WATCH: frozenset[Role] = frozenset({"operator", "supervisor"})

REPORTED_TO: frozenset[Role] = frozenset({"tenderer", "agency", "supervisor"})
"""Who has the committee's report (实施条例 第五十三条 gives it to the tenderer) before the candidates are public."""


def visible(event: Event, role: Role, state: TenderState) -> bool:  # noqa: PLR0911 - one return a fact
    """Return whether a role may see an event while the tender is in `state`.

    What is the asker's own (a bidder's messages, by its token; a tender's draft, by its party) is shown to it whatever
    this says: another agency's draft is nobody's business. The platform's own parts see all.
    """
    if role == "system":
        return True
    match event:
        case TenderDrafted():
            return role in WATCH
        case SealedReceived() | BidRefused():
            return not isinstance(state, Unborn | Drafted | Accepting)
        case RequestRefused():
            return role in WATCH and not isinstance(state, Accepting)
        case SharesRefused():
            return role in {*WATCH, "authority"} or _opening_is_over(state)
        case KeyGiven() | KeyRefused() | SharesGiven() | KeysCollected() | BiddersDisclosed():
            return _opening_is_over(state)
        case BidsUnsealed():
            return role in {*OFFICE, "expert"} and _opening_is_over(state)
        case EvaluationReported():
            return role in REPORTED_TO or isinstance(state, Publicised | Awarded | Contracted | Failed)
        case _:
            return True


def _opening_is_over(state: TenderState) -> bool:
    """Tell whether results may be shown: only after all unsealing is finished (电子招标投标办法 第三十条)."""
    return isinstance(state, Opened | Evaluated | Publicised | Awarded | Contracted | Failed)
