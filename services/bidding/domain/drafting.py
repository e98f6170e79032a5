"""From draft to announcement (招标公告)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from services.bidding.domain.access import publishing
from services.bidding.domain.access.messages import PartiesAdmitted
from services.bidding.domain.access.values import Access
from services.bidding.domain.asking import TenderRequest, check_owner
from services.bidding.domain.commands import DraftTender, PublishTender
from services.bidding.domain.committee.declaring import check_committee
from services.bidding.domain.events import TenderAnnounced, TenderDrafted
from services.bidding.domain.money import announcing as money
from services.bidding.domain.rows import Cited
from services.bidding.domain.state import Drafted, Unborn
from services.bidding.domain.values import Draft, Kind, LowestEvaluatedPrice, Method, Qualification, Terms, Weighted
from services.bidding.domain.visible import knows
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled
from shared.kernel.wrong_fields import bad_input
from shared.law.findings import day_of
from shared.law.periods import interval
from shared.procedure.asking import Owner, breaks, needed
from shared.procedure.books import Books, Law, NoSuchBook
from shared.procedure.evaluation import FORMULAS, definition
from shared.seal.keys import AnnouncedKeys

LONGEST_ID = 53
"""Streams of other services are named after a tender, and their names end at 64 characters."""

RESERVED = ("account-", "party-", "disclosure-", "calendar", "refused", "outage-", "readings-")
"""How the names of other streams begin: who asks for one of those must not be led to a tender."""

CITED = ("E3", "E6", "E10", "E16", "E25", "E29", "E29-START", "E32", "R49")
"""The clauses whose values the announcement of a tender names."""

CITED_BEFORE: Mapping[Kind, tuple[str, ...]] = {
    "prequalification": ("E3", "E4", "E5", "E7-PREQUALIFICATION"),
    "first_stage": ("E3", "E6", "E16", "E39"),
}
"""The clauses that the announcement of what comes before a tender names."""


def draft(request: TenderRequest, command: DraftTender, state: Unborn | Drafted) -> Sequence[TenderDrafted]:
    """Write the draft, or write it anew; it stays its first writer's."""
    if len(request.stream) > LONGEST_ID:
        raise BadInput(f"项目编号最多 {LONGEST_ID} 个字符", f"a procedure's id has at most {LONGEST_ID} characters")
    written = Draft.model_validate(dict(command), extra="ignore")
    if request.stream.startswith(RESERVED):
        raise BadInput("该编号由平台保留，请另选编号", "ids that begin so are the platform's own; choose another")
    if isinstance(state, Drafted):
        if not knows(request.actor, state):
            raise NotEntitled("该编号已被使用，请另选编号", "this id is taken; choose another")
        return (TenderDrafted(draft=written, owner=state.owner),)
    owner = Owner(account=request.actor.account, party=request.actor.party)
    return (TenderDrafted(draft=written, owner=owner),)


def publish(
    request: TenderRequest, command: PublishTender, state: Drafted, books: Books
) -> Sequence[TenderAnnounced | PartiesAdmitted]:
    """Announce the draft on terms that keep the law of the day, which is pinned from here on."""
    check_owner(request, state.owner, state.draft.buyer)
    draft, terms = state.draft, Terms.model_validate(dict(command), extra="ignore")
    law = _law_of_the_day(request, books)
    _check_terms(draft, terms, request.received_at, law)
    access: Access | None = None
    listed: tuple[PartiesAdmitted, ...] = ()
    if publishing.is_known(law):
        access, listed = publishing.access(request, command, draft, terms, law)
    announced = TenderAnnounced(
        tender=request.stream,
        draft=draft,
        terms=terms,
        owner=state.owner,
        announced_at=request.received_at,
        meaning_public_key=_checked_keys(request, terms).meaning,
        rulebook=law.rulebook.digest,
        calendar=law.calendar.digest,
        clauses=tuple(_cited(rule, law) for rule in (*CITED_BEFORE.get(draft.kind, CITED), *money.cited(terms))),
        access=access,
        covers=request.facts.covers,
    )
    return announced, *listed


def _check_terms(draft: Draft, terms: Terms, now: datetime, law: Law) -> None:
    publishing.check_kind(draft, terms)
    _check_sale(terms, now, law)
    if draft.kind == "prequalification":
        publishing.check_application_time(terms, law)
    else:
        _check_bid_time(terms, law)
    _check_publicity(terms, law)
    _check_method(terms.method, law)
    check_committee(draft, terms, law)
    money.check(terms, draft, law)


