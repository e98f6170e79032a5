"""The names that the lot's rules have in the law of state property: 产权转让, 实物资产转让, 增资."""

from collections.abc import Mapping
from dataclasses import replace

from shared.procedure.lot.rules import Rules

EQUITY = Rules(
    ways=("online", "auction", "tender"),
    least_bidders={"tender": "S13-THREE"},
    opening="S13-OPENING",
    committee="S13-COMMITTEE",
    committee_odd="S13-ODD",
    committee_experts="S13-EXPERTS",
    committee_years="S13-YEARS",
    avoid="S13-AVOID",
    judged="S13-BEST",
    announced="S3",
    until_applications=True,
    again="S5-AGAIN",
    auction_notice="S13-NOTICE",
    showing="S13-SHOWING",
    extension="S8",
    supplement="S7",
    foreign_only=True,
    pre_disclosure="S4",
    pre_filed="S4-FILED",
    suspended="S9",
    rest="S9-REST",
    review="X-REVIEW",
    admission="S12",
    filing="S12",
    deposit_most="S19",
    deposit_own="S19",
    first_price="S2",
    relisted="S5",
    right="X13",
    sole_taker="S1-SOLE",
    triggers=("always",),
    step="S14",
    irrevocable="S14",
    trigger="S14",
    countdown="S14-COUNTDOWN",
    equal="S14-COUNTDOWN",
    reserve="S14-COUNTDOWN",
    server_time="S14-COUNTDOWN",
    outcome="S14-COUNTDOWN",
    freeze="X21",
    thaw_notice="X-THAW",
    thaw_at_once="X-THAW-AT-ONCE",
    terminate="X22",
    idle="X22-IDLE",
    reminded="X22-REMINDED",
    number="S14",
    confirmation="S15-CONTRACT",
    contract="S15-CONTRACT",
    publicity_lasts="S16",
    publicity_since="contract",
    refund="S17",
    paid="S15",
    instalment_first="S15-FIRST",
    instalment_rest="S15-REST",
    instalment_security="S15-REST",
    instalment_interest="S15-REST",
    default="S19-LOST",
    voided="X-VOID",
    priority="S18",
    lapse="S6",
    notice="S7",
    required=("标的企业", "持股比例", "转让行为批准", "职工安置", "债权债务处理"),
)
"""产权转让: shares of an enterprise."""

ASSET = replace(
    EQUITY,
    announced="S10",
    bands=(("S10-LOW-FROM", "S10-LOW"), ("S10-FROM", "S10")),
    again=None,
    pre_disclosure=None,
    pre_filed=None,
    admission="S10-OPEN",
    filing=None,
    open_to_all=True,
    required=("名称", "数量", "现状", "存放地点"),
)
"""实物资产转让: buildings, equipment, rights; its time depends on the start price, and anyone may buy."""

CAPITAL_INCREASE = replace(
    EQUITY,
    ways=("online",),
    announced="S11",
    again=None,
    pre_disclosure=None,
    pre_filed=None,
    required=("增资企业", "拟募集资金", "拟增资股数", "增资用途", "增资前后股权结构"),
)
"""增资: new shares at the highest price for one, to one investor; 遴选 and 竞争性谈判 are not held here."""

RULES: Mapping[str, Rules] = {"equity": EQUITY, "asset": ASSET, "capital_increase": CAPITAL_INCREASE}
"""The rules of each kind of state property that the line sells."""
