"""The law of a tender of state property (S13): 招标投标法, as far as it is sold so."""

from collections.abc import Mapping

from shared.law.making import Versions, count, rule, years
from shared.procedure.lot.common import TENDERING_LAW, committee_avoid, committee_experts, odd

TENDER: Mapping[str, Versions] = {
    "S13-THREE": count(
        3,
        "招标投标法 第二十八条",
        TENDERING_LAW,
        "投标人少于三个的，应当重新招标。",
        "With fewer than three bidders the tender is held again.",
    ),
    "S13-OPENING": rule(
        "opened_together",
        "招标投标法 第三十四条至第三十六条",
        TENDERING_LAW,
        "开标在截止的同一时间公开进行，所有按时收到的投标当众拆封、宣读。",
        "At the deadline all bids that came in time are opened and read out in public.",
    ),
    "S13-COMMITTEE": count(
        5,
        "招标投标法 第三十七条",
        TENDERING_LAW,
        "评标委员会成员为五人以上单数。",
        "A committee has five members or more, an odd number.",
    ),
    "S13-ODD": odd("招标投标法 第三十七条", TENDERING_LAW),
    "S13-EXPERTS": committee_experts(verified=True),
    "S13-YEARS": years(
        8,
        "招标投标法 第三十七条",
        TENDERING_LAW,
        "专家应当从事相关领域工作满八年并具有高级职称或者具有同等专业水平。",
        "An expert has worked in the field for eight years and holds a senior title or its equal.",
    ),
    "S13-AVOID": committee_avoid(verified=True),
    "S13-BEST": rule(
        "best_on_the_criteria",
        "招标投标法 第四十一条",
        TENDERING_LAW,
        "评标按照招标文件确定的标准和方法进行，最大限度地满足各项综合评价标准的投标人中标。",
        "Offers are judged by the announced criteria and method; who meets them best wins.",
    ),
}
"""The clauses of tenders."""
