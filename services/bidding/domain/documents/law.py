"""The clauses about the tender documents."""

from collections.abc import Mapping

from services.bidding.domain.since import ELECTRONIC, REGULATION
from shared.law.making import Versions, days, rule

CLAUSES: Mapping[str, Versions] = {
    "E7": days(
        15,
        "招标投标法实施条例 第二十一条",
        REGULATION,
        "澄清或者修改可能影响投标文件编制的，应在投标截止至少15日前发出；不足15日的，应当顺延投标截止时间。",
        "A clarification that may affect bids is issued at least 15 days before the deadline, or it is postponed.",
    ),
    "D7": rule(
        "secret_until_deadline",
        "电子招标投标办法 第二十一条",
        ELECTRONIC,
        "投标截止前，下载招标文件的潜在投标人名称、数量不得泄露。",
        "Who took the documents, and how many, is secret until the deadline.",
    ),
    "D8": rule(
        "told_to_all_who_took",
        "电子招标投标办法 第二十二条",
        ELECTRONIC,
        "澄清、修改应以醒目的方式公告，并以有效方式通知所有已下载招标文件的潜在投标人。",
        "A clarification is shown conspicuously and told to everyone who took the documents.",
    ),
}
