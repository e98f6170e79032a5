"""What an announcement must say of who may bid, and what the procedures that it names must have come to."""

from collections.abc import Mapping

from services.bidding.domain.access.messages import PartiesAdmitted
from services.bidding.domain.access.values import Access, Admitted, How, Linked, MustTender, Sealed, commitment
from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.commands import PublishTender
from services.bidding.domain.values import Draft, Proposals, Qualification, Terms
from shared.kernel.errors import BadInput
from shared.law.clause import Clause, Figure
from shared.law.periods import interval
from shared.procedure.asking import breaks, needed
from shared.procedure.books import Law

ENDED_WITHOUT_WINNER = frozenset({"failed"})
"""The phases after which a tender may be held again; one that was terminated has this phase too."""

RULES: Mapping[How, str] = {"invitation": "E2", "prequalification": "E5", "first_stage": "E39"}
"""The clause by which a list of parties counts."""

SCALES = {"works": "E1-WORKS", "goods": "E1-GOODS", "services": "E1-SERVICES"}


def is_known(law: Law) -> bool:
    """Whether a rulebook has these clauses: what was announced under one without them says nothing of access."""
    return "E1-WORKS" in law.rulebook.clauses


def check_kind(draft: Draft, terms: Terms) -> None:
    """Raise BadInput unless the method is that of the kind of procedure, and the lot is one of a project."""
    of_kind = {"prequalification": Qualification, "first_stage": Proposals}.get(draft.kind)
    given = next((kind for kind in (Qualification, Proposals) if isinstance(terms.method, kind)), None)
    if given is not of_kind:
        raise BadInput(
            "评审方法须与程序种类一致：资格预审用 qualification，第一阶段用 proposals，招标用评标办法",
            "the method is that of the kind: qualification, proposals, or one of evaluation for a tender",
        )
    if draft.lot_number is not None and draft.project is None:
        raise BadInput("填写标段序号的，须填写项目代码", "a lot's number is one within a project: name the project")
    if draft.kind != "tender" and (draft.prequalification or draft.first_stage or terms.invited):
        raise BadInput(
            "资格预审和第一阶段不得再指明资格预审、第一阶段或者投标邀请",
            "a prequalification or a first stage names no other and invites nobody",
        )


def check_application_time(terms: Terms, law: Law) -> None:
    """停止发售至申请截止 (E4), instead of the time for bids."""
    clause, n = law.rulebook.clause("E4"), law.rulebook.figure("E4", int)
    found = interval(terms.sale_ends, terms.bids_due, n, clause.unit, law.calendar, reading=law.rulebook.reading)
    if not found.holds:
        raise breaks(clause, found.zh, found.en)


def access(
    request: TenderRequest, command: PublishTender, draft: Draft, terms: Terms, law: Law
) -> tuple[Access, tuple[PartiesAdmitted, ...]]:
    """Return what the announcement says of who may bid, and the sealed list where there is one."""
    linked = _linked(request, draft, law)
    must = must_tender(draft, law)
    _check_invitation(command, terms, must, law)
    if is_bare(terms.notice, must, law):
        raise breaks(law.rulebook.clause("E48-NOTICE"), "公告未逐项载明。", "The notice does not state them.")
    listed = _list(request, command, draft, linked)
    said = Access(
        must_tender=must,
        admitted=_sealed(request, listed, law) if listed else None,
        barred=request.facts.operators,
        attempt=linked[draft.retender_of].attempt + 1 if draft.retender_of else 1,
    )
    return said, (listed,) if listed else ()


def is_bare(contents: object | None, must: MustTender, law: Law) -> bool:
    """Whether what a notice or publicity has to say is missing, where it may not go out without it (E48)."""
    return contents is None and must.must is True and "E48-REQUIRED" in law.rulebook.clauses


def must_tender(draft: Draft, law: Law) -> MustTender:
    """Return whether the estimate reaches the scale of its category (E1)."""
    rule = SCALES[draft.category]
    clause, least = law.rulebook.clause(rule), law.rulebook.figure(rule, int)
    estimate = draft.estimate_fen
    return MustTender(
        must=None if estimate is None else estimate >= least,
        threshold_fen=least,
        estimate_fen=estimate,
        article=clause.article,
        verified=clause.verified,
    )


