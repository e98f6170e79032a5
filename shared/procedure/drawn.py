"""Verify a draw of experts with no network and no database, as a numbered argument.

1. The library names each expert once, and the facts on file are about its experts.
2. The exclusions (回避) are those that follow from the facts, each with its ground and article.
3. The pool's record, made again from those left, has the digest that was logged, and is large enough.
4. At least three parties committed, each once, each to a nonce of its own.
5. The checkpoint over pool and commitments can be read.
6. Every reveal is the one committed to; none is missing.
7. Seed, scores and replacements, made again, give the result as claimed.
8. The committee is lawfully composed, if its other members are told.
9. The checkpoint is signed by the verifier's policy's log, and enough of its witnesses have cosigned.
10. Records of the pool and of every commitment stand under that checkpoint.

Without a policy step 9 is left out, without evidence step 10: then the result follows from what the file says, but
whether the parties were bound before anyone revealed is not shown, and it is called "recomputed".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.kernel.canonical import NotCanonical
from shared.kernel.errors import PLATFORM_RULE, Refusal
from shared.kernel.message import Identifier, Message, Sha256, Text
from shared.ledger import canonical, checkpoint
from shared.ledger.errors import BadProof, LedgerFault, Malformed, Missing
from shared.ledger.leaf import Leaf, digest
from shared.ledger.merkle import verify_inclusion
from shared.ledger.policy import Policy
from shared.ledger.proof import parse_receipt
from shared.ledger.steps import Check, Report, Skip, walk
from shared.ledger.steps import Text as Said
from shared.procedure.draw import (
    Commitment,
    Expert,
    Reveal,
    check_commitments,
    check_reveals,
    chosen,
    pool_digest,
    ranking,
    repeated,
    seed_of,
)
from shared.procedure.recusal import (
    BARS,
    GROUND_ZH,
    Exclusion,
    Line,
    Tie,
    composition_faults,
    eligible,
    exclusions,
)

_EARLIEST = date(2000, 1, 1)
"""A bound that keeps three years before the day a date."""


RECOMPUTED = "recomputed"


class Evidence(Message):
    """A record of the journal with the tag of its leaf, and the receipt of its place under the draw's checkpoint."""

    record: str
    tag: Sha256
    receipt: str


class DrawFile(Message):
    """All that a draw rests on, and its claimed result; `docs/draw.md` says what each field is."""

    v: Literal[1]
    draw: Identifier
    line: Line
    on: Annotated[date, Field(ge=_EARLIEST)]
    parties: tuple[Text, ...]
    ties: tuple[Tie, ...]
    library: tuple[Expert, ...]
    exclusions: tuple[Exclusion, ...]
    seats: Annotated[int, Field(ge=1, le=99)]
    reserve: Annotated[int, Field(ge=0, le=99)]
    pool_digest: Sha256
    commitments: tuple[Commitment, ...]
    checkpoint: str | None = None
    root: Sha256 | None = None
    reveals: tuple[Reveal, ...]
    refused: tuple[Identifier, ...] = ()
    chosen: tuple[Identifier, ...]
    others: Annotated[int, Field(ge=0, le=99)] | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class DrawReport(Report):
    """The report on a draw; `anchored` tells whether a policy and evidence were given."""

    anchored: bool

    @property
    def overall(self) -> str:
        """The result: "verified", "recomputed" or "failed at step N"."""
        return super().overall if self.failed or self.anchored else RECOMPUTED


def verify_draw(file: DrawFile, policy: Policy | None = None) -> DrawReport:
    """Verify a draw; see this module's text for the steps. `policy` comes from the verifier, never from the file."""
    return DrawReport(walk(_Examination(file, policy).checks()), policy is not None and bool(file.evidence))


