"""回避 and the committee's composition: which experts may not be drawn, and which committee may not sit, by article."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from shared.kernel.errors import BreaksClause
from shared.kernel.message import Identifier, Message, Text
from shared.law.clause import Clause, Unit
from shared.procedure.draw import Expert

Line = Literal["construction", "procurement"]


class Ground(StrEnum):
    """What ties an expert to a party of the project."""

    EMPLOYMENT = "employment"
    BOARD = "board"
    CONTROL = "control"
    KIN = "kin"
    INTEREST = "interest"
    SUPERVISION = "supervision"


GROUND_ZH: Mapping[Ground, str] = {
    Ground.EMPLOYMENT: "劳动关系",
    Ground.BOARD: "担任董事、监事",
    Ground.CONTROL: "控股股东或实际控制人",
    Ground.KIN: "与负责人有亲属关系",
    Ground.INTEREST: "其他利害关系",
    Ground.SUPERVISION: "监督部门工作人员",
}


class Tie(Message):
    """A relation on file of an expert to a party (`scheme:id`); `ended` is its last day, None while it lasts."""

    expert: Identifier
    party: Text
    ground: Ground
    ended: date | None = None


class Exclusion(Message):
    """Why an expert cannot be drawn; `verified` tells whether the article's text was read."""

    expert: Identifier
    party: Text
    ground: Ground
    article: Text
    verified: bool


Bar = Clause[int] | Clause[bool]
"""A figure in years bars as long after the relation ended, true only while it lasts."""

_PROCUREMENT = "政府采购法实施条例 第九条"
_BIDDING = "招标投标法 第三十七条"
_COMMITTEES = "评标委员会和评标方法暂行规定 第十二条"


def _years(note_zh: str, note_en: str) -> Clause[int]:
    return Clause(3, _PROCUREMENT, unit=Unit.YEAR, verified=True, note_zh=note_zh, note_en=note_en)


def _lasting(article: str, note_zh: str, note_en: str, *, verified: bool) -> Clause[bool]:
    return Clause(True, article, unit=Unit.RULE, verified=verified, note_zh=note_zh, note_en=note_en)


_INTERESTED = _lasting(
    _BIDDING,
    "与投标人有利害关系的人不得进入相关项目的评标委员会；劳动、任职、控股关系存续期间按利害关系处理（本平台的理解）",
    "who has an interest in a bidder may not sit; employment, board and control count while they last (a reading)",
    verified=True,
)

BARS: Mapping[Line, Mapping[Ground, Bar]] = {
    "procurement": {
        Ground.EMPLOYMENT: _years("参加采购活动前3年内与供应商存在劳动关系", "employed by a supplier within 3 years"),
        Ground.BOARD: _years("参加采购活动前3年内担任供应商的董事、监事", "on a supplier's board within 3 years"),
        Ground.CONTROL: _years("参加采购活动前3年内是供应商的控股股东或者实际控制人", "in control within 3 years"),
        Ground.KIN: _lasting(_PROCUREMENT, "与供应商负责人有亲属关系", "kin of a supplier's head", verified=True),
        Ground.INTEREST: _lasting(_PROCUREMENT, "其他可能影响公平、公正的关系", "any other interest", verified=False),
        Ground.SUPERVISION: _lasting(
            "财库〔2016〕198号 第十六条", "监管工作人员不得作为评审专家", "supervisors may not sit", verified=False
        ),
    },
    "construction": {
        Ground.EMPLOYMENT: _INTERESTED,
        Ground.BOARD: _INTERESTED,
        Ground.CONTROL: _INTERESTED,
        Ground.KIN: _lasting(_COMMITTEES, "投标人或其主要负责人的近亲属", "kin of a bidder's head", verified=False),
        Ground.INTEREST: _lasting(_COMMITTEES, "与投标人有经济利益关系", "an economic interest", verified=False),
        Ground.SUPERVISION: _lasting(
            "招标投标法实施条例 第四十六条",
            "监督部门工作人员不得担任评标委员会成员",
            "supervisors may not sit",
            verified=True,
        ),
    },
}
"""Per line, how long each ground bars and by which article; the first day in force of none of them is known here."""


def exclusions(
    experts: Iterable[Expert], ties: Iterable[Tie], parties: Collection[str], on: date, bars: Mapping[Ground, Bar]
) -> tuple[Exclusion, ...]:
    """Return every ground on which an expert may not be drawn, sorted; an expert without one is eligible.

    `parties` are those of the project (bidders, and the body that supervises it); `on` is the day on which the
    evaluation begins. A present employer in the expert's own entry is a ground too, whether or not a tie says so.
    """
    listed = {expert.id: expert for expert in experts}
    own = {(expert.id, party, Ground.EMPLOYMENT) for expert in listed.values() for party in expert.employers}
    filed = {(tie.expert, tie.party, tie.ground) for tie in ties if bars_on(tie.ended, on, bars[tie.ground])}
    return tuple(
        Exclusion(
            expert=expert, party=party, ground=ground, article=bars[ground].article, verified=bars[ground].verified
        )
        for expert, party, ground in sorted(own | filed)
        if expert in listed and party in parties
    )


def bars_on(ended: date | None, on: date, bar: Bar) -> bool:
    """Return whether a relation that ended on a day, or None, still bars on another."""
    years = 0 if isinstance(bar.value, bool) else bar.value
    return ended is None or ended >= years_before(on, years)


def years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; for 29 February where there is none, the 28th (the longer window)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def eligible(experts: Iterable[Expert], excluded: Iterable[Exclusion]) -> tuple[Expert, ...]:
    """Return the experts whom no exclusion names, by id."""
    barred = {exclusion.expert for exclusion in excluded}
    return tuple(sorted((expert for expert in experts if expert.id not in barred), key=lambda expert: expert.id))


@dataclass(frozen=True, slots=True)
class Composition:
    """What a committee must be made of: so many members, odd in number, at least this share of them experts."""

    members: Clause[int]
    odd: Clause[bool]
    experts: Clause[Fraction]


COMPOSITION = Composition(
    members=Clause(5, _BIDDING, unit=Unit.COUNT, verified=True, note_zh="成员人数为五人以上"),
    odd=Clause(True, _BIDDING, unit=Unit.RULE, verified=True, note_zh="成员人数为单数"),
    experts=Clause(
        Fraction(2, 3),
        _BIDDING,
        unit=Unit.SHARE,
        verified=True,
        note_zh="技术、经济等方面的专家不得少于成员总数的三分之二",
    ),
)
"""The 评标委员会 of construction."""


def composition_faults(experts: int, others: int, rule: Composition = COMPOSITION) -> tuple[BreaksClause, ...]:
    """Return what a committee of so many technical or economic experts and other members breaks, each by article."""
    total, faults = experts + others, []
    if total < rule.members.value:
        zh = f"评标委员会成员 {total} 人，应为 {rule.members.value} 人以上"
        faults.append((zh, f"{total} members, at least {rule.members.value} are needed", rule.members.article))
    if rule.odd.value and total % 2 == 0:
        faults.append(
            (f"评标委员会成员 {total} 人，应为单数", f"{total} members, an odd number is needed", rule.odd.article)
        )
    if experts < rule.experts.value * total:
        zh = f"成员 {total} 人中技术、经济专家 {experts} 人，不得少于 {rule.experts.value}"
        en = f"{experts} of {total} members are technical or economic experts, at least {rule.experts.value} must be"
        faults.append((zh, en, rule.experts.article))
    return tuple(BreaksClause(*fault) for fault in faults)
