"""Decisions about draws of experts: recusal first, then commitments, a root, reveals and the result; docs/draw.md.

The platform commits with the request itself, before anybody else does, and reveals last: by then its nonce is fixed.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.registry.domain.asking import Asked, require_jurisdiction, require_stream
from services.registry.domain.events import RegistryEvent
from services.registry.domain.expert_commands import (
    BindDraw,
    CommitDraw,
    DeclineSeat,
    ExpireDraw,
    RequestDraw,
    RevealDraw,
)
from services.registry.domain.expert_events import (
    DrawAnnounced,
    DrawBound,
    DrawCommitted,
    DrawLapsed,
    DrawPooled,
    DrawRevealed,
    ExpertsDrawn,
    SeatDeclined,
)
from services.registry.domain.expert_values import Considered, Pool, Stage, Wanted, attempt_id, draw_stream
from services.registry.domain.state import Drawing
from shared.kernel.canonical import digest, encode
from shared.kernel.errors import BadInput, NotEntitled, NotYet, OutOfPhase
from shared.procedure.draw import Commitment, Reveal, check_commitments, chosen, commit, pool_digest, ranking, seed_of
from shared.procedure.recusal import BARS, eligible, exclusions

COMMITTING = timedelta(hours=24)
REVEALING = timedelta(hours=24)
WITNESSING = timedelta(minutes=5)
MOST_ATTEMPTS = 5

PLATFORM = "platform"
PARTIES = ("agency", PLATFORM, "supervisor")
"""Who commits, by the names under which they do."""


def request_draw(request: Asked, command: RequestDraw) -> Sequence[RegistryEvent]:
    """Fix the pool, 回避 applied first, and bind the platform to its nonce."""
    wanted = command.wanted
    require_stream(request, draw_stream(wanted.draw))
    require_jurisdiction(request)
    found = request.facts.considered
    assert found is not None
    return _begin(request, wanted, _pool(wanted, found, 1), 1, request.actor.account)


def commit_draw(request: Asked, command: CommitDraw, drawing: Drawing) -> Sequence[RegistryEvent]:
    """Bind the agency or the supervisor to a nonce, once."""
    who = _party(request, drawing)
    _require(drawing, command.attempt, "committing")
    if any(made.party == who for made in drawing.commitments):
        raise OutOfPhase("已作承诺，不得更改", "this party has committed already and cannot change it")
    made = Commitment(party=who, digest=command.digest)
    if any(other.digest == command.digest for other in drawing.commitments):
        raise BadInput("与他方承诺相同，系抄袭", "this is another party's commitment, copied")
    if len(drawing.commitments) + 1 < len(PARTIES):
        return (DrawCommitted(draw=command.attempt, party=who, digest=command.digest),)
    check_commitments((*drawing.commitments, made))
    bind_by = request.received_at + WITNESSING
    return (DrawCommitted(draw=command.attempt, party=who, digest=command.digest, bind_by=bind_by),)


def bind_draw(request: Asked, command: BindDraw, drawing: Drawing) -> Sequence[RegistryEvent]:
    """Name the root before anybody reveals; without witnesses in time it is the digest of what they would have seen."""
    if (drawing.pooled.draw, drawing.stage) != (command.attempt, "binding"):
        return ()
    anchor = request.facts.anchor
    if anchor is None and request.received_at < drawing.waits_until:
        raise NotYet("等待见证", "the checkpoint is not witnessed yet")
    commitments = [made.model_dump(mode="json") for made in drawing.commitments]
    own = digest(encode({"commitments": commitments, "pool_digest": drawing.pooled.pool_digest}))
    reveal_by = request.received_at + REVEALING
    root = anchor.root if anchor else own
    return (DrawBound(draw=command.attempt, root=root, anchor=anchor, reveal_by=reveal_by),)


def reveal_draw(request: Asked, command: RevealDraw, drawing: Drawing) -> Sequence[RegistryEvent]:
    """Take a nonce that was committed to; once the others are in, add the platform's and compute the result."""
    who, draw = _party(request, drawing), command.attempt
    _require(drawing, draw, "revealing")
    if any(shown.party == who for shown in drawing.reveals):
        raise OutOfPhase("已公开随机数", "this party has revealed already")
    if commit(who, bytes.fromhex(command.nonce), draw) not in drawing.commitments:
        raise BadInput("公开的随机数与其承诺不符", "the nonce is not the one that was committed to")
    own = DrawRevealed(draw=draw, party=who, nonce=command.nonce)
    if len(drawing.reveals) + 2 < len(PARTIES):
        return (own,)
    assert request.facts.platform_nonce is not None
    last = DrawRevealed(draw=draw, party=PLATFORM, nonce=request.facts.platform_nonce)
    reveals = (*drawing.reveals, *(Reveal(party=shown.party, nonce=shown.nonce) for shown in (own, last)))
    return own, last, _result(drawing, reveals)


