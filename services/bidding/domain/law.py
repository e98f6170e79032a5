"""招标投标法, its 实施条例 and 电子招标投标办法 as dated values, as far as construction tendering relies on them.

`since` is the commencement of the statute; whether an article was amended since is the rulebook's to show.
"""

from collections.abc import Mapping

from services.bidding.domain.access import law as access
from services.bidding.domain.committee import law as committee
from services.bidding.domain.documents import law as documents
from services.bidding.domain.money import law as money
from services.bidding.domain.outages import law as outages
from services.bidding.domain.publication import law as publication
from services.bidding.domain.remedies import law as remedies
from services.bidding.domain.result import law as result
from services.bidding.domain.since import ACT, ELECTRONIC, REGULATION
from services.bidding.domain.timetable import law as timetable
from shared.law.clause import Clause, Unit
from shared.law.making import Versions, count, days, rule

_PHASES: Mapping[str, Versions] = {
    "E3": days(
        5,
        "招标投标法实施条例 第十六条",
        REGULATION,
        "招标文件的发售期不得少于5日。",
        "The tender documents are on sale for at least 5 days.",
    ),
    "E6": days(
        20,
        "招标投标法 第二十四条",
        ACT,
        "自招标文件开始发出之日起至提交投标文件截止之日止，最短不得少于20日。",
        "At least 20 days lie between the first issue of the documents and the deadline for bids.",
    ),
    "E10": rule(
        "ceiling_only",
        "招标投标法实施条例 第二十七条",
        REGULATION,
        "设有最高投标限价的应当在招标文件中明确；不得规定最低投标限价。",
        "A ceiling price is published in the tender documents; a floor price is forbidden.",
    ),
    "E13": rule(
        "late_or_unsealed_refused",
        "招标投标法实施条例 第三十六条",
        REGULATION,
        "逾期送达或者不按照招标文件要求密封的投标文件，应当拒收；送达时间和密封情况应当如实记载。",
        "A bid that is late or not sealed as required is refused; arrival and sealing are recorded.",
    ),
    "E16": count(
        3,
        "招标投标法 第二十八条",
        ACT,
        "投标人少于三个的，应当重新招标。",
        "With fewer than three bidders the tender is held again.",
    ),
    "E16-OPENING": count(
        3,
        "招标投标法实施条例 第四十四条",
        REGULATION,
        "投标人少于3个的，不得开标。",
        "With fewer than three bidders the bids are not opened.",
    ),
    "E17": rule(
        "all_opened_and_read",
        "招标投标法 第三十六条",
        ACT,
        "截止时间前收到的所有投标文件，开标时都应当当众予以拆封、宣读。",
        "Every bid received in time is opened and read out in public.",
    ),
    "E18": rule(
        "own_fault_revoked_other_withdrawn",
        "电子招标投标办法 第三十一条",
        ELECTRONIC,
        "因投标人原因造成投标文件未解密的，视为撤销其投标文件；因投标人之外的原因造成未解密的，视为撤回，投标人有权要求赔偿直接损失。",
        "A bid not unsealed through the bidder's own fault counts as revoked, through another cause as withdrawn.",
    ),
    "E23": rule(
        "seven_causes",
        "招标投标法实施条例 第五十一条",
        REGULATION,
        "有七种情形之一的，评标委员会应当否决其投标；投标报价低于成本或者高于最高投标限价为其一。",
        "The committee rejects a bid in seven cases; a price below cost or above the ceiling is one.",
    ),
    "E25": rule(
        "best_or_lowest_evaluated",
        "招标投标法 第四十一条",
        ACT,
        "中标人应当最大限度满足综合评价标准，或者经评审的投标价格最低且不低于成本。",
        "The winner best meets the declared criteria, or has the lowest evaluated price, not below cost.",
    ),
    "E27": rule(
        "all_may_be_rejected",
        "招标投标法 第四十二条",
        ACT,
        "评标委员会认为所有投标都不符合招标文件要求的，可以否决所有投标；依法必须招标的项目应当重新招标。",
        "The committee may reject all bids; a project that must be tendered is then tendered again.",
    ),
    "E27-COMPETITION": (
        Clause(
            3,
            "评标委员会和评标方法暂行规定 第二十七条",
            unit=Unit.COUNT,
            note_zh="有效投标不足三个使得投标明显缺乏竞争的，评标委员会可以否决全部投标。",
            note_en="With fewer than three effective bids and no competition the committee may reject all.",
        ),
    ),
    "E28": count(
        3,
        "招标投标法实施条例 第五十三条",
        REGULATION,
        "中标候选人应当不超过3个，并标明排序。",
        "There are at most 3 candidates, in ranked order.",
    ),
    "E29": days(
        3,
        "招标投标法实施条例 第五十四条",
        REGULATION,
        "公示中标候选人，公示期不得少于3日。",
        "The candidates are publicised for at least 3 days.",
    ),
    "E29-START": days(
        3,
        "招标投标法实施条例 第五十四条",
        REGULATION,
        "应当自收到评标报告之日起3日内公示中标候选人。",
        "The candidates are publicised within 3 days of the report.",
    ),
    "E31": rule(
        "state_funded_first_ranked",
        "招标投标法实施条例 第五十五条",
        REGULATION,
        "国有资金占控股或者主导地位的依法必须招标的项目，应当确定排名第一的中标候选人为中标人。",
        "Where state funds control or dominate, the first-ranked candidate is the winner.",
    ),
    "E32": days(
        30,
        "招标投标法 第四十六条",
        ACT,
        "自中标通知书发出之日起30日内订立书面合同。",
        "The contract is made in writing within 30 days of the award notice.",
    ),
    "E32-TERMS": rule(
        "contract_equals_award",
        "招标投标法 第四十六条",
        ACT,
        "按照招标文件和中标人的投标文件订立合同，不得再行订立背离合同实质性内容的其他协议。",
        "The contract follows the tender documents and the winning bid; no other substance may be agreed.",
    ),
    "R49": rule(
        "declared_standards_only",
        "招标投标法实施条例 第四十九条",
        REGULATION,
        "招标文件没有规定的评标标准和方法不得作为评标的依据。",
        "Standards that the tender documents do not state may not be used.",
    ),
    "D11": rule(
        "unencrypted_refused",
        "电子招标投标办法 第二十六条",
        ELECTRONIC,
        "投标人未按规定加密的投标文件，电子招标投标交易平台应当拒收并提示。",
        "A bid not encrypted as required is refused, and the bidder is told.",
    ),
    "D12": rule(
        "end_of_transmission_counts",
        "电子招标投标办法 第二十七条",
        ELECTRONIC,
        "投标截止时间前未完成传输的，视为撤回投标文件；投标截止时间后送达的，应当拒收。",
        "What counts is the end of transmission; what arrives after the deadline is refused.",
    ),
    "D17": rule(
        "shown_after_all_unsealed",
        "电子招标投标办法 第三十条",
        ELECTRONIC,
        "解密全部完成后，应当向所有投标人公布投标人名称、投标价格和招标文件规定的其他内容。",
        "Names and prices are shown to all bidders after all unsealing is finished.",
    ),
    "D18": rule(
        "opening_record_public",
        "电子招标投标办法 第三十二条",
        ELECTRONIC,
        "应当生成开标记录并向社会公众公布。",
        "An opening record is made and published.",
    ),
    "D20": rule(
        "notices_as_data_messages",
        "电子招标投标办法 第三十六条",
        ELECTRONIC,
        "中标通知书和中标结果通知书以数据电文形式向中标人和未中标的投标人发出。",
        "The award notice and each loser's result notice are sent as data messages.",
    ),
}
LAW: Mapping[str, Versions] = {
    **_PHASES,
    **access.CLAUSES,
    **committee.CLAUSES,
    **documents.CLAUSES,
    **money.CLAUSES,
    **result.CLAUSES,
    **timetable.CLAUSES,
    **publication.CLAUSES,
    **remedies.CLAUSES,
    **outages.CLAUSES,
}
"""Every clause this line relies on, by its row in the rulebook, each row's versions oldest first."""
