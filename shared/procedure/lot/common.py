"""The law that lots of every line are held under: what no platform takes in, what ends idle, and auctions."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from shared.law.clause import Clause, Unit
from shared.law.making import Versions, count, days, hours, minutes, rule, working_days

PUYANG = "濮阳市公共资源交易管理条例"
AUCTION_LAW = date(1997, 1, 1)  # 拍卖法 第六十九条
TENDERING_LAW = date(2000, 1, 1)  # 招标投标法 第六十八条

COMMON: Mapping[str, Versions] = {
    "X-REVIEW": working_days(
        5,
        "平台规则 资格审核",
        None,
        "资格审核期限，法律没有规定的，为5个工作日。",
        "Where no law sets the time for a review of applicants, it is 5 working days.",
        verified=False,
    ),
    "X-THAW": hours(
        24,
        "平台规则 恢复公告",
        None,
        "恢复交易应当提前24小时公告。",
        "That a lot goes on is told at least 24 hours before.",
        verified=False,
    ),
    "X-THAW-AT-ONCE": minutes(
        60,
        "平台规则 恢复公告",
        None,
        "故障在1小时内排除的，可以即时恢复。",
        "What is mended within an hour may go on at once.",
        verified=False,
    ),
    "X-VOID": rule(
        "void",
        "民法典 第一百四十八条、第一百五十四条",
        date(2021, 1, 1),
        "以欺诈手段或者恶意串通成交的，可以撤销或者无效。",
        "A sale by fraud or collusion may be undone, or is void.",
        verified=False,
    ),
    "X13": rule(
        "approved_and_clear",
        f"{PUYANG} 第十三条",
        None,
        "未经批准、权属不清或者被查封、扣押的，不得进入平台交易。",
        "What is not approved, whose owner is not clear, or what is sealed up or seized is not traded.",
    ),
    "X21": rule(
        "stands_still",
        f"{PUYANG} 第二十一条",
        None,
        "系统故障、争议或者不可抗力的，中止交易。",
        "A failure of the system, a dispute or force majeure halts a sale.",
    ),
    "X22": rule(
        "ended_for_good",
        f"{PUYANG} 第二十二条",
        None,
        "丧失处分权、标的灭失或者闲置期满的，终止交易。",
        "A sale ends when the right to sell is lost, what is sold is destroyed, or it stood idle too long.",
    ),
    "X22-IDLE": days(
        90,
        f"{PUYANG} 第二十一条、第二十二条",
        None,
        "中止后闲置90日的，予以催告。",
        "What has stood still for 90 days is reminded to go on.",
    ),
    "X22-REMINDED": days(
        7,
        f"{PUYANG} 第二十二条",
        None,
        "催告后7日内仍不恢复的，终止交易。",
        "What does not go on within 7 days of the reminder is ended.",
    ),
}
"""The clauses that every line has."""

AUCTION_NOTICE: Versions = days(
    7,
    "拍卖法 第四十五条",
    AUCTION_LAW,
    "拍卖应当于拍卖日7日前发布拍卖公告。",
    "An auction is announced 7 days before it.",
)

AUCTION_SHOWING: Versions = days(
    2,
    "拍卖法 第四十八条",
    AUCTION_LAW,
    "拍卖前应当展示拍卖标的，展示时间不得少于2日。",
    "What is auctioned is shown before, for at least 2 days.",
)

AUCTION_CALLS: Versions = count(
    3,
    "招标拍卖挂牌出让国有建设用地使用权规定 第十五条",
    date(2007, 11, 1),
    "主持人连续三次宣布同一应价而没有再应价的，落槌成交；低于底价的，终止拍卖。",
    "A price called three times and not answered is struck; one below the reserve stops the auction.",
    verified=False,
)


def odd(article: str, since: date) -> Versions:
    """Return the clause that a committee has an odd number of members, by the article that says so."""
    zh, en = "评标小组成员人数为单数。", "The members of a committee are odd in number."
    return (Clause(True, article, unit=Unit.RULE, since=since, verified=True, note_zh=zh, note_en=en),)


def committee_experts(*, verified: bool) -> Versions:
    """Return the clause of the share of experts; `verified` where it is the line's own law."""
    zh = "技术、经济等方面的专家不得少于成员总数的三分之二，从专家库中产生。"
    en = "At least two thirds of the members are technical or economic experts, out of the library."
    article, share = "招标投标法 第三十七条", Fraction(2, 3)
    return (Clause(share, article, unit=Unit.SHARE, since=TENDERING_LAW, verified=verified, note_zh=zh, note_en=en),)


def committee_avoid(*, verified: bool) -> Versions:
    """Return the clause of who may not sit; `verified` where it is the line's own law."""
    return rule(
        "avoid",
        "招标投标法 第三十七条",
        TENDERING_LAW,
        "与投标人有利害关系的人和监督部门工作人员不得进入评标小组，已经进入的应当更换；成员名单在结果确定前保密。",
        "Nobody with an interest in a bidder, and no supervisor, sits on the committee, or is replaced; who sits is "
        "secret until the result.",
        verified=verified,
    )
