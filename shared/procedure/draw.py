"""The verifiable draw of evaluation experts: pool, commitments, seed, scores and who is drawn; docs/draw.md has bytes.

Nobody designates an expert (招标投标法实施条例 第四十六条, 政府采购法实施条例 第三十九条). Every party binds itself to
a nonce before any nonce is known, so one honest party is enough for a result that nobody chose. Nothing here draws
lots of its own: the same inputs give the same experts to everyone.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Annotated

from pydantic import Field

from shared.kernel.canonical import digest, encode
from shared.kernel.codes import RegionCode
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.message import Identifier, Message, Sha256, Text

SCHEME = "gov-draw/v1"
NONCE_SIZE = 32
ROOT_SIZE = 32
MIN_PARTIES = 3
"""Agency, supervisor and platform; bidders may join them."""

BY_LOT = "招标投标法实施条例 第四十六条、政府采购法实施条例 第三十九条"

Nonce = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""The 32 random bytes of one party, in lower-case hexadecimal."""


class Expert(Message):
    """An expert of the library, by pseudonym; `employers` are ids of parties, `scheme:id`."""

    id: Identifier
    speciality: Text
    employers: tuple[Text, ...] = ()
    region: RegionCode


class Commitment(Message):
    """What a party logs before anyone reveals: SHA-256(nonce || draw id)."""

    party: Identifier
    digest: Sha256


class Reveal(Message):
    """The nonce of a party, once all commitments are under a witnessed checkpoint."""

    party: Identifier
    nonce: Nonce


def pool_record(draw: str, eligible: Iterable[Expert], seats: int, reserve: int) -> bytes:
    """Return the canonical bytes that fix who can be drawn, how many are, and how many may replace them.

    `eligible` are those left after 回避, in any order. Raise BadInput if one stands there twice, BreaksClause if they
    are fewer than `seats` + `reserve`.
    """
    experts = sorted(eligible, key=lambda expert: expert.id)
    if twice := repeated(expert.id for expert in experts):
        raise BadInput(f"专家 {twice} 在名单中重复", f"expert {twice} is listed twice")
    if seats < 1 or reserve < 0:
        raise BadInput("抽取人数应不少于1人，候补不为负数", "draw at least 1 expert, and no negative reserve")
    if len(experts) < seats + reserve:
        zh = f"回避后合格专家 {len(experts)} 人，不足以抽取 {seats} 人并候补 {reserve} 人；请扩大抽取范围"
        en = f"{len(experts)} experts are eligible, {seats} and {reserve} in reserve are needed: widen the selection"
        raise BreaksClause(zh, en, BY_LOT)
    listed = [{**expert.model_dump(mode="json"), "employers": sorted({*expert.employers})} for expert in experts]
    return encode({"v": 1, "draw": draw, "experts": listed, "reserve": reserve, "seats": seats})


def pool_digest(draw: str, eligible: Iterable[Expert], seats: int, reserve: int) -> str:
    """Return the SHA-256 of the pool's record, which is logged before any commitment. Raise as `pool_record`."""
    return digest(pool_record(draw, eligible, seats, reserve))


def commit(party: str, nonce: bytes, draw: str) -> Commitment:
    """Return a party's commitment to its nonce, for this draw alone. Raise ValueError unless it has 32 bytes."""
    if len(nonce) != NONCE_SIZE:
        raise ValueError(f"a nonce has {NONCE_SIZE} bytes")
    return Commitment(party=party, digest=digest(nonce + draw.encode()))


