"""What people are told of a lot's record besides its bids: halts, the end, and all that follows the hammer. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cli.codes import said
from shared.kernel.canonical import parse_instant
from shared.kernel.money import format_yuan
from shared.law.findings import BEIJING
from shared.procedure.lot.freezing import notice_of

Data = Mapping[str, Any]
Said = tuple[str, str]


def followed(events: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return what is told of the events of a lot's history, oldest first, each with its instant in both languages."""
    found = ((one, TOLD.get(str(one["type"]).split(".")[1])) for one in events)
    told = [(one["at"], tell(one["data"])) for one, tell in found if tell is not None]
    return [{"at": at, "zh": zh, "en": en} for at, (zh, en) in told]


def clock(at: str) -> str:
    """Return a canonical instant as it is read in Beijing."""
    return f"{parse_instant(at).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _yuan(fen: int) -> str:
    return format_yuan(int(fen))


def _late(data: Data) -> Said:
    """Return what is added where something came after its day."""
    return ("（逾期）", " (late)") if data.get("late") else ("", "")


def _frozen(data: Data) -> Said:
    (zh, en), (notice, own) = said("cause", data["cause"]), notice_of(data["notice"])
    return f"中止（{zh}）：{notice}", f"stands still ({en})" + (f": {own}" if own != notice else "")


def _thawed(data: Data) -> Said:
    at = clock(data["resumes_at"])
    return f"恢复，自 {at} 起继续：{data['notice']}", f"goes on from {at}"


def _terminated(data: Data) -> Said:
    zh, en = said("cause", data["cause"])
    return f"终止（{zh}）：{data['notice']}", f"ended for good: {en}"


def _agreed(data: Data) -> Said:
    until = clock(data["until"])
    zh = f"只有竞买号 {data['number']} 一个意向方，可于 {until} 前按不低于挂牌价协议转让"
    return zh, f"number {data['number']} alone may take it at the listed price or above, until {until}"


def _ended(data: Data) -> Said:
    if data["offer"] is None:
        return "竞价结束，没有报价", "bidding is over, without a bid"
    number, price = data["offer"]["number"], _yuan(data["offer"]["price_fen"])
    return f"竞价结束，竞买号 {number} 最高，{price} 元", f"bidding is over: number {number} leads at {price} yuan"


def _opened(data: Data) -> Said:
    amount = _yuan(data["reserve_fen"])
    return f"底价启封：{amount} 元", f"the reserve was opened: {amount} yuan"


def _sold(data: Data) -> Said:
    number, price = data["number"], _yuan(data["price_fen"])
    if data["review_due"] is None:
        return f"成交：竞买号 {number}，{price} 元", f"sold to number {number} at {price} yuan"
    due = clock(data["review_due"])
    zh = f"竞买号 {number} 最高，{price} 元，资格审核于 {due} 前作出"
    return zh, f"number {number} wins at {price} yuan, once it qualifies; its review is due by {due}"


def _reviewed(data: Data) -> Said:
    zh, en = _late(data)
    if data["qualified"]:
        return f"竞得人资格审核通过{zh}：{data['reason']}", f"the winner qualifies{en}"
    return f"竞得人资格审核未通过{zh}：{data['reason']}", f"the highest bidder does not qualify{en}"


def _noted(data: Data) -> Said:
    number, name = data["number"], data["party"]["name"]
    return (f"竞得人（竞买号 {number}）：{name}" if data["won"] else f"竞买号 {number}：{name}"), (
        f"the winner, number {number}, is {name}" if data["won"] else f"number {number} is {name}"
    )


def _declared(data: Data) -> Said:
    if data["exercises"]:
        return f"{data['holder']}行使优先购买权", f"{data['holder']} exercises its right of first refusal"
    return f"{data['holder']}放弃优先购买权", f"{data['holder']} waives its right of first refusal"


def _proved(data: Data) -> Said:
    (zh, en), due = _late(data), clock(data["check_due"])
    return f"竞得人签署竞得证明{zh}，原件于 {due} 前审核", f"the winner signed its proof{en}; checked by {due}"


def _checked(data: Data) -> Said:
    zh, en = _late(data)
    if data["passed"]:
        return f"竞得人原件审核通过{zh}：{data['reason']}", f"the winner's originals are in order{en}"
    return f"竞得人原件审核未通过{zh}：{data['reason']}", f"the winner's originals are not in order{en}"


def _drawn_up(data: Data) -> Said:
    signed = data["confirmation"]
    at, where = clock(signed["contract_at"]), signed["contract_where"]
    zh = f"出让方、转让方拟定并签署成交确认书：{at} 在{where}签订合同"
    return zh, f"the seller has drawn up and signed the confirmation; the contract is signed at {at}, {where}"


def _confirmed(data: Data) -> Said:
    (zh, en), due = _late(data), clock(data["due"])
    return f"竞得人签署成交确认书{zh}，期限为 {due}", f"the winner has signed the confirmation{en}, due by {due}"


def _turned(data: Data) -> Said:
    amount = _yuan(data["amount_fen"])
    return f"竞得人保证金 {amount} 元转作定金", f"the winner's deposit of {amount} yuan counts towards the price"


def _published(data: Data) -> Said:
    zh, en = _late(data)
    if data["ends"] is None:
        return f"公布成交结果{zh}", f"the result is published{en}"
    ends = clock(data["ends"])
    return f"公示成交结果{zh}，至 {ends} 止", f"the result is published{en}, until {ends}"


