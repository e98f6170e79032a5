"""The clauses about the result of a tender and what is due after it."""

from collections.abc import Mapping
from datetime import date

from services.bidding.domain.since import ACT, REGULATION
from shared.law.making import Versions, days, rule, share

_WORKS = date(2003, 5, 1)  # 工程建设项目施工招标投标办法 第九十二条

CLAUSES: Mapping[str, Versions] = {
    "E31-NEXT": rule(
        "next_in_order_or_again",
        "招标投标法实施条例 第五十五条",
        REGULATION,
        "排名第一的中标候选人放弃中标、因不可抗力不能履行合同、不按要求提交履约保证金，或者被查实存在影响中标结果的违法行为的，"
        "招标人可以按照名单排序依次确定其他候选人为中标人，也可以重新招标。",
        "Where the first-ranked gives up, is hindered by force majeure, gives no performance bond or is found to have"
        " broken the law, the tenderer takes the others in their order, or holds the tender again.",
    ),
    "R56-STANDING": rule(
        "no_award_to_one_under_a_sanction",
        "招标投标法实施条例 第五十五条、第五十六条",
        REGULATION,
        "中标候选人存在违法行为、不符合中标条件的，不得确定其为中标人；定标时再次核对其是否被暂停或者列入名单。",
        "A candidate found to have broken the law does not win: whether it is suspended or listed is looked at again.",
        verified=False,
    ),
    "E35": days(
        15,
        "招标投标法 第四十七条",
        ACT,
        "依法必须招标的项目，招标人应当自确定中标人之日起15日内向有关行政监督部门提交招标投标情况的书面报告。",
        "Within 15 days of deciding the winner the tenderer reports to the supervisor in writing.",
    ),
    "E35-WORKS": days(
        15,
        "工程建设项目施工招标投标办法 第六十五条",
        _WORKS,
        "依法必须进行施工招标的项目，招标人应当自发出中标通知书之日起15日内提交书面报告。",
        "For works the 15 days of the written report run from sending the award notice.",
    ),
    "E37": share(
        "0.01",
        "招标投标法实施条例 第七十四条",
        REGULATION,
        "中标人无正当理由不订立合同、附加条件或者不提交履约保证金的，取消中标资格，投标保证金不予退还，可处中标金额10‰以下罚款。",
        "A winner that refuses the contract, adds conditions or gives no performance bond loses the award and its"
        " deposit; the fine is at most 10 per mille of the price.",
    ),
    "E41": rule(
        "award_within_validity",
        "工程建设项目施工招标投标办法 第二十九条",
        _WORKS,
        "应当在投标有效期内完成评标和定标；延长应当书面通知，投标人可以拒绝，拒绝的其投标失效并收回投标保证金。",
        "The winner is decided while bids bind; who is asked for longer may refuse, and its bid then lapses.",
    ),
    "E48": rule(
        "contents_of_publicity",
        "招标公告和公示信息发布管理办法 第六条",
        date(2018, 1, 1),
        "中标候选人公示应当载明排序、名称、报价、质量、工期、评标情况，项目负责人及证书，资格能力条件，提出异议的渠道和方式。",
        "The publicity of candidates states rank, name, price, quality, time, evaluation, the person in charge with"
        " certificates, the qualifications met, and how to object.",
    ),
}
