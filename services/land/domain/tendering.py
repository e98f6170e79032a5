"""The law of a tender of land (T6, L4): how many bid, how it is opened, who judges and by what."""

from collections.abc import Mapping

from services.land.domain.after import ORDER_39
from shared.law.making import Versions, count, rule
from shared.procedure.lot.common import committee_avoid, committee_experts, odd

TENDER: Mapping[str, Versions] = {
    "T6": count(
        3,
        "招标拍卖挂牌出让国有建设用地使用权规定 第十三条",
        ORDER_39,
        "投标人少于三人的，终止招标活动。",
        "With fewer than three bidders the tender ends.",
    ),
    "T6-COMMITTEE": count(
        5,
        "招标拍卖挂牌出让国有建设用地使用权规定 第十三条",
        ORDER_39,
        "评标小组成员为五人以上的单数；价高者得的，可以不成立评标小组。",
        "A committee has five members or more, an odd number; where the price alone decides none is needed.",
    ),
    "T6-ODD": odd("招标拍卖挂牌出让国有建设用地使用权规定 第十三条", ORDER_39),
    "T6-EXPERTS": committee_experts(verified=False),
    "T6-AVOID": committee_avoid(verified=False),
    "T6-BOX": rule(
        "not_taken_back",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十三条",
        ORDER_39,
        "标书投入标箱后，不可撤回。",
        "What is in the box is not taken back.",
        verified=False,
    ),
    "L4": rule(
        "opened_in_public",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十四条",
        ORDER_39,
        "公开开标，检查密封情况，逐一宣布投标人和投标价格；价高者得的，价格最高者中标。",
        "Opened in public: seals are checked, bidders and prices read out; where the price decides, the highest wins.",
    ),
    "L4-BEST": rule(
        "best_on_the_criteria",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十四条",
        ORDER_39,
        "评标小组按照招标文件确定的标准和方法评审，最大限度地满足各项综合评价标准的投标人中标。",
        "The committee judges by the announced criteria and method; who meets them best wins.",
    ),
}
"""The clauses of tenders."""
