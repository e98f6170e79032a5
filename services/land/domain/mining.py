"""The law of mining rights as dated values (M1-M9), and the names that the lot's rules have in it.

Every row of it is to be checked against 矿产资源法实施条例 (国令第839号, in force from 2026-06-15) and
矿业权出让交易规则 (自然资规〔2023〕1号), whose texts were not found: what rests on them alone is shown as unverified.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from services.land.domain.land import LAND_RULES
from shared.law.making import Versions, count, rule, working_days, years

MINERAL_LAW = date(2025, 7, 1)  # 2024年修订，自该日施行
SICHUAN = "四川省矿业权网上交易规则"
TRADING_RULES = "矿业权出让交易规则（自然资规〔2023〕1号）"

MINING: Mapping[str, Versions] = {
    "M1": rule(
        "in_competition",
        "矿产资源法(2024) 第十七条、第十九条",
        MINERAL_LAW,
        "矿业权应当通过招标、拍卖、挂牌等竞争性方式，在统一的公共资源交易平台出让，出让条件事先公告。",
        "Mining rights are sold by tender, auction or listing on the unified platform, on terms announced in advance.",
    ),
    "M2": working_days(
        20,
        TRADING_RULES,
        None,
        "应当在投标、拍卖或者挂牌开始日20个工作日前发布公告。",
        "The announcement comes at least 20 working days before the tender, auction or listing begins.",
        verified=False,
    ),
    "M3": working_days(
        10,
        TRADING_RULES,
        None,
        "挂牌时间不少于10个工作日。",
        "A listing lasts at least 10 working days.",
        verified=False,
    ),
    "M4": count(
        3,
        SICHUAN,
        None,
        "招标、拍卖的，每个标的的竞买人不得少于3人，否则停止或者重新组织。",
        "A tender or an auction needs at least three bidders for each lot, else it stops or is held again.",
        verified=False,
    ),
    "M5": rule(
        "free_then_extended",
        SICHUAN,
        None,
        "网上交易先自由竞价，后延时竞价。",
        "On line, free bidding comes first and extended bidding follows it.",
    ),
    "M6": working_days(
        3,
        SICHUAN,
        None,
        "成交后3个工作日内签订成交确认书。",
        "The confirmation of the sale is signed within 3 working days.",
    ),
    "M6-WITHIN": working_days(
        5,
        SICHUAN,
        None,
        "成交后5个工作日内公示成交结果。",
        "The result is made public within 5 working days.",
    ),
    "M6-LASTS": working_days(
        10,
        SICHUAN,
        None,
        "成交结果公示不少于10个工作日。",
        "The result is public for at least 10 working days.",
    ),
    "M7": rule(
        "stands_still_or_ends",
        "矿业权交易规则(2017) 第二十七条、第二十八条",
        None,
        "公示期内有权属争议、交易主体有未处理的违法行为、不可抗力或者出让人提出的，中止或者终止交易。",
        "A dispute of ownership, a violation not yet punished, force majeure or the seller's request halts or ends it.",
    ),
    "M8": rule(
        "sealed_until_opened",
        TRADING_RULES,
        None,
        "底价、起始价由出让人确定；底价在启封前密封保存。",
        "The seller sets reserve and start price; the reserve is sealed until it is opened.",
    ),
    "M9-EXPLORATION": years(
        5,
        "矿产资源法(2024) 第二十四条",
        MINERAL_LAW,
        "探矿权的期限为五年；续期不超过三次，每次五年。",
        "An exploration right is for five years; it is renewed at most three times, for five years each.",
    ),
    "M9-MINING": years(
        30,
        "矿产资源法(2024) 第二十四条",
        MINERAL_LAW,
        "采矿权的期限最长不超过三十年。",
        "A mining right is for at most thirty years.",
    ),
}
"""The clauses of mining rights."""

EXPLORATION_RULES = replace(
    LAND_RULES,
    announced="M2",
    listing="M3",
    applications=None,
    deposit_least=None,
    review="X-REVIEW",
    least_bidders={"auction": "M4", "tender": "M4"},
    box=None,
    term="M9-EXPLORATION",
    triggers=("always", "automatic"),
    trigger="M5",
    freeze="M7",
    terminate="M7",
    reserve="M8",
    confirmation="M6",
    confirmed=None,
    once=None,
    proof=None,
    proof_check=None,
    publicity_within="M6-WITHIN",
    publicity_lasts="M6-LASTS",
    voided="X-VOID",
    disputed="M7",
    required=("位置", "面积", "矿种", "年限", "资源储量", "竞买资格"),
    instalment_first=None,
    instalment_rest=None,
    handover=None,
)
"""What the lot's rules are called for 探矿权; for what M1-M9 leave open, as for land; but how high
a deposit is, only land's law says (T20).

A sealed price may be replaced or taken back until the deadline (招标投标法 第二十九条): only land's may not.
"""

MINING_RULES = replace(EXPLORATION_RULES, term=None, term_most="M9-MINING")
"""What the lot's rules are called for 采矿权."""
