"""What a tender file must declare of its committee before it is announced (E19, E25, E44)."""

from services.bidding.domain.access.publishing import must_tender
from services.bidding.domain.committee.forming import COMPOSITION
from services.bidding.domain.committee.terms import CommitteeTerms
from services.bidding.domain.values import Draft, Terms, Weighted
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.money import format_yuan
from shared.procedure.asking import breaks
from shared.procedure.books import Law
from shared.procedure.committee import check_composition, composition_of

OBLIGED = "E19-OBLIGED"


def check_committee(draft: Draft, terms: Terms, law: Law) -> None:
    """Raise unless the declared committee may sit, and all that it is to do is declared in full.

    A tender that must be tendered declares one: nobody reports on it alone.
    """
    declared = terms.committee
    if declared is None:
        _check_free(draft, law)
        return
    if draft.kind != "tender":
        raise BadInput("评标委员会只评审投标", "a committee evaluates the bids of a tender, not applications")
    if declared.experts > declared.members:
        raise BadInput("专家人数不得多于成员人数", "no more experts than members")
    check_composition(composition_of(law.rulebook, **COMPOSITION), declared.members, declared.experts)
    _check_specialities(declared)
    items = [deviation.item for deviation in declared.deviations]
    if len(set(items)) != len(items):
        raise BadInput("细微偏差项目的编号重复", "two deviations have the same name")
    if isinstance(terms.method, Weighted):
        _check_weighted(terms.method, law.rulebook.clause("R49").article)


def _check_free(draft: Draft, law: Law) -> None:
    """Raise BreaksClause where the law asks for a committee: by the estimate, or the ceiling where none is stated.

    A rulebook without the clause is that of a tender announced before it was enforced, and its decision stands.
    """
    if draft.kind != "tender" or OBLIGED not in law.rulebook.clauses:
        return
    size, least = draft.estimate_fen or draft.ceiling_fen, must_tender(draft, law).threshold_fen
    if size is None or size >= least:
        raise breaks(
            law.rulebook.clause(OBLIGED),
            f"估算价（未写明的看最高投标限价）未低于{format_yuan(least)}元：请在招标文件中声明评标委员会（committee），开标后抽取专家组成。",
            f"Its estimate, or ceiling where none is stated, is not below {format_yuan(least)} yuan: declare a"
            " committee, and form it after the opening of experts drawn by lot.",
        )


def _check_specialities(declared: CommitteeTerms) -> None:
    """Raise BadInput unless the specialities, where any are named, add up to the experts who are drawn."""
    names = [one.speciality for one in declared.specialities]
    if not names:
        return
    drawn, total = declared.appointed_because is None, sum(one.experts for one in declared.specialities)
    if not drawn or len(set(names)) != len(names) or total != declared.experts:
        raise BadInput(
            "各专业抽取人数之和须等于专家人数，专业不得重复；直接确定专家的不写",
            "each speciality once, adding up to the experts, and none where experts are appointed",
        )


def _check_weighted(method: Weighted, article: str) -> None:
    """Members' marks are combined exactly, so that the total is the one place to round at."""
    if method.round_at != "total":
        raise BreaksClause(
            "由成员分别打分的，只在总分处四舍五入", "members' marks are rounded at the total alone", article
        )
    if method.definition is None:
        raise BreaksClause(
            "招标文件须载明价格分公式的摘要", "the tender documents name the formula by its digest", article
        )