def _linked(request: TenderRequest, draft: Draft, law: Law) -> dict[str, Linked]:
    """Return what is known of each procedure that the draft names, each in a state that it may be named in."""
    known = {one.procedure: one for one in request.facts.linked}
    for name, rule in ((draft.retender_of, "RETENDER"), (draft.prequalification, "E5"), (draft.first_stage, "E39")):
        if name is not None:
            _check_link(needed(known.get(name), f"linked {name}"), draft, rule, law.rulebook.clause(rule))
    return known


def _check_link(linked: Linked, draft: Draft, rule: str, clause: Clause[Figure]) -> None:
    name = linked.procedure
    if rule == "RETENDER":
        fits = linked.phase in ENDED_WITHOUT_WINNER and not linked.held_again
        zh, en = "须为已失败或者终止、尚未重新招标的项目", "must have failed and not been held again yet"
    else:
        kind = "prequalification" if rule == "E5" else "first_stage"
        fits = (linked.kind, linked.phase) == (kind, "qualified")
        zh, en = "须为已有结果的资格预审或者第一阶段", f"must be a {kind} that has come to its result"
    if not fits:
        raise breaks(clause, f"所指明的项目{name}{zh}。", f"{name} {en}.")
    if linked.buyer != str(draft.buyer):
        raise breaks(clause, f"所指明的项目{name}不是同一招标人的。", f"{name} is another buyer's.")
    if draft.project and linked.project and draft.project != linked.project:
        raise breaks(clause, f"所指明的项目{name}属于另一项目代码。", f"{name} is of another project.")


def _check_invitation(command: PublishTender, terms: Terms, must: MustTender, law: Law) -> None:
    """See that an invited tender may be one (实施条例 第八条) and invites enough (E2)."""
    if (terms.invited is None) != (not command.invitations):
        raise BadInput(
            "邀请招标须列明被邀请人，公开招标不得列明", "an invited tender lists whom it invites, no other does"
        )
    if terms.invited is None:
        return
    if must.must is not False and terms.state_funded and terms.invited.ground is None:
        raise breaks(law.rulebook.clause("R8"), "未声明情形。", "No case is declared.")
    if terms.invited.ground is not None and terms.invited.explanation is None:
        raise BadInput("须说明邀请招标的理由", "say why the case declared for inviting holds")
    count, least = len({str(party) for party in command.invitations}), law.rulebook.figure("E2", int)
    if count < least:
        raise breaks(law.rulebook.clause("E2"), f"现邀请{count}个。", f"{count} are invited.")
    if count < len(command.invitations):
        raise BadInput("同一单位被重复邀请", "a party is invited twice")


def _list(
    request: TenderRequest, command: PublishTender, draft: Draft, linked: Mapping[str, Linked]
) -> PartiesAdmitted | None:
    """Return the parties that alone may bid, from the one source that there is; null where anyone may."""
    sources: list[tuple[How, str | None, tuple[Admitted, ...]]] = []
    if command.invitations:
        invited = tuple(Admitted(party=str(party), name=party.name) for party in command.invitations)
        sources.append(("invitation", None, invited))
    if draft.prequalification:
        sources.append(("prequalification", draft.prequalification, linked[draft.prequalification].admitted))
    if draft.first_stage:
        sources.append(("first_stage", draft.first_stage, linked[draft.first_stage].admitted))
    if len(sources) > 1:
        raise BadInput(
            "投标邀请、资格预审、第一阶段只能有其一", "name one of invitations, a prequalification and a first stage"
        )
    if not sources:
        return None
    how, procedure, parties = sources[0]
    salt = needed(request.facts.admission_salt, "admission_salt")
    return PartiesAdmitted(how=how, procedure=procedure, parties=parties, salt=salt)


def _sealed(request: TenderRequest, listed: PartiesAdmitted, law: Law) -> Sealed:
    """Return what is told of a list before the opening."""
    (article,) = articles(law, RULES[listed.how])
    said = commitment(request.stream, listed.how, listed.parties, listed.salt)
    return Sealed(how=listed.how, commitment=said, article=article)
