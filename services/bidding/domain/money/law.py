"""The clauses about the money of a tender."""

from collections.abc import Mapping
from datetime import date

from services.bidding.domain.since import REGULATION
from shared.kernel.errors import PLATFORM_RULE
from shared.law.making import Versions, days, fen, rule, share

CLAUSES: Mapping[str, Versions] = {
    "E9": share(
        "0.02",
        "招标投标法实施条例 第二十六条",
        REGULATION,
        "投标保证金不得超过招标项目估算价的2%。",
        "A bid deposit is at most 2% of the estimate.",
    ),
    "E9-WORKS": fen(
        80_000_000,
        "工程建设项目施工招标投标办法 第三十七条",
        None,
        "施工招标的投标保证金不得超过估算价的2%，最高不得超过80万元人民币。",
        "For works a bid deposit is at most 2% of the estimate, and never over 800,000 yuan.",
    ),
    "E9-VALIDITY": rule(
        "as_long_as_bids",
        "招标投标法实施条例 第二十六条",
        REGULATION,
        "投标保证金有效期应当与投标有效期一致。",
        "A bid deposit is valid as long as the bids are.",
    ),
    "E9-BASIC": rule(
        "must_tender_domestic_cash_or_cheque",
        "招标投标法实施条例 第二十六条",
        REGULATION,
        "依法必须进行招标的项目的境内投标单位，以现金或者支票形式提交的投标保证金应当从其基本账户转出。",
        "Where the law demands a tender, domestic bidders pay cash or cheque deposits from their basic account.",
    ),
    "E44-DEPOSIT": rule(
        "major_deviation_rejected",
        "评标委员会和评标方法暂行规定 第二十五条",
        None,
        "没有按照招标文件要求提供投标担保或者所提供的投标担保有瑕疵的，属于重大偏差，作否决投标处理。",
        "To give no deposit as demanded, or one with a flaw, is a major deviation: the bid is rejected.",
        verified=False,
    ),
    "E41-DEPOSIT": rule(
        "extended_with_the_bid",
        "工程建设项目施工招标投标办法 第二十九条",
        date(2003, 5, 1),
        "同意延长投标有效期的，应当相应延长其投标保证金的有效期。",
        "Who agrees to be bound longer extends its bid deposit accordingly.",
    ),
    "E11": days(
        5,
        "招标投标法实施条例 第三十五条",
        REGULATION,
        "投标截止前撤回投标文件的，自收到书面撤回通知之日起5日内退还投标保证金。",
        "Where a bid is withdrawn before the deadline, its deposit is returned within 5 days of the written notice.",
    ),
    "E12": rule(
        "may_be_kept",
        "招标投标法实施条例 第三十五条",
        REGULATION,
        "投标截止后投标人撤销投标文件的，招标人可以不退还投标保证金。",
        "Where a bid is revoked after the deadline, the tenderer may keep its deposit.",
    ),
    "E33": days(
        5,
        "招标投标法实施条例 第五十七条",
        REGULATION,
        "招标人最迟应当在书面合同签订后5日内向中标人和未中标的投标人退还投标保证金及银行同期存款利息。",
        "Within 5 days of the contract all deposits are returned, with bank interest.",
    ),
    "CONCLUDED": rule(
        "signed_by_both",
        "民法典 第四百九十条",
        date(2021, 1, 1),
        "采用合同书形式订立合同的，自当事人均签名、盖章时合同成立；退还投标保证金的期限自中标人也签署合同之日起算。",
        "A written contract is concluded when both have signed: deposits fall due from the winner's signature.",
        verified=False,
    ),
    "E34": share(
        "0.1",
        "招标投标法实施条例 第五十八条",
        REGULATION,
        "履约保证金不得超过中标合同金额的10%；招标文件要求提交的，中标人应当提交。",
        "A performance bond is at most 10% of the contract price; where it is demanded, the winner gives it.",
    ),
    "E47": rule(
        "both_at_once",
        "工程建设项目施工招标投标办法 第六十二条",
        None,
        "招标人要求中标人提供履约担保的，应当同时向中标人提供工程款支付担保。",
        "Who demands a performance bond gives the winner a payment guarantee at the same time.",
    ),
    "PAYMENT-GUARANTEE": rule(
        "given_before_signing",
        PLATFORM_RULE,
        None,
        "施工招标的招标人收取履约担保的，签订合同时应当已经提供工程款支付担保。",
        "Who takes a performance bond for works has given the payment guarantee when the contract is signed.",
        verified=False,
    ),
    "E40": rule(
        "returned_at_once",
        "招标投标法实施条例 第三十一条",
        REGULATION,
        "终止招标的，应当及时退还所收取的招标文件的费用，以及所收取的投标保证金及银行同期存款利息。",
        "A terminated tender returns at once the fees and the deposits with bank interest.",
    ),
    "R50-REFERENCE": rule(
        "reference_only",
        "招标投标法实施条例 第五十条",
        REGULATION,
        "设有标底的，应当在开标时公布。标底只能作为评标的参考，不得以投标报价超过标底上下浮动范围作为否决投标的条件。",
        "A reference price is shown at the opening; it is a reference alone and no ground to reject a bid.",
        verified=False,
    ),
    "STATEMENT": rule(
        "payments_by_statement",
        PLATFORM_RULE,
        None,
        "记录保证金、工本费的收付，应当附银行回单或者保函核验结果的摘要。",
        "A payment that came in or went back is recorded with the digest of the bank's statement, or issuer's answer.",
        verified=False,
    ),
    "REFUND": days(
        5,
        PLATFORM_RULE,
        None,
        "法律未定退还期限的，投标保证金自事由发生之日起5日内退还。",
        "Where the law sets no time, a deposit is returned within 5 days of what ends its purpose.",
        verified=False,
    ),
}