def check_commitments(commitments: Sequence[Commitment]) -> None:
    """Raise BadInput unless at least three different parties have committed, each once and to a nonce of its own."""
    if twice := repeated(made.party for made in commitments):
        raise BadInput(f"{twice} 的承诺不止一份", f"{twice} has committed more than once")
    if len(commitments) < MIN_PARTIES:
        zh = f"承诺方仅 {len(commitments)} 方，至少应有 {MIN_PARTIES} 方"
        raise BadInput(zh, f"{len(commitments)} parties have committed, at least {MIN_PARTIES} must")
    if same := repeated(made.digest for made in commitments):
        who = [made.party for made in commitments if made.digest == same]
        raise BadInput(
            f"{'、'.join(who)} 的承诺相同，系抄袭", f"the commitments of {' and '.join(who)} are one, copied"
        )


def check_reveals(draw: str, commitments: Sequence[Commitment], reveals: Sequence[Reveal]) -> None:
    """Raise BadInput unless each party that committed, and no other, reveals once what it committed to."""
    check_commitments(commitments)
    if twice := repeated(shown.party for shown in reveals):
        raise BadInput(f"{twice} 的随机数不止一份", f"{twice} has revealed more than once")
    bound = {made.party: made for made in commitments}
    if missing := sorted(bound.keys() - {shown.party for shown in reveals}):
        raise BadInput(f"{'、'.join(missing)} 尚未公开随机数", f"the nonce of {', '.join(missing)} is missing")
    for shown in reveals:
        if shown.party not in bound:
            raise BadInput(f"{shown.party} 未作承诺而公开随机数", f"{shown.party} reveals without a commitment")
        if commit(shown.party, bytes.fromhex(shown.nonce), draw) != bound[shown.party]:
            zh = f"{shown.party} 公开的随机数与其承诺不符"
            raise BadInput(zh, f"the nonce of {shown.party} is not the one that it committed to")


def seed_of(draw: str, root: bytes, commitments: Sequence[Commitment], reveals: Sequence[Reveal]) -> bytes:
    """Return the 32 bytes from which all scores follow: SHA-256(scheme || draw id || root || nonces by party).

    `root` is that of the checkpoint over the pool and all commitments. Raise BadInput as `check_reveals`, ValueError
    for a root that has not 32 bytes.
    """
    check_reveals(draw, commitments, reveals)
    if len(root) != ROOT_SIZE:
        raise ValueError(f"a root has {ROOT_SIZE} bytes")
    nonces = [bytes.fromhex(shown.nonce) for shown in sorted(reveals, key=lambda shown: shown.party)]
    return hashlib.sha256(b"".join([SCHEME.encode(), draw.encode(), root, *nonces])).digest()


def score(seed: bytes, expert: str) -> bytes:
    """Return an expert's 32-byte score: HMAC-SHA-256(seed, scheme || 00 || expert id); the lowest are drawn."""
    return hmac.digest(seed, f"{SCHEME}\0{expert}".encode(), "sha256")


def ranking(seed: bytes, experts: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the eligible experts by their scores, lowest first; equal scores, never seen, by id."""
    return tuple(sorted(experts, key=lambda expert: (score(seed, expert), expert)))


def chosen(ranked: Sequence[str], seats: int, reserve: int, refused: Collection[str] = ()) -> tuple[str, ...]:
    """Return who sits: the first `seats` of a ranking that have not refused, in its order.

    Raise BadInput for a refusal by someone who was never called, BreaksClause once the reserve is used up.
    """
    called = ranked[: seats + reserve]
    sitting = tuple(islice((expert for expert in called if expert not in refused), seats))
    if len(sitting) < seats:
        zh = f"候补 {reserve} 人已用尽，须重新抽取"
        raise BreaksClause(zh, f"the reserve of {reserve} is used up: draw again", BY_LOT)
    if never := sorted({*refused} - {*called[: called.index(sitting[-1])]}):
        zh = f"{'、'.join(never)} 未被抽到，不存在拒绝参加"
        raise BadInput(zh, f"{', '.join(never)} was never called and cannot have refused")
    return sitting


def repeated(names: Iterable[str]) -> str | None:
    """Return the first name, in their order, that stands there more than once."""
    return next((name for name, times in Counter(names).items() if times > 1), None)