def _law_of_the_day(request: TenderRequest, books: Books) -> Law:
    facts = request.facts
    law = books.law(needed(facts.rulebook, "rulebook"), needed(facts.calendar, "calendar"))
    if (law.rulebook.line, law.rulebook.announced_on) != ("bidding", day_of(request.received_at)):
        raise NoSuchBook("the rulebook is not that of this line for the day of the announcement")
    return law


def _check_sale(terms: Terms, now: datetime, law: Law) -> None:
    """发售期 (E3); documents are issued neither before the announcement nor after the deadline."""
    if day_of(terms.sale_starts) < day_of(now) or terms.sale_ends > terms.bids_due:
        raise BadInput(
            "招标文件的发售应不早于公告当日、不晚于投标截止",
            "documents are sold from the day of announcement to the deadline",
        )
    clause, n = law.rulebook.clause("E3"), law.rulebook.figure("E3", int)
    found = interval(terms.sale_starts, terms.sale_ends, n, clause.unit, law.calendar, reading=law.rulebook.reading)
    if not found.holds:
        raise breaks(clause, found.zh, found.en)


def _check_bid_time(terms: Terms, law: Law) -> None:
    """发出至投标截止 (E6), from the first day of sale."""
    clause, n = law.rulebook.clause("E6"), law.rulebook.figure("E6", int)
    found = interval(terms.sale_starts, terms.bids_due, n, clause.unit, law.calendar, reading=law.rulebook.reading)
    if not found.holds:
        raise breaks(clause, found.zh, found.en)


def _check_publicity(terms: Terms, law: Law) -> None:
    clause, least = law.rulebook.clause("E29"), law.rulebook.figure("E29", int)
    if terms.publicity_days < least:
        raise breaks(clause, f"现为{terms.publicity_days}日。", f"Declared: {terms.publicity_days}.")


def _check_method(method: Method, law: Law) -> None:
    """See that the method is declared in full: nothing undeclared may be used (E25, 实施条例 第四十九条)."""
    article = law.rulebook.clause("R49").article
    match method:
        case LowestEvaluatedPrice(items=items):
            _check_distinct([item.item for item in items])
        case Qualification(criteria=criteria):
            _check_distinct([criterion.criterion for criterion in criteria])
        case Weighted(factors=factors):
            _check_distinct([factor.factor for factor in factors])
            if method.price_weight + sum(factor.weight for factor in factors) != 1:
                raise BreaksClause("各项权重之和须等于1", "the weights must add up to exactly 1", article)
            _check_formula(method, article)


def _check_formula(method: Weighted, article: str) -> None:
    """See that there is that very formula, and that every figure it needs is declared, fixed or to be drawn."""
    formula = FORMULAS.get((method.formula, method.version))
    if formula is None:
        raise BreaksClause(
            "没有该名称和版次的价格分公式", "there is no price formula of that name and version", article
        )
    if method.definition not in {None, definition(method.formula, method.version)}:
        raise BreaksClause("公式与招标文件所载摘要不符", "the formula is not the one that the digest names", article)
    figures = [(one.name, one.value) for one in method.parameters]
    choices = [(one.name, max(one.values)) for one in method.drawn]
    if sorted(formula.parameters) != sorted(name for name, _ in (*figures, *choices)):
        named = "、".join(sorted(formula.parameters)) or "-"
        raise BreaksClause(f"该公式须且仅须声明参数：{named}", f"the formula's parameters are: {named}", article)
    if any(name in formula.below_one and value >= 1 for name, value in (*figures, *choices)):
        raise BreaksClause("下浮系数须小于1", "the coefficient must be below 1", article)


def _check_distinct(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise BadInput("评审因素、折价项目或审查标准的编号重复", "two factors, items or criteria have the same name")


def _checked_keys(request: TenderRequest, terms: Terms) -> AnnouncedKeys:
    meaning = needed(request.facts.meaning_public_key, "meaning_public_key")
    try:
        return AnnouncedKeys(tender=request.stream, meaning=meaning, authorities=terms.authorities)
    except ValidationError as error:
        raise bad_input(error) from error


def _cited(rule: str, law: Law) -> Cited:
    clause = law.rulebook.clause(rule)
    return Cited(
        rule=rule,
        article=clause.article,
        value=clause.value if isinstance(clause.value, int) else str(clause.value),
        unit=clause.unit.value,
        since=clause.since.isoformat() if clause.since else None,
        verified=clause.verified,
    )