def expire_draw(request: Asked, command: ExpireDraw, drawing: Drawing) -> Sequence[RegistryEvent]:
    """Name who let its time pass, and begin again with the pool as it was recorded."""
    pooled = drawing.pooled
    if (pooled.draw, drawing.stage) != (command.attempt, command.stage):
        return ()
    in_time = drawing.commitments if drawing.stage == "committing" else drawing.reveals
    there = {one.party for one in in_time} | {PLATFORM}
    lapsed = DrawLapsed(
        draw=pooled.draw, stage=drawing.stage, missing=tuple(name for name in PARTIES if name not in there)
    )
    attempt = pooled.attempt + 1
    if attempt > MOST_ATTEMPTS:
        return (lapsed,)
    kept = Considered(library=pooled.pool.library, ties=pooled.pool.ties)
    pool = _pool(pooled.wanted, kept, attempt)
    return lapsed, *_begin(request, pooled.wanted, pool, attempt, pooled.agency)


def decline_seat(request: Asked, command: DeclineSeat, drawing: Drawing) -> Sequence[RegistryEvent]:
    """Replace who was called and does not come by the next in reserve."""
    _require(drawing, drawing.pooled.draw, "drawn")
    if request.actor.role == "expert" and request.actor.account != command.expert:
        raise NotEntitled("只能代表本人", "an expert speaks for itself only")
    if request.actor.role != "expert":
        require_jurisdiction(request)
    if command.expert in drawing.declined:
        raise OutOfPhase("该专家已被替换", "this expert was replaced already")
    wanted = drawing.pooled.wanted
    sitting = chosen(drawing.called, wanted.seats, wanted.reserve, (*drawing.declined, command.expert))
    return (SeatDeclined(draw=drawing.pooled.draw, expert=command.expert, reason=command.reason, chosen=sitting),)


def announce_draw(drawing: Drawing) -> Sequence[RegistryEvent]:
    """Let everyone see who sat; a draw without a result has nothing to tell."""
    if drawing.stage != "drawn" or drawing.announced:
        return ()
    return (DrawAnnounced(draw=drawing.pooled.draw),)


def _pool(wanted: Wanted, found: Considered, attempt: int) -> Pool:
    barred = exclusions(found.library, found.ties, wanted.parties, wanted.on, BARS[wanted.line])
    left = eligible(found.library, barred)
    made = pool_digest(attempt_id(wanted.draw, attempt), left, wanted.seats, wanted.reserve)
    return Pool(library=found.library, ties=found.ties, exclusions=barred, pool_digest=made)


def _begin(request: Asked, wanted: Wanted, pool: Pool, attempt: int, agency: str) -> Sequence[RegistryEvent]:
    draw = attempt_id(wanted.draw, attempt)
    assert request.facts.platform_commitment is not None
    pooled = DrawPooled(
        draw=draw,
        attempt=attempt,
        agency=agency,
        wanted=wanted,
        pool=pool,
        pool_digest=pool.pool_digest,
        commit_by=request.received_at + COMMITTING,
    )
    return pooled, DrawCommitted(draw=draw, party=PLATFORM, digest=request.facts.platform_commitment)


def _result(drawing: Drawing, reveals: Sequence[Reveal]) -> ExpertsDrawn:
    pooled, wanted = drawing.pooled, drawing.pooled.wanted
    left = eligible(pooled.pool.library, pooled.pool.exclusions)
    seed = seed_of(pooled.draw, bytes.fromhex(drawing.root), drawing.commitments, reveals)
    called = ranking(seed, (expert.id for expert in left))[: wanted.seats + wanted.reserve]
    return ExpertsDrawn(draw=pooled.draw, called=called, chosen=chosen(called, wanted.seats, wanted.reserve))


def _party(request: Asked, drawing: Drawing) -> str:
    """Return for whom an actor commits: the agency that asked, or a supervisor of the region."""
    if request.actor.role == "agency" and request.actor.account != drawing.pooled.agency:
        raise NotEntitled("仅限申请抽取的代理机构账户", "for the agency's account that asked for the draw only")
    require_jurisdiction(request)
    return str(request.actor.role)


def _require(drawing: Drawing, attempt: str, stage: Stage) -> None:
    if (drawing.pooled.draw, drawing.stage) != (attempt, stage):
        zh = f"抽取 {drawing.pooled.draw} 现为 {STAGE_ZH[drawing.stage]}，不能办理"
        raise OutOfPhase(zh, f"the draw {drawing.pooled.draw} is at {drawing.stage}")


STAGE_ZH = {
    "committing": "等待承诺",
    "binding": "等待见证",
    "revealing": "等待公开随机数",
    "drawn": "已抽取",
    "lapsed": "已终止",
}
