"""How days are counted: the one place where the law's silence on it is filled by a declared reading.

Two kinds of period, two rules.

A *time limit* says by when something must be done (合同 within 30 日). The day of the act is not counted (民法典
第二百零一条), the limit ends at 24:00 Beijing time of its last day (the platform keeps no business hours that would
end it sooner), and a last day off moves to the day after (第二百零三条). Which days off move it is not settled by
the word 法定休假日, so it is a value: `Rollover`.

A *minimum interval* says how far apart two acts must lie at least (发出 to 投标截止 ≥ 20 日; 澄清 ≥ 15 日 before).
No text says how its far end is counted. The reading taken: the day of the first act and the day of the second are
both left out, N whole days lie between them, and nothing moves off a day off. So from 1 December 20 日 are
2 to 21 December, and the earliest deadline is 00:00 of 22 December, which is 24:00 of the 21st. Counted backwards
from the deadline it is the same interval, hence the same answer. This is the longer count: no reading makes a
deadline unlawful that it allows. But it also cuts a right short that lapses N 日 *before* a day (异议), so there
the day of the second act may be counted instead: `GENEROUS`.

民法典 第二百零四条 lets a tender file fix its own count: the reading is a value of the lot, pinned in its rulebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.law.clause import Clause, Unit


class Rollover(StrEnum):
    """Which last day moves: 法定休假日 (民法典 第二百零三条), 国家法定节假日 (87号令 第八十五条), in three readings."""

    NON_WORKING_DAY = "non_working_day"
    """Any day that is not worked, weekends included."""
    HOLIDAY = "holiday"
    """Days off of the State Council's notice, arranged days included; not a plain weekend."""
    STATUTORY_HOLIDAY = "statutory_holiday"
    """Only the days that 全国年节及纪念日放假办法 names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one lot counts."""

    rollover_on: Rollover = Rollover.NON_WORKING_DAY
    target_day_counts: bool = False


SAFE = Reading()
"""For whoever sets a date: the longer count."""

GENEROUS = Reading(target_day_counts=True)
"""For whoever would lose a right: the shorter count."""

_CIVIL_CODE = date(2021, 1, 1)  # 民法典 第一千二百六十条

DAY_OF_ACT = Clause(
    "day_of_act_not_counted",
    "民法典 第二百零一条",
    unit=Unit.RULE,
    since=_CIVIL_CODE,
    verified=True,
    note_zh="按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算；按照小时计算期间的，自法律规定或者当事人约定的时间开始计算。",
    note_en="The day of the act is not counted; hours run from the time fixed by law or agreement.",
)
SAME_DAY_OF_MONTH = Clause(
    "same_day_or_month_end",
    "民法典 第二百零二条",
    unit=Unit.RULE,
    since=_CIVIL_CODE,
    verified=True,
    note_zh="按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。",
    note_en="Months and years end on the same day of the month, or on its last day if there is none.",
)
LAST_DAY_OFF = Clause(
    "last_day_off_moves",
    "民法典 第二百零三条",
    unit=Unit.RULE,
    since=_CIVIL_CODE,
    verified=True,
    note_zh="期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日；期间的最后一日的截止时间为二十四时。",
    note_en="A last day off moves to the day after; the last day ends at 24:00.",
)
OWN_COUNT = Clause(
    "own_count_allowed",
    "民法典 第二百零四条",
    unit=Unit.RULE,
    since=_CIVIL_CODE,
    verified=True,
    note_zh="期间的计算方法依照本法的规定，但是法律另有规定或者当事人另有约定的除外。",
    note_en="The law or the parties may fix another count.",
)
WHOLE_DAYS_BETWEEN = Clause(
    "whole_days_between",
    "平台规则 最短间隔",
    unit=Unit.RULE,
    note_zh="“不少于N日”“N日前”按间隔计算：起始行为当日和届至当日均不计入，其间须有N个整日，遇休假日不顺延。法律对此未作规定，本读法待法律人士确认。",
    note_en="N whole days lie between, neither act's day counted, none moved. The texts are silent; to be confirmed.",
)

COUNTING: Mapping[str, Clause[str]] = {
    "COUNT-201": DAY_OF_ACT,
    "COUNT-202": SAME_DAY_OF_MONTH,
    "COUNT-203": LAST_DAY_OFF,
    "COUNT-204": OWN_COUNT,
    "COUNT-BETWEEN": WHOLE_DAYS_BETWEEN,
}
"""The clauses on counting, part of every rulebook."""
