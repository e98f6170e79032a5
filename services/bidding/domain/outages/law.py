"""The clause that a deadline moves by after an outage."""

from collections.abc import Mapping

from shared.kernel.errors import PLATFORM_RULE
from shared.law.making import Versions, hours, minutes

CLAUSES: Mapping[str, Versions] = {
    "OUTAGE": hours(
        24,
        PLATFORM_RULE,
        None,
        "投标截止时间在平台故障期间或者恢复后24小时内的，按故障的时间顺延，且不早于恢复后24小时，并移至工作日。",
        "A deadline in an outage or within 24 hours after it moves by its length, to 24 hours after it at the least.",
        verified=False,
    ),
    "SILENCE": minutes(
        5,
        PLATFORM_RULE,
        None,
        "平台停机达5分钟且跨越投标截止时间的，不予截止，投标截止时间按故障规则自动顺延并公告。",
        "Where the platform did not run for 5 minutes and the deadline passed meanwhile, reception is not closed: the"
        " deadline moves by itself, as after an outage, with a public notice.",
        verified=False,
    ),
}
