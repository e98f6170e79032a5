"""The clauses about the evaluation committee and its work."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from services.bidding.domain.since import ACT, ELECTRONIC, REGULATION
from shared.law.clause import Clause, Unit
from shared.law.making import Versions, count, rule

_ACT = "招标投标法 第三十七条"
_LASTING = "招标投标法实施条例 第四十八条"
_RULES = "评标委员会和评标方法暂行规定"


def _share(value: Fraction, article: str, since: date, zh: str, en: str) -> Versions:
    return (Clause(value, article, unit=Unit.SHARE, since=since, verified=True, note_zh=zh, note_en=en),)


CLAUSES: Mapping[str, Versions] = {
    "E19": count(
        5, _ACT, ACT, "评标委员会成员人数为五人以上单数。", "The committee has five or more members, odd in number."
    ),
    "E19-ODD": (
        Clause(True, _ACT, unit=Unit.RULE, since=ACT, verified=True, note_zh="成员人数为单数。", note_en="Odd."),
    ),
    "E19-OBLIGED": rule(
        "committee_where_it_must_be_tendered",
        _ACT,
        ACT,
        "评标由招标人依法组建的评标委员会负责；依法必须进行招标的项目，由招标人的代表和有关专家组成。",
        "A committee evaluates the bids; of a project that must be tendered, of the tenderer's side and experts.",
    ),
    "E19-EXPERTS": _share(
        Fraction(2, 3),
        _ACT,
        ACT,
        "技术、经济等方面的专家不得少于成员总数的三分之二。",
        "At least two thirds of the members are technical or economic experts.",
    ),
    "E19-YEARS": (
        Clause(
            8,
            _ACT,
            unit=Unit.YEAR,
            since=ACT,
            verified=True,
            note_zh="专家应当从事相关领域工作满八年并具有高级职称或者具有同等专业水平。",
            note_en="An expert has worked in the field for eight years and holds a senior title or its equal.",
        ),
    ),
    "E20": rule(
        "drawn_by_lot",
        "招标投标法实施条例 第四十六条",
        REGULATION,
        "评标专家应当从专家库内以随机抽取方式确定，不得指定；行政监督部门的工作人员不得担任成员。",
        "Experts are drawn by lot from the library, none is named; staff of supervising bodies may not sit.",
    ),
    "E20-SPECIAL": rule(
        "appointed_for_special_projects",
        "招标投标法实施条例 第四十七条",
        REGULATION,
        "技术复杂、专业性强或者国家有特殊要求，随机抽取的专家难以胜任的特殊招标项目，可以由招标人直接确定。",
        "Experts are appointed only for special projects that experts drawn by lot could hardly judge.",
    ),
    "E20-SECRET": rule(
        "members_secret_until_the_result",
        _ACT,
        ACT,
        "评标委员会成员的名单在中标结果确定前应当保密；与投标人有利害关系的人应当回避。",
        "The members' names are secret until the result; who has an interest in a bidder withdraws.",
    ),
    "E21": rule(
        "replaced_members_conclusions_void",
        _LASTING,
        REGULATION,
        "被更换的成员作出的评审结论无效，由更换后的成员重新进行评审。",
        "What a replaced member concluded is void, and done again by who replaces it.",
    ),
    "E22": _share(
        Fraction(1, 3),
        _LASTING,
        REGULATION,
        "超过三分之一的评标委员会成员认为评标时间不够的，招标人应当适当延长。",
        "Where more than a third of the members say that the time is too short, it is extended.",
    ),
    "E24": rule(
        "in_writing_and_asked_for",
        "招标投标法实施条例 第五十二条",
        REGULATION,
        "澄清、说明应当采用书面形式，不得超出投标文件的范围或者改变其实质性内容；不得接受投标人主动提出的澄清、说明。",
        "Clarifications are written, within the bid, change nothing of substance, and are not volunteered.",
    ),
    "E26": rule(
        "capitals_then_unit_prices",
        f"{_RULES} 第十九条",
        None,
        "大写与小写不一致的以大写为准；总价与单价不一致的以单价为准，单价小数点明显错误的除外。",
        "Capitals go before figures, unit prices before totals but for a clear slip of the decimal point.",
        verified=False,
    ),
    "E43": rule(
        "explained_in_writing_or_below_cost",
        f"{_RULES} 第二十一条",
        None,
        "报价明显低的，应当要求书面说明并提供证明；不能合理说明的，以低于成本报价竞标否决。",
        "A price that is clearly low is explained in writing, or rejected as below cost.",
        verified=False,
    ),
    "E44": rule(
        "minor_deviations_mended_or_charged",
        f"{_RULES} 第二十六条",
        None,
        "细微偏差应当在评标结束前书面补正；拒不补正的，按招标文件规定的标准作不利于该投标人的量化。",
        "Minor deviations are mended in writing before the end, or quantified as the tender file says.",
        verified=False,
    ),
    "E45": rule(
        "ten_contents",
        f"{_RULES} 第四十二条",
        None,
        "评标报告应当如实记载十项内容。",
        "The report states ten contents.",
        verified=False,
    ),
    "E28-SIGNED": rule(
        "signed_or_dissent_or_silence_agrees",
        "招标投标法实施条例 第五十三条",
        REGULATION,
        "评标报告由全体成员签字；有不同意见的应当书面说明；拒绝签字又不书面说明的，视为同意。",
        "All members sign the report; dissent is written; who neither signs nor dissents agrees.",
    ),
    "D19": rule(
        "evaluated_on_line",
        "电子招标投标办法 第三十三条",
        ELECTRONIC,
        "电子评标应当在有效监控和保密的环境下在线进行；澄清、说明通过交易平台进行。",
        "Bids are evaluated on line, watched and confidential; clarifications go through the platform.",
    ),
    "SEPARATE": rule(
        "recommended_unranked_and_decided_by_the_tenderer",
        "招标文件（评定分离试点）",
        None,
        "评定分离：评标委员会推荐不排序的候选人，招标人按招标文件公布的规则定标。",
        "In local pilots the committee recommends unranked and the tenderer decides by its published rule.",
        verified=False,
    ),
}
