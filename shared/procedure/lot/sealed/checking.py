"""What the notice of a tender must keep besides that of every lot."""

from pydantic import ValidationError

from shared.kernel.errors import BadInput
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.judged import checking as judged
from shared.procedure.lot.values import Draft, Terms
from shared.seal.keys import AnnouncedKeys


def check(procedure: str, draft: Draft, terms: Terms, proxy_key: str, ground: Ground) -> None:
    """Raise BreaksClause or BadInput for a notice of a tender that may not go out."""
    tender = terms.tender
    if (draft.way == "tender") != (tender is not None):
        raise BadInput("招标的，应当载明开标事项；其他方式不载明", "a tender, and nothing else, says how it is opened")
    if tender is None:
        return
    judged.check(tender, ground)
    if terms.trigger != "never" or terms.proxies:
        raise BadInput("招标没有限时竞价和自动出价", "a tender has no timed bidding and no automatic bids")
    if terms.priority:
        zh, en = "招标不能当场行使优先购买权，请选其他方式", "sealed prices leave no place to rights of first refusal"
        raise BadInput(zh, en)
    if terms.bidding_starts == terms.bidding_ends:
        raise BadInput("招标应有投标期", "a tender has a time for prices")
    try:
        announced_keys(procedure, proxy_key, terms)
    except ValidationError as error:
        raise BadInput("公告的密钥应各不相同", "the announced keys are not four distinct keys") from error


def announced_keys(procedure: str, proxy_key: str, terms: Terms) -> AnnouncedKeys:
    """Return the keys that prices are sealed to; the lot's own key is that of the meanings."""
    return AnnouncedKeys(tender=procedure, meaning=proxy_key, authorities=terms.authorities)
