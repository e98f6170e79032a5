"""The steps that the full scenario must show, and how each is told in the records."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from cli.demo.full.scenario import AGAIN, FIRST, QUALIFICATION, SECOND
from cli.demo.full.step import Evidence, Said, Step
from shared.kernel.canonical import parse_instant
from shared.kernel.record import Record
from shared.law.findings import day_of

LEAST_AFTER_CLARIFICATION = timedelta(days=15)


def always(_said: Said, _evidence: Evidence, _record: Record) -> bool:
    """Return true: that such an event is there says it all."""
    return True


def equal(**fields: Any) -> Any:
    """Return the test that an event has these fields."""
    return lambda said, _evidence, _record: all(said[name] == value for name, value in fields.items())


def _is_lot(said: Said, _evidence: Evidence, _record: Record) -> bool:
    draft, access = said["draft"], said["access"]
    of_project = bool(draft["project"]) and draft["prequalification"] == QUALIFICATION
    return of_project and draft["lot_number"] in {1, 2} and access["admitted"]["how"] == "prequalification"


def _is_held_again(said: Said, evidence: Evidence, record: Record) -> bool:
    again = said["draft"].get("retender_of") == SECOND and said["access"]["attempt"] == 2  # noqa: PLR2004 - once more
    return again and _is_lot(said, evidence, record)


def _six_qualified_one_not(said: Said, _evidence: Evidence, _record: Record) -> bool:
    return sorted(bool(row["failings"]) for row in said["rows"]) == [*[False] * 6, True]


def _a_consortium_bid(said: Said, _evidence: Evidence, _record: Record) -> bool:
    return any(row.get("members") and row.get("agreement") and row["outcome"] == "unsealed" for row in said["rows"])


def _fourteen_days_before(said: Said, evidence: Evidence, record: Record) -> bool:
    (announced,) = evidence.before(record, "tender_announced")
    left = day_of(parse_instant(announced["terms"]["bids_due"])) - day_of(parse_instant(said["issued_at"]))
    return said["affects_bids"] and left == timedelta(days=14)


def _moved_by_late_clarification(said: Said, evidence: Evidence, record: Record) -> bool:
    left = parse_instant(said["was"]) - parse_instant(said["moved_at"])
    clarified = any(one["affects_bids"] for one in evidence.before(record, "tender_clarified"))
    later = parse_instant(said["bids_due"]) > parse_instant(said["was"])
    return clarified and said["cause"] == "clarification" and left < LEAST_AFTER_CLARIFICATION and later


def _moved_by_suspension(said: Said, _evidence: Evidence, _record: Record) -> bool:
    return said["cause"] == "suspension" and parse_instant(said["bids_due"]) > parse_instant(said["was"])


def _one_revoked(said: Said, _evidence: Evidence, _record: Record) -> bool:
    return [row["outcome"] for row in said["rows"]].count("revoked") == 1


def _drawn(said: Said, _evidence: Evidence, _record: Record) -> bool:
    return bool(said["draw"]) and said["because"] is None


def _each_scored(said: Said, evidence: Evidence, record: Record) -> bool:
    """Every member has its own scores in the minutes, as it gave them itself."""
    given = {one["member"]: one["scores"] for one in evidence.before(record, "bids_scored")}
    (formed,) = evidence.before(record, "committee_formed")
    kept = {one["member"]: one["scores"] for one in said["minutes"]["scores"]}
    return given == kept and set(kept) == {seat["member"] for seat in formed["seats"]}


def _one_over_the_ceiling(said: Said, evidence: Evidence, record: Record) -> bool:
    (announced,) = evidence.before(record, "tender_announced")
    dear = [row for row in said["rows"] if row["rejection"] and row["rejection"]["cause"] == "price"]
    ceiling = int(announced["draft"]["ceiling_fen"])
    return len(dear) == 1 and int(dear[0]["price_fen"]) > ceiling


def _a_tie_by_arrival(said: Said, evidence: Evidence, record: Record) -> bool:
    """Two results are equal and so are their prices: who arrived first is ranked first."""
    tied = sorted((row for row in said["rows"] if row["tied_with"]), key=lambda row: int(row["rank"]))
    (opened,) = evidence.before(record, "opening_completed")
    order = {row["bid"]: int(row["order"]) for row in opened["rows"]}
    same = len({(row["score"], row["evaluated_fen"], row["price_fen"]) for row in tied}) == 1
    by_arrival = sorted(tied, key=lambda row: order[row["bid"]])
    return bool(len(tied) > 1 and same and by_arrival == tied)


def _the_first_gave_up(said: Said, evidence: Evidence, record: Record) -> bool:
    (publicised,) = evidence.before(record, "candidates_publicised")
    return bool(said["ground"] == "gave_up" and said["bid"] == publicised["candidates"][0]["bid"])


def _the_next_awarded(said: Said, evidence: Evidence, record: Record) -> bool:
    dropped = {one["bid"] for one in evidence.before(record, "candidate_dropped")}
    (publicised,) = evidence.before(record, "candidates_publicised")
    left = [one["bid"] for one in publicised["candidates"] if one["bid"] not in dropped]
    return bool(dropped) and left[:1] == [said["bid"]]


def _within_the_publicity(said: Said, evidence: Evidence, record: Record) -> bool:
    (publicised,) = evidence.before(record, "candidates_publicised")
    return said["about"] == "result" and parse_instant(said["raised_at"]) < parse_instant(publicised["ends"])


def _evaluated_otherwise(said: Said, evidence: Evidence, record: Record) -> bool:
    reports, set_aside = evidence.before(record, "evaluation_reported"), evidence.before(record, "evaluation_set_aside")
    return bool(set_aside) and bool(reports) and reports[0]["candidates"][0] not in said["candidates"]


def _as_signed(said: Said, evidence: Evidence, record: Record) -> bool:
    (signed,) = evidence.before(record, "contract_signed")
    return bool(said["contract_sha256"] == signed["contract_sha256"])


STEPS: Sequence[Step] = (
    Step("prequalification", "资格预审：六家合格，一家不合格", "applicants are reviewed: one does not qualify",
         QUALIFICATION, "applications_reviewed", "E5", _six_qualified_one_not),
    Step("lot_1", "一标段公告，限资格预审合格者投标", "lot 1 is announced, for those who qualified",
         FIRST, "tender_announced", "E5", _is_lot),
    Step("lot_2", "二标段公告，限资格预审合格者投标", "lot 2 is announced, for those who qualified",
         SECOND, "tender_announced", "E5", _is_lot),
    Step("late_clarification", "截止前14日澄清招标文件", "the documents are clarified 14 days before the deadline",
         FIRST, "tender_clarified", "E7", _fourteen_days_before),
    Step("clarification_postpones", "澄清不足15日，投标截止顺延", "fewer than 15 days are left: the deadline moves",
         FIRST, "deadline_moved", "E7", _moved_by_late_clarification),
    Step("objection", "对招标文件提出异议", "somebody objects to the documents",
         FIRST, "objection_raised", "E8-ANSWER", equal(about="documents")),
    Step("objection_suspends", "答复异议前暂停", "the tender stands still until the answer",
         FIRST, "tender_suspended", "E8-ANSWER", equal(cause="objection")),
    Step("objection_answered", "三日内答复异议，恢复招标", "the objection is answered in time",
         FIRST, "objection_answered", "E8-ANSWER", equal(about="documents", late=False)),
    Step("suspension_postpones", "投标截止按暂停时间顺延", "the deadline moves by the time suspended",
         FIRST, "deadline_moved", "SUSPENDED", _moved_by_suspension),
    Step("deposit", "投标保证金到账并核对", "the deposits of the bids are examined",
         FIRST, "deposits_examined", "E44-DEPOSIT", equal(lacking=[])),
    Step("lot_2_too_few", "二标段投标人不足三个，招标失败", "lot 2 has fewer than three bidders and fails",
         SECOND, "tender_failed", "E16", equal(cause="fewer_than_three")),
    Step("consortium", "联合体投标，协议在案", "a consortium bids, with its agreement",
         FIRST, "opening_completed", "E15", _a_consortium_bid, cited=False),
    Step("fails_to_unseal", "一家未给密钥，视为撤销投标", "one gives no key: its bid counts as revoked",
         FIRST, "opening_completed", "E18", _one_revoked),
    Step("deposit_kept", "撤销者的投标保证金不予退还", "its deposit is kept",
         FIRST, "deposit_kept", "E12", equal(ground="own_fault_unsealing")),
    Step("committee", "随机抽取专家，组建评标委员会", "the committee sits, its experts drawn by lot",
         FIRST, "committee_formed", "E20", _drawn),
    Step("scores", "成员独立评分", "each member scores by itself",
         FIRST, "evaluation_reported", "R49", _each_scored),
    Step("rejected_for_price", "一家报价高于最高投标限价，被否决", "one is over the ceiling and is rejected",
         FIRST, "evaluation_reported", "E23", _one_over_the_ceiling),
    Step("tie", "两家得分和报价均相同，先递交者在前", "two results are equal: the earlier bid comes first",
         FIRST, "evaluation_reported", "E25", _a_tie_by_arrival),
    Step("report_signed", "全体成员签署评标报告", "every member signs the report",
         FIRST, "signing_ended", "E28-SIGNED", equal(silent=[])),
    Step("publicity", "公示中标候选人", "the candidates are publicised",
         FIRST, "candidates_publicised", "E29", always),
    Step("on_media", "公示在指定媒介同步发布", "the publicity is on a named medium too",
         FIRST, "publication_noted", "E49", equal(kind="candidates")),
    Step("first_gives_up", "第一中标候选人放弃中标", "the first candidate gives up",
         FIRST, "candidate_dropped", "E31-NEXT", _the_first_gave_up),
    Step("next_awarded", "依次确定第二候选人中标", "the next candidate is the winner",
         FIRST, "tender_awarded", "E31", _the_next_awarded),
    Step("contract", "订立书面合同", "the contract is signed in time",
         FIRST, "contract_signed", "E32", equal(late=False)),
    Step("countersigned", "中标人签署同一合同", "the winner signs the same contract",
         FIRST, "contract_countersigned", "E32", _as_signed, cited=False),
    Step("reported", "向监督部门提交书面报告", "the supervisor has the written report",
         FIRST, "supervisor_reported", "E35-WORKS", equal(late=False)),
    Step("deposits_back", "退还投标保证金及利息", "the deposits go back with interest",
         FIRST, "refund_recorded", "E33", equal(late=False)),
    Step("held_again", "二标段重新招标", "lot 2 is held again",
         AGAIN, "tender_announced", "RETENDER", _is_held_again),
    Step("result_objection", "公示期内对评标结果提出异议", "a bidder objects to the result within the publicity",
         AGAIN, "objection_raised", "E30-ANSWER", _within_the_publicity),
    Step("result_answered", "答复：异议不成立", "the objection is answered: not upheld",
         AGAIN, "objection_answered", "E30-ANSWER", equal(about="result", follows="none", late=False)),
    Step("complaint", "向监督部门投诉", "it complains to the supervisor",
         AGAIN, "complaint_made", "E36", equal(about="result", objection=1)),
    Step("complaint_accepted", "受理投诉", "the complaint is accepted",
         AGAIN, "complaint_examined", "E36-ACCEPTANCE", equal(accepted=True, late=False)),
    Step("complaint_suspends", "责令暂停", "the tender is ordered to stand still",
         AGAIN, "tender_suspended", "COMPLAINT-SUSPENSION", equal(cause="complaint")),
    Step("complaint_decided", "投诉成立，责令重新评标", "the complaint is upheld: evaluate anew",
         AGAIN, "complaint_decided", "E36-DECISION", equal(order="re_evaluate", late=False)),
    Step("set_aside", "原评标结果不再有效", "the first result is set aside",
         AGAIN, "evaluation_set_aside", "D25", equal(cause="complaint")),
    Step("evaluated_again", "重新评标，原第一名被否决", "evaluated anew, the former first is rejected",
         AGAIN, "evaluation_reported", "E23", _evaluated_otherwise),
    Step("lot_2_contract", "二标段订立书面合同", "lot 2 has its contract",
         AGAIN, "contract_signed", "E32", equal(late=False)),
)  # fmt: skip
"""In the order in which they happen."""
