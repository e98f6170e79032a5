"""The law of state-owned property as dated values (S1-S19).

Since 2025-02-18 国资发产权规〔2025〕17号 has replaced the rules of 2009 that S8 and S9 rest on. What it says was not
found: S3 and S8-S11 are shown as unverified.
"""

from collections.abc import Mapping
from datetime import date

from services.property.domain.tendering import TENDER
from shared.law.making import Versions, fen, months, rule, share, working_days
from shared.procedure.lot.common import AUCTION_NOTICE, AUCTION_SHOWING, COMMON

ORDER_32 = date(2016, 6, 24)  # 企业国有资产交易监督管理办法 第六十八条
STATE_ASSETS_LAW = date(2009, 5, 1)  # 企业国有资产法 第七十七条
RULES_32 = "企业国有资产交易监督管理办法"
RULES_2009 = "企业国有产权交易操作规则"
YUNNAN = "云南省国有产权电子交易规则"

LAW: Mapping[str, Versions] = {
    "S1": rule(
        "two_takers_compete",
        "企业国有资产法 第五十四条",
        STATE_ASSETS_LAW,
        "征集产生的受让方为两个以上的，转让应当采用公开竞价的交易方式。",
        "Where two or more takers come, they bid in public.",
    ),
    "S1-SOLE": working_days(
        10,
        "企业国有资产法 第五十四条；期限为平台规则",
        None,
        "只产生一个受让方的，以不低于挂牌价的价格协议转让，期限10个工作日。",
        "A single taker agrees with the seller at no less than the listed price, within 10 working days.",
        verified=False,
    ),
    "S2": rule(
        "at_least_the_valuation",
        f"企业国有资产法 第五十五条；{RULES_32} 第十七条",
        STATE_ASSETS_LAW,
        "首次挂牌价以经核准或者备案的评估结果为依据，不得低于评估结果。",
        "The first price rests on the approved valuation and is not below it.",
    ),
    "S3": working_days(
        20,
        f"{RULES_32} 第十三条",
        ORDER_32,
        "正式披露信息时间不得少于20个工作日。",
        "A transfer is disclosed for at least 20 working days.",
        verified=False,
    ),
    "S4": working_days(
        20,
        f"{RULES_32} 第十三条",
        ORDER_32,
        "导致转让标的企业的实际控制权发生转移的，应当预披露，时间不得少于20个工作日。",
        "Where another gets control of the enterprise, a first notice stands for at least 20 working days.",
    ),
    "S4-FILED": working_days(
        10,
        f"{RULES_32} 第十三条",
        ORDER_32,
        "转让行为获批后10个工作日内进行预披露。",
        "The first notice follows within 10 working days of the approval.",
    ),
    "S5": share(
        "0.9",
        f"{RULES_32} 第十八条",
        ORDER_32,
        "新的转让底价低于评估结果的90%的，应当经转让行为批准单位书面同意。",
        "A later price under 90 % of the valuation needs the written consent of who approved the transfer.",
        verified=False,
    ),
    "S5-AGAIN": working_days(
        20,
        f"{RULES_32} 第十三条、第十八条",
        ORDER_32,
        "调整转让底价后重新披露；后来的规定缩短了期限，其条文未查得，暂按20个工作日。",
        "After a cut of the price it is disclosed anew; later rules shortened the time, their text was not found.",
        verified=False,
    ),
    "S6": months(
        12,
        f"{RULES_32} 第十九条",
        ORDER_32,
        "自首次正式披露之日起超过12个月未征集到受让方的，应当重新审计、评估和披露。",
        "After 12 months without a taker audit, valuation and disclosure are done anew.",
    ),
    "S7": rule(
        "stands_as_it_is",
        f"{RULES_32}问答",
        None,
        "披露的内容不得变更；因非转让方原因或者不可抗力需要补充的，补充公告并相应延长。",
        "What is disclosed stands; for a third party's cause or force majeure it is supplemented and extended.",
    ),
    "S8": working_days(
        5,
        f"{RULES_2009} 第二十条",
        None,
        "未征集到意向受让方的，按披露的内容延长，每次不少于5个工作日；未披露延长的，到期终结。",
        "Without a taker it is extended as was disclosed, by 5 working days or more each time; else it is over.",
        verified=False,
    ),
    "S9": months(
        1,
        f"{RULES_2009} 第二十三条",
        None,
        "中止披露的期限不超过1个月。",
        "A disclosure stands still for at most a month.",
        verified=False,
    ),
    "S9-REST": working_days(
        10,
        f"{RULES_2009} 第二十三条",
        None,
        "恢复披露的，累计时间不少于规定的披露期，且继续披露不少于10个工作日。",
        "A disclosure that goes on lasts as long as it must in all, and at least 10 working days more.",
        verified=False,
    ),
    "S10": working_days(
        20,
        f"{RULES_32} 第五十条",
        ORDER_32,
        "转让底价高于1000万元的资产转让，信息公告期不少于20个工作日；恰为1000万元的，从长。",
        "An asset of more than 10 million yuan is disclosed for at least 20 working days; of exactly that much too.",
        verified=False,
    ),
    "S10-LOW": working_days(
        10,
        f"{RULES_32} 第五十条",
        ORDER_32,
        "转让底价高于100万元、低于1000万元的资产转让，信息公告期不少于10个工作日；恰为100万元的，从长。",
        "An asset of more than 1 million yuan is disclosed for at least 10 working days; of exactly that much too.",
        verified=False,
    ),
    "S10-FROM": fen(
        1000_0000_00,
        f"{RULES_32} 第五十条",
        ORDER_32,
        "转让底价1000万元。",
        "A start price of 10 million yuan.",
        verified=False,
    ),
    "S10-LOW-FROM": fen(
        100_0000_00,
        f"{RULES_32} 第五十条",
        ORDER_32,
        "转让底价100万元。",
        "A start price of 1 million yuan.",
        verified=False,
    ),
    "S10-OPEN": rule(
        "open_to_all",
        f"{RULES_32} 第五十条",
        ORDER_32,
        "资产转让不得对受让方的资格条件作出限制。",
        "Nothing restricts who may buy an asset.",
        verified=False,
    ),
    "S11": working_days(
        40,
        f"{RULES_32} 第三十九条",
        ORDER_32,
        "企业增资信息披露时间不得少于40个工作日。",
        "A capital increase is disclosed for at least 40 working days.",
        verified=False,
    ),
    "S12": working_days(
        5,
        f"{RULES_32} 第十四条",
        ORDER_32,
        "原则上不得针对受让方设置资格条件；确需设置的，披露前报备，5个工作日内未反馈的视为同意。",
        "Conditions are exceptions: they are filed before the disclosure; 5 working days of silence is consent.",
        verified=False,
    ),
    "S13": rule(
        "ways",
        f"{RULES_32} 第二十二条",
        ORDER_32,
        "竞价可以采取拍卖、招投标、网络竞价以及其他竞价方式。",
        "Bidding is by auction, tender, on line, or otherwise.",
        verified=False,
    ),
    "S13-NOTICE": AUCTION_NOTICE,
    "S13-SHOWING": AUCTION_SHOWING,
    "S14": rule(
        "free_and_timed",
        YUNNAN,
        None,
        "动态报价分自由竞价和限时竞价，连续报价仅有限时竞价；首次报价不低于挂牌价，以后按加价幅度递增，报价不得撤回。",
        "Bidding is free and then timed, or timed alone; the first bid is at least the listed price, later ones go up "
        "by the step, and none is taken back.",
    ),
    "S14-COUNTDOWN": rule(
        "any_bid_restarts",
        YUNNAN,
        None,
        "限时竞价期内有新的有效报价的，重新计时；期满无新报价的，不低于底价的最高报价者为受让方；以系统时间为准。",
        "Any bid in the countdown restarts it; when it passes the highest bid not below the reserve wins.",
    ),
    "S15": working_days(
        5,
        f"{RULES_32} 第二十八条",
        ORDER_32,
        "价款自合同生效之日起5个工作日内一次付清；分期的，首期同样在5个工作日内支付。",
        "The price is paid in one within 5 working days of the contract; so is the first instalment.",
    ),
    "S15-FIRST": share(
        "0.3",
        f"{RULES_32} 第二十八条",
        ORDER_32,
        "首期付款不低于总价款的30%。",
        "The first instalment is at least 30 % of the price.",
    ),
    "S15-REST": months(
        12,
        f"{RULES_32} 第二十八条",
        ORDER_32,
        "其余款项提供转让方认可的合法有效担保，按同期银行贷款利率支付利息，付款期限不超过1年。",
        "The rest is secured, bears interest at the bank's loan rate, and is paid within a year.",
    ),
    "S15-CONTRACT": working_days(
        10,
        "平台规则 签订合同",
        None,
        "成交后10个工作日内签订交易合同。",
        "The contract is signed within 10 working days of the sale.",
        verified=False,
    ),
    "S16": working_days(
        5,
        f"{RULES_32} 第二十九条",
        ORDER_32,
        "交易结果公告不少于5个工作日，载明标的、评估结果、转让底价、交易价格。",
        "The result is public for at least 5 working days: what, its valuation, the listed and the final price.",
    ),
    "S17": working_days(
        5,
        "产权交易机构规则",
        None,
        "保证金在5个工作日内退还。",
        "Deposits are returned within 5 working days.",
        verified=False,
    ),
    "S18": rule(
        "priority_is_recorded",
        "公司法 第八十四条",
        None,
        "其他股东在同等条件下有优先购买权；行使和放弃应当记录。",
        "Existing shareholders may take it on equal terms; that they do or give it up is recorded.",
        verified=False,
    ),
    "S19": share(
        "0.3",
        "产权交易机构规则",
        None,
        "保证金不超过转让底价的30%。",
        "The deposit is at most 30 % of the price.",
        verified=False,
    ),
    "S19-LOST": rule(
        "deposit_lost",
        "产权交易机构规则",
        None,
        "受让方违约的，保证金不予退还。",
        "A taker in breach loses its deposit.",
        verified=False,
    ),
    **TENDER,
    **COMMON,
}
"""The clauses of the line."""