class _Examination:
    """One run over one draw; each step leaves what it found to the next ones."""

    eligible: tuple[Expert, ...]
    found: tuple[Exclusion, ...]
    head: checkpoint.Checkpoint | None = None
    root: bytes

    def __init__(self, file: DrawFile, policy: Policy | None) -> None:
        self.file = file
        self.policy = policy

    def checks(self) -> list[Check]:
        steps: list[Check] = [
            (Said("专家库无重复，事实与专家对应", "the library names each expert once"), self.library),
            (Said("回避名单与事实相符", "the exclusions follow from the facts"), self.exclusions),
            (Said("抽取名单与已存证的摘要相符", "the pool is the one that was logged"), self.pool),
            (Said("各方承诺齐备且互不相同", "the parties have committed, each once"), self.commitments),
            (Said("检查点可读", "the checkpoint can be read"), self.checkpoint),
            (Said("公开的随机数与承诺相符", "every reveal is the one committed to"), self.reveals),
            (Said("重新计算的结果与公布的相符", "the result made again is the one claimed"), self.result),
            (Said("评标委员会组成合法", "the committee is lawfully composed"), self.composition),
            (Said("检查点由账本签名并经足数见证", "the checkpoint is signed and witnessed"), self.signed),
            (Said("名单与承诺均在检查点之下", "pool and commitments are under the checkpoint"), self.included),
        ]
        return [(title, _faulting(check)) for title, check in steps]

    def library(self) -> Said:
        file = self.file
        known = [expert.id for expert in file.library]
        if twice := repeated(known):
            raise Malformed(f"expert {twice} stands twice in the library", f"专家 {twice} 在专家库中重复")
        if strangers := sorted({tie.expert for tie in file.ties} - {*known}):
            raise Malformed(f"a tie is about {strangers[0]}, who is not there", f"{strangers[0]} 不在专家库中")
        return Said(
            f"专家 {len(known)} 人，利害关系 {len(file.ties)} 条，项目当事人 {len(file.parties)} 个",
            f"{len(known)} experts, {len(file.ties)} ties on file, {len(file.parties)} parties of the project",
        )

    def exclusions(self) -> Said:
        file = self.file
        self.found = exclusions(file.library, file.ties, file.parties, file.on, BARS[file.line])
        if repeated(map(repr, file.exclusions)):
            raise Malformed("an exclusion stands twice", "回避名单有重复")
        for wrong in [one for one in file.exclusions if one not in self.found]:
            zh = f"{wrong.expert} 以{GROUND_ZH[wrong.ground]}回避，与事实或条文不符（所引：{wrong.article}）"
            raise BadProof(f"{wrong.expert} is excluded for {wrong.ground} ({wrong.article}) without the facts", zh)
        for wrong in [one for one in self.found if one not in file.exclusions]:
            zh = f"{wrong.expert} 因{GROUND_ZH[wrong.ground]}应当回避而未回避（{wrong.article}）"
            raise BadProof(f"{wrong.expert} had to be excluded for {wrong.ground}: {wrong.article}", zh)
        barred = sorted({one.expert for one in self.found})
        return Said(
            f"应回避 {len(barred)} 人{_grounds_zh(self.found)}", f"{len(barred)} excluded{_grounds(self.found)}"
        )

    def pool(self) -> Said:
        file = self.file
        self.eligible = eligible(file.library, self.found)
        made = pool_digest(file.draw, self.eligible, file.seats, file.reserve)
        if made != file.pool_digest:
            zh = f"重新计算的摘要为 {made}，公布的为 {file.pool_digest}"
            raise BadProof(f"the pool's record has the digest {made}, not {file.pool_digest}", zh)
        return Said(
            f"合格 {len(self.eligible)} 人，抽取 {file.seats} 人，候补 {file.reserve} 人；摘要 {made}",
            f"{len(self.eligible)} eligible, {file.seats} to draw, {file.reserve} in reserve",
        )

    def commitments(self) -> Said:
        check_commitments(self.file.commitments)
        parties = sorted(made.party for made in self.file.commitments)
        return Said("、".join(parties), f"{len(parties)} parties")

    def checkpoint(self) -> Said:
        match self.file.checkpoint, self.file.root:
            case str(note), None:
                self.head = checkpoint.parse(note.encode())
                self.root = self.head.root
            case None, str(root):
                self.root = bytes.fromhex(root)
            case _:
                raise Malformed("give the checkpoint's note or its root, one of them", "应给出检查点或其根，且只给其一")
        return Said(f"根 {self.root.hex()}", "its root")

    def reveals(self) -> Said:
        check_reveals(self.file.draw, self.file.commitments, self.file.reveals)
        count = len(self.file.reveals)
        return Said(f"{count} 份全部相符", f"all {count} agree")

    def result(self) -> Said:
        file = self.file
        seed = seed_of(file.draw, self.root, file.commitments, file.reveals)
        ranked = ranking(seed, (expert.id for expert in self.eligible))
        made = chosen(ranked, file.seats, file.reserve, file.refused)
        if made != file.chosen:
            zh = f"应为 {'、'.join(made)}，公布的为 {'、'.join(file.chosen)}"
            raise BadProof(f"it is {', '.join(made)}, not {', '.join(file.chosen)}", zh)
        refused = f"，拒绝参加并已递补 {len(file.refused)} 人" if file.refused else ""
        return Said(f"{'、'.join(made)}{refused}；种子 {seed.hex()}", f"{len(file.refused)} refused and replaced")

    def composition(self) -> Said | Skip:
        file = self.file
        if file.others is None:
            return Skip(Said("文件未载其他成员人数", "the file does not tell the other members"))
        if file.line != "construction":
            return Skip(Said("此项只核工程建设项目", "checked for construction alone"))
        for fault in composition_faults(len(file.chosen), file.others):
            raise fault
        return Said(f"专家 {file.seats} 人，其他成员 {file.others} 人", f"{file.seats} experts, {file.others} others")

    def signed(self) -> Said | Skip:
        if self.policy is None:
            zh = "未提供信任策略：不知道检查点是否真由账本签署"
            return Skip(Said(zh, "no policy was given: who signed the checkpoint is unknown"))
        if self.file.checkpoint is None:
            raise Missing("the file has a root without its signed checkpoint", "文件只有根，没有签名的检查点")
        found = self.policy.check(self.file.checkpoint.encode())
        return Said(
            f"账本 {found.checkpoint.origin}，见证 {len(found.witnesses)} 个",
            f"log {found.checkpoint.origin}, {len(found.witnesses)} witnesses",
        )

    def included(self) -> Said | Skip:
        file = self.file
        if not file.evidence:
            zh = "文件不含存证：各方是否在公开随机数之前作出承诺，未予证明"
            return Skip(Said(zh, "no evidence was given: that the parties were bound before the reveals is not shown"))
        said = [self._recorded(shown) for shown in file.evidence]
        wanted = [{"pool_digest": file.pool_digest}, *(made.model_dump() for made in file.commitments)]
        for facts in wanted:
            if not any({"draw": file.draw, **facts}.items() <= data.items() for data in said):
                whose = facts.get("party", "pool")
                raise Missing(f"no record under the checkpoint holds that of {whose}", f"检查点之下没有 {whose} 的记录")
        return Said(f"记录 {len(said)} 条", f"{len(said)} records")

    def _recorded(self, shown: Evidence) -> dict[str, Any]:
        """Return what a record says that stands under this draw's checkpoint, values that are texts alone."""
        raw, receipt = shown.record.encode(), parse_receipt(shown.receipt.encode())
        record = canonical.decode_object(raw)
        head = checkpoint.parse(receipt.checkpoint)
        if head != self.head:
            raise BadProof("a receipt is for another checkpoint than the draw's", "回执的检查点不是本次抽取的检查点")
        match record:
            case {"service": str(service), "position": int(position), "data": dict(data)}:
                leaf = Leaf(service, position, shown.tag, digest(raw)).hash()
            case _:
                raise Malformed("not a record: it needs service, position and data", "不是原始记录")
        if not verify_inclusion(receipt.index, head.size, leaf, receipt.proof, head.root):
            raise BadProof(f"a record is not shown to be leaf {receipt.index}", f"记录不在账本第 {receipt.index} 位")
        return {name: value for name, value in data.items() if isinstance(value, str)}


def _faulting(check: Callable[[], Said | Skip]) -> Callable[[], Said | Skip]:
    """Return a check whose refusals, with their article, and texts without canonical form are faults of the file."""

    def done() -> Said | Skip:
        try:
            return check()
        except Refusal as refusal:
            lawful = refusal.article != PLATFORM_RULE
            zh = f"{refusal.zh}（{refusal.article}）" if lawful else refusal.zh
            raise LedgerFault(f"{refusal.en} [{refusal.article}]" if lawful else refusal.en, zh) from refusal
        except NotCanonical as fault:
            raise Malformed(str(fault), f"文本不合规范：{fault.zh}") from fault

    return done


def _grounds_zh(found: tuple[Exclusion, ...]) -> str:
    told = "；".join(
        f"{one.expert} {GROUND_ZH[one.ground]}，{one.article}{'' if one.verified else '（条文待核）'}" for one in found
    )
    return f"：{told}" if told else ""


def _grounds(found: tuple[Exclusion, ...]) -> str:
    told = "; ".join(f"{one.expert} {one.ground}{'' if one.verified else ' (article not read)'}" for one in found)
    return f": {told}" if told else ""
