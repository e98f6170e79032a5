"""The law of land-use rights as dated values (T1-T25, L1-L13), and the names that the lot's rules have in it.

Rows that rest on a province's or a city's own rules say so in their article; where such rules differ, the notice
declares which variant it uses, and the clause here is only what refusals cite.
"""

from collections.abc import Mapping
from datetime import date

from shared.law.making import Versions, count, days, hours, minutes, rule, share, working_days
from shared.procedure.lot.common import AUCTION_CALLS, AUCTION_NOTICE, AUCTION_SHOWING
from shared.procedure.lot.rules import Rules

ORDER_39 = date(2007, 11, 1)  # 招标拍卖挂牌出让国有建设用地使用权规定 第二十八条

FUJIAN = "福建省国有建设用地使用权网上交易规则(2012)"

LAND: Mapping[str, Versions] = {
    "T1": rule(
        "in_competition",
        "土地管理法实施条例 第十八条",
        date(2021, 9, 1),  # 2021年修订，自该日施行
        "经营性用地等应当在统一的公共资源交易平台以招标、拍卖、挂牌方式出让。",
        "Land for business and the like is sold by tender, auction or listing, on the unified platform.",
    ),
    "T2": days(
        20,
        "招标拍卖挂牌出让国有建设用地使用权规定 第八条",
        ORDER_39,
        "应当至少在投标、拍卖或者挂牌开始日前20日发布公告。",
        "The announcement comes at least 20 days before the tender, auction or listing begins.",
    ),
    "T3": days(
        2,
        "招标拍卖挂牌出让国有建设用地使用权规定 第十一条",
        ORDER_39,
        "挂牌的，竞买申请的截止时间为挂牌结束前2日。",
        "For a listing, applications end two days before the listing does.",
    ),
    "T4": days(
        10,
        "招标拍卖挂牌出让国有建设用地使用权规定 第十八条",
        ORDER_39,
        "挂牌时间不少于10日。",
        "A listing lasts at least 10 days.",
    ),
    "T5": rule(
        "sealed_until_the_end",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十条",
        ORDER_39,
        "标底和底价在出让活动结束前应当保密。",
        "A reserve is secret until the sale is over.",
    ),
    "T7": AUCTION_CALLS,
    "T8": AUCTION_SHOWING,
    "T8-NOTICE": AUCTION_NOTICE,
    "T10": rule(
        "highest_at_least_the_reserve",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十九条",
        ORDER_39,
        "报价不低于底价并符合条件的，最高者竞得；报价相同的，先提交者竞得；无人报价或者低于底价的，不成交。",
        "The highest bid not below the reserve that qualifies wins, of equal ones the earlier; else it is not sold.",
    ),
    "T11": rule(
        "at_least_a_step",
        f"{FUJIAN} 第三十条",
        None,
        "首次报价不低于起始价，以后每次报价比当前最高报价至少增加一个加价幅度。",
        "The first bid is at least the start price, every later one at least a step above the highest.",
    ),
    "T12": rule(
        "irrevocable",
        f"{FUJIAN} 第三十一条",
        None,
        "报价一经记录，不得撤回。",
        "A bid that is recorded is not taken back.",
    ),
    "T13": rule(
        "declared",
        f"汕头市网上交易规则 第十九条至第二十四条；{FUJIAN} 第三十三条、第三十八条",
        None,
        "限时竞价的启动和参加办法以公告为准。",
        "When timed bidding follows, and who joins it, is as announced.",
    ),
    "T14": minutes(
        5,
        f"{FUJIAN} 第四十二条",
        None,
        "限时竞价倒计时5分钟，有新的有效报价即重新计时；期满无报价即结束。",
        "A countdown of 5 minutes that each valid bid restarts in full; it ends when it passes without one.",
    ),
    "T17": rule(
        "stands_still",
        f"{FUJIAN} 第五十四条至第五十八条",
        None,
        "交易中止的，恢复后顺延；准备期和限时竞价期内中止的，恢复后重新准备。",
        "What stood still goes on for as long as was left; a timed phase begins again with its preparation.",
    ),
    "T17-NOTICE": hours(
        24,
        f"{FUJIAN} 第五十七条",
        None,
        "恢复交易应当提前24小时公告。",
        "That a lot goes on is told at least 24 hours before.",
    ),
    "T17-AT-ONCE": minutes(
        60,
        f"{FUJIAN} 第五十七条",
        None,
        "故障在1小时内排除的，可以即时恢复。",
        "What is mended within an hour may go on at once.",
    ),
    "T18": rule(
        "ended_for_good",
        f"{FUJIAN} 第五十六条",
        None,
        "司法机关查封、权属争议、串通、政策调整等情形，终止交易。",
        "A court's seizure, a dispute of ownership, collusion or a change of policy ends the sale.",
    ),
    "T19": days(
        2,
        f"{FUJIAN} 第二十二条",
        None,
        "竞买资格应当在2日内审核。",
        "Applicants are reviewed within two days.",
    ),
    "T19-NUMBER": rule(
        "number_hides_the_bidder",
        f"{FUJIAN} 第二十五条",
        None,
        "竞买人凭竞买号参加交易，竞买号和身份保密。",
        "Bidders take part under a number; number and identity are secret.",
    ),
    "T20": share(
        "0.2",
        "国土资发〔2010〕34号",
        date(2010, 3, 8),
        "竞买保证金不得低于出让最低价的20%。",
        "The deposit is at least 20 % of the lowest price.",
        verified=False,
    ),
    "T21": working_days(
        5,
        f"{FUJIAN} 第四十六条",
        None,
        "未竞得人的保证金在5个工作日内退还，不计利息。",
        "Deposits of those who did not win are returned within 5 working days, without interest.",
    ),
    "T22": working_days(
        5,
        f"{FUJIAN} 第四十五条",
        None,
        "成交后5个工作日内签订成交确认书。",
        "The confirmation of the sale is signed within 5 working days.",
    ),
    "T22-CONTRACT": working_days(
        10,
        "国土资发〔2010〕34号",
        date(2010, 3, 8),
        "成交后10个工作日内签订出让合同。",
        "The contract is signed within 10 working days of the sale.",
        verified=False,
    ),
    "T23": working_days(
        10,
        "招标拍卖挂牌出让国有建设用地使用权规定 第二十二条",
        ORDER_39,
        "出让结束后10个工作日内公布结果。",
        "The result is published within 10 working days.",
    ),
    "T24": rule(
        "server_time",
        f"{FUJIAN} 第五十三条",
        None,
        "以交易系统服务器的时间为准。",
        "The time of the system's server counts.",
    ),
    "T25": rule(
        "deposit_lost",
        f"{FUJIAN} 第四十八条",
        None,
        "竞得人违约的，竞买保证金不予退还。",
        "A winner in breach loses its deposit.",
    ),
    "L1": rule(
        "approved_plan",
        "招标拍卖挂牌出让国有建设用地使用权规定 第六条、第七条",
        ORDER_39,
        "出让方案经批准后，编制出让文件，发布出让公告。",
        "The plan is approved and the documents are made before the notice.",
    ),
    "L2": count(
        8,
        "招标拍卖挂牌出让国有建设用地使用权规定 第九条",
        ORDER_39,
        "出让公告应当载明八项内容。",
        "The notice has eight contents.",
    ),
    "L3": rule(
        "by_the_notice_alone",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十一条",
        ORDER_39,
        "不得在公告之外设定影响公平、公正竞争的限制条件；符合公告规定条件的申请人，应当通知其参加。",
        "Nothing beyond the notice restricts who may apply; whoever meets the notice is told that it takes part.",
    ),
    "L5": rule(
        "step_may_change",
        "招标拍卖挂牌出让国有建设用地使用权规定 第十六条、第十八条",
        ORDER_39,
        "主持人可以根据竞价情况调整增价幅度。",
        "The host may change the step as the bidding goes.",
    ),
    "L9": rule(
        "postponed",
        "无锡市国有建设用地使用权网上交易规则 第十二条",
        None,
        "补充公告发布之日距交易开始不足20日的，交易开始时间顺延；其他公告内容不得变更。",
        "A supplementary notice less than 20 days before the start postpones it; nothing else of a notice changes.",
    ),
    "L10": rule(
        "own_money_for_one_parcel",
        "无锡市、太仓市国有建设用地使用权网上交易规则 第十七条",
        None,
        "一笔保证金只能用于一宗地，并应以竞买人本人名义缴纳。",
        "One payment of a deposit is for one parcel, and is made in the bidder's own name.",
    ),
}
"""The clauses of land-use rights."""

LAND_RULES = Rules(
    ways=("listing", "auction"),
    announced="T2",
    supplement="L9",
    admission="L3",
    deposit_own="L10",
    right="X13",
    idle="X22-IDLE",
    reminded="X22-REMINDED",
    step_change="L5",
    auction_notice="T8-NOTICE",
    showing="T8",
    calls="T7",
    listing="T4",
    applications="T3",
    review="T19",
    deposit_least="T20",
    step="T11",
    irrevocable="T12",
    trigger="T13",
    countdown="T14",
    equal="T10",
    reserve="T5",
    freeze="T17",
    thaw_notice="T17-NOTICE",
    thaw_at_once="T17-AT-ONCE",
    terminate="T18",
    number="T19-NUMBER",
    server_time="T24",
    outcome="T10",
    confirmation="T22",
    contract="T22-CONTRACT",
    publicity_within="T23",
    refund="T21",
    paid="T22-PAID",
    default="T25",
    notice="L2",
    required=("位置", "面积", "现状", "用途", "年限", "规划指标", "竞买资格"),
)
"""What the lot's rules are called in the law of land-use rights."""
