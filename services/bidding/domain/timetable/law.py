"""The clauses that a tender's times move by."""

from collections.abc import Mapping

from services.bidding.domain.since import ACT
from shared.kernel.errors import PLATFORM_RULE
from shared.law.making import Versions, rule

CLAUSES: Mapping[str, Versions] = {
    "SUSPENDED": rule(
        "deadline_moves_by_the_time_suspended",
        PLATFORM_RULE,
        None,
        "暂停期间不办理后续环节；恢复后投标截止时间按暂停的时间顺延，并移至工作日。",
        "While suspended nothing goes on; the deadline then moves by the time suspended, to a working day.",
        verified=False,
    ),
    "RECOUNTED": rule(
        "every_open_day",
        PLATFORM_RULE,
        None,
        "工作日历公布后，尚未届满的期限（合同、退款、书面报告、异议与投诉）重新计算，只延后、不提前。",
        "When a calendar is published every open limit (contract, refunds, report, remedies) is counted again, never"
        " to an earlier day.",
        verified=False,
    ),
    "EXTENDED": rule(
        "only_later",
        "招标投标法 第二十三条",
        ACT,
        "投标截止时间只能延长，应在截止前公告。",
        "The deadline may only be made later, by a notice before it.",
    ),
}
