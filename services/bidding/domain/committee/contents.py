"""The ten contents of an evaluation report (评标委员会和评标方法暂行规定 第四十二条), made of the record alone."""

from collections.abc import Sequence

from services.bidding.domain.committee.terms import CommitteeTerms
from services.bidding.domain.committee.values import Charge, Matter, Member, MemberScores, Question
from services.bidding.domain.events import EvaluationReported, TenderAnnounced
from services.bidding.domain.rows import EvaluatedRow, OpenedRow
from services.bidding.domain.values import Buyer, Fen, Lot, Method, Rejection
from shared.kernel.canonical import digest
from shared.kernel.message import Identifier, Instant, Message, Text
from shared.procedure.asking import needed


class Basics(Message):
    """(一) 基本情况和数据表."""

    tender: Identifier
    title: Text
    lot: Lot
    buyer: Buyer
    ceiling_fen: Fen | None
    announced_at: Instant
    bids_due: Instant
    reported_at: Instant
    bids: int
    effective: int


class Standards(Message):
    """(六) 评标标准、评标方法或者评标因素一览表."""

    method: Method
    committee: CommitteeTerms


class Comparison(Message):
    """(七) 经评审的价格或者评分比较一览表."""

    rows: tuple[EvaluatedRow, ...]
    scores: tuple[MemberScores, ...]
    charges: tuple[Charge, ...]


class Recommended(Message):
    """(九) 推荐的中标候选人名单与签订合同前要处理的事宜."""

    candidates: tuple[Identifier, ...]
    before_contract: Text | None


class Rejected(Message):
    """(五) 否决投标的情况说明, with the votes."""

    rejections: tuple[Rejection, ...]
    matters: tuple[Matter, ...]


class Contents(Message):
    """The ten contents, in the order of the article."""

    basics: Basics
    members: tuple[Member, ...]
    opening: tuple[OpenedRow, ...]
    qualified: tuple[Identifier, ...]
    rejected: Rejected
    standards: Standards
    comparison: Comparison
    ranking: tuple[Identifier, ...]
    recommended: Recommended
    clarifications: tuple[Question, ...]

    def digest(self) -> str:
        """Return the SHA-256 that members sign."""
        return digest(self.canonical())


def contents(tender: TenderAnnounced, rows: Sequence[OpenedRow], report: EvaluationReported) -> Contents:
    """Return the ten contents of a committee's report on a tender that was opened with these rows."""
    minutes = needed(report.minutes, "minutes")
    effective = tuple(row for row in report.rows if row.rejection is None)
    return Contents(
        basics=_basics(tender, rows, report, len(effective)),
        members=minutes.members,
        opening=tuple(rows),
        qualified=tuple(row.bid for row in effective),
        rejected=Rejected(
            rejections=tuple(row.rejection for row in report.rows if row.rejection), matters=minutes.matters
        ),
        standards=Standards(method=tender.terms.method, committee=needed(tender.terms.committee, "committee")),
        comparison=Comparison(rows=effective, scores=minutes.scores, charges=minutes.charges),
        ranking=tuple(row.bid for row in effective if row.rank),
        recommended=Recommended(candidates=report.candidates, before_contract=minutes.before_contract),
        clarifications=minutes.questions,
    )


def _basics(tender: TenderAnnounced, rows: Sequence[OpenedRow], report: EvaluationReported, effective: int) -> Basics:
    return Basics(
        tender=tender.tender,
        title=tender.draft.title,
        lot=tender.draft.lot,
        buyer=tender.draft.buyer,
        ceiling_fen=tender.draft.ceiling_fen,
        announced_at=tender.announced_at,
        bids_due=tender.terms.bids_due,
        reported_at=report.reported_at,
        bids=len(rows),
        effective=effective,
    )
