"""The law of land-use rights after the hammer (T21-T23, T25, L6, L7, L12)."""

from collections.abc import Mapping
from datetime import date

from shared.law.making import Versions, days, months, rule, share, working_days

ORDER_39 = date(2007, 11, 1)  # 招标拍卖挂牌出让国有建设用地使用权规定 第二十八条
FUJIAN = "福建省国有建设用地使用权网上交易规则(2012)"

AFTER: Mapping[str, Versions] = {
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
    "T22-FIRST": share(
        "0.5",
        "国土资发〔2010〕34号",
        date(2010, 3, 8),
        "首次缴款不得低于全部土地出让价款的50%。",
        "The first payment is at least 50 % of the whole price.",
        verified=False,
    ),
    "T22-PAID": months(
        1,
        "国土资发〔2010〕34号",
        date(2010, 3, 8),
        "出让合同签订后1个月内缴纳首付款；不分期的，缴清全部价款。",
        "Within a month of the contract the first payment is made, or the whole one where there are no instalments.",
        verified=False,
    ),
    "T22-REST": months(
        12,
        "国土资发〔2010〕34号",
        date(2010, 3, 8),
        "余款最迟付款时间不得超过1年。",
        "The rest is paid within a year at the latest.",
        verified=False,
    ),
    "T23": working_days(
        10,
        "招标拍卖挂牌出让国有建设用地使用权规定 第二十二条",
        ORDER_39,
        "出让结束后10个工作日内公布结果。",
        "The result is published within 10 working days.",
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
    "L6": rule(
        "contents_of_the_confirmation",
        "招标拍卖挂牌出让国有建设用地使用权规定 第二十条",
        ORDER_39,
        "成交确认书应当包括出让人和竞得人的名称，出让标的，成交时间、地点、价款以及签订合同的时间、地点等内容，对双方具有法律效力。",
        "The confirmation names seller and winner, what was sold, when, where, at what price, and when and where the "
        "contract is signed; it binds both.",
    ),
    "L7": rule(
        "whole_price_before_registration",
        "招标拍卖挂牌出让国有建设用地使用权规定 第二十三条",
        ORDER_39,
        "受让人付清全部出让价款后，方可申请办理土地登记，不得按价款缴纳比例分割发放权属证书。",
        "Land is registered only once the whole price is paid, and is not split by the part that is.",
    ),
    "L12-PROOF": days(
        1,
        "无锡市、太仓市网上交易规则 第二十七条",
        None,
        "竞得人应当在1日内打印并签署竞得证明。",
        "The winner signs the proof of winning within a day.",
    ),
    "L12-CHECK": working_days(
        2,
        "无锡市、太仓市网上交易规则 第二十八条",
        None,
        "出让人应当在2个工作日内审核原件，审核通过的签订成交确认书。",
        "The seller checks the originals within 2 working days, and then the confirmation is signed.",
    ),
}
"""From the confirmation of the sale to the registration of the land."""