def _signed(data: Data) -> Said:
    zh, en = said("side", data["side"])
    return f"{zh}签署合同，摘要 {data['contract']}", f"{en} has signed the contract"


def _concluded(data: Data) -> Said:
    zh, en = _late(data)
    parts = data["schedule"]["parts"]
    due = "；".join(f"{_yuan(one['amount_fen'])} 元于 {clock(one['due'])} 前付清" for one in parts)
    owed = "; ".join(f"{_yuan(one['amount_fen'])} yuan by {clock(one['due'])}" for one in parts)
    return f"合同签订{zh}。应付：{due}", f"the contract is concluded{en}; to be paid: {owed}"


def _paid(data: Data) -> Said:
    (zh, en), (late, late_en) = said("purpose", data["purpose"]), _late(data)
    amount, so_far, interest = (_yuan(data[name]) for name in ("amount_fen", "paid_fen", "interest_fen"))
    told = f"付{zh} {amount} 元{late}，价款累计 {so_far} 元（含定金），应计利息 {interest} 元"
    return told, f"{amount} yuan of {en} paid{late_en}; {so_far} of the price so far, {interest} of interest owed"


def _refund_due(data: Data) -> Said:
    number, amount, due = data["number"], _yuan(data["amount_fen"]), clock(data["due"])
    zh = f"应于 {due} 前退还竞买号 {number} 保证金 {amount} 元"
    return zh, f"{amount} yuan of deposit are to be returned to number {number} by {due}"


def _refunded(data: Data) -> Said:
    (zh, en), number, amount = _late(data), data["number"], _yuan(data["paid_fen"])
    return f"已退还竞买号 {number} 保证金 {amount} 元{zh}", f"{amount} yuan were returned to number {number}{en}"


def _defaulted(data: Data) -> Said:
    (zh, en), kept = said("breach", data["breach"]), _yuan(data["forfeited_fen"])
    told = f"竞得人违约（{zh}）：{data['explanation']}；不退保证金 {kept} 元，标的可以重新公告"
    return told, f"the winner is in breach: it {en}; {kept} yuan of deposit are lost, and it may be listed again"


def _voided(data: Data) -> Said:
    zh, en = said("cause", data["cause"])
    told = f"成交无效（{zh}）：{data['notice']}；标的可以重新公告"
    return told, f"the sale is void ({en}), and it may be listed again"


def _disputed(data: Data) -> Said:
    number, (by, by_en) = data["number"], (data["party"],) * 2 if data["party"] else ("监督部门", "the supervisor")
    zh = f"{by} 提出第 {number} 号权属争议，成交手续中止：{data['text']}"
    return zh, f"whose it is, is disputed by {by_en} (no. {number}): the sale stands still"


def _dispute_decided(data: Data) -> Said:
    number, ends = data["number"], data["result_ends"] and clock(data["result_ends"])
    if data["upheld"]:
        return f"第 {number} 号权属争议成立：{data['text']}", f"dispute no. {number} is upheld"
    zh, en = (f"，公示至 {ends} 止", f", and the result is public until {ends}") if ends else ("", "")
    return f"第 {number} 号权属争议不成立：{data['text']}{zh}", f"dispute no. {number} is turned down{en}"


def _recounted(data: Data) -> Said:
    moved = [(said("which", one["which"]), clock(one["ends"])) for one in data["deadlines"]]
    zh, en = (
        "、".join(f"{one[0]}至 {ends}" for one, ends in moved),
        ", ".join(f"{one[1]} {ends}" for one, ends in moved),
    )
    return f"按 {data['year']} 年工作日历重新计算：{zh}", f"counted again by the calendar of {data['year']}: {en}"


TOLD: Mapping[str, Callable[[Data], Said]] = {
    "lot_frozen": _frozen,
    "lot_thawed": _thawed,
    "idle_reminded": lambda data: (f"催告于 {clock(data['until'])} 前恢复", f"to go on by {clock(data['until'])}"),
    "lot_terminated": _terminated,
    "agreement_opened": _agreed,
    "bidding_ended": _ended,
    "reserve_opened": _opened,
    "lot_sold": _sold,
    "winner_reviewed": _reviewed,
    "lot_unsold": lambda data: (
        f"不成交：{data['zh']}标的可以重新公告",
        f"not sold: {data['en']}; it may be listed again",
    ),
    "identity_noted": _noted,
    "priority_declared": _declared,
    "proof_signed": _proved,
    "proof_checked": _checked,
    "confirmation_drawn_up": _drawn_up,
    "confirmation_signed": _confirmed,
    "deposit_turned": _turned,
    "result_published": _published,
    "contract_signed": _signed,
    "contract_concluded": _concluded,
    "payment_recorded": _paid,
    "price_paid": lambda _data: ("价款付清", "the whole price is paid"),
    "handed_over": lambda _data: ("标的交付或者登记", "handed over or registered"),
    "refund_due": _refund_due,
    "refund_recorded": _refunded,
    "lot_defaulted": _defaulted,
    "sale_voided": _voided,
    "dispute_raised": _disputed,
    "dispute_decided": _dispute_decided,
    "deadlines_recounted": _recounted,
}
"""What is told of each fact, by its name after the line's."""
