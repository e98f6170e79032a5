"""The draw of experts: anyone who recomputes it finds the same, and nobody can choose it."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.canonical import decode
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.draw import (
    Commitment,
    Expert,
    Reveal,
    check_commitments,
    check_reveals,
    chosen,
    commit,
    pool_digest,
    pool_record,
    ranking,
    seed_of,
)
from shared.procedure.recusal import BARS, Ground, eligible, exclusions
from tests.procedure.drawing import (
    BIDDER,
    DAY,
    DRAW,
    PARTIES,
    ROOT,
    commitments,
    expert,
    experts,
    nonce,
    reveals,
    tie,
)

NONCES = st.binary(min_size=32, max_size=32)
SEEDS = st.binary(min_size=32, max_size=32)
POOL = experts(20)
IDS = [one.id for one in POOL]


@given(st.permutations(POOL), st.permutations(commitments()), st.permutations(reveals()))
def test_the_order_of_input_changes_nothing(pool: list[Expert], made: list[Commitment], shown: list[Reveal]) -> None:
    ids = [one.id for one in pool]

    assert pool_record(DRAW, pool, 5, 2) == pool_record(DRAW, POOL, 5, 2)
    assert ranking(seed_of(DRAW, ROOT, made, shown), ids) == ranking(seed_of(DRAW, ROOT, commitments(), reveals()), IDS)


@given(st.sampled_from(PARTIES), NONCES)
def test_who_reveals_last_cannot_choose_another_nonce(party: str, other: bytes) -> None:
    changed = [Reveal(party=party, nonce=other.hex()) if shown.party == party else shown for shown in reveals()]

    with pytest.raises(BadInput, match="与其承诺不符 / the nonce of"):
        seed_of(DRAW, ROOT, commitments(), changed)


@given(st.sampled_from(PARTIES), NONCES)
def test_every_partys_nonce_alone_moves_the_seed(honest: str, other: bytes) -> None:
    nonces = {party: other if party == honest else nonce(party) for party in PARTIES}

    moved = seed_of(
        DRAW,
        ROOT,
        [commit(party, value, DRAW) for party, value in nonces.items()],
        [Reveal(party=party, nonce=value.hex()) for party, value in nonces.items()],
    )

    assert (moved == seed_of(DRAW, ROOT, commitments(), reveals())) is (other == nonce(honest))


def test_a_party_that_knows_its_own_nonce_first_finds_every_expert_equally_likely() -> None:
    # Two parties collude and have fixed their nonces; whatever those are, the third one's spreads the first seat.
    source = random.Random(7)
    first: Counter[str] = Counter()

    for _ in range(2_000):
        value = source.randbytes(32)
        made = [*commitments(PARTIES[:2]), commit("supervisor", value, DRAW)]
        shown = [*reveals(PARTIES[:2]), Reveal(party="supervisor", nonce=value.hex())]
        first[ranking(seed_of(DRAW, ROOT, made, shown), IDS)[0]] += 1

    assert chi_square([first[one] for one in IDS]) < 43.82  # 19 degrees of freedom, exceeded once in 1,000


def test_twenty_thousand_picks_are_spread_evenly() -> None:
    source = random.Random(2026)
    picked: Counter[str] = Counter()
    pool = [f"e{number:03}" for number in range(200)]

    for _ in range(4_000):
        picked.update(chosen(ranking(source.randbytes(32), pool), 5, 0))

    assert picked.total() == 20_000
    assert 130 < chi_square([picked[one] for one in pool]) < 267  # 199 degrees of freedom, each side once in 1,000


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


@pytest.mark.parametrize("change", ["draw", "root"])
def test_another_draw_or_another_checkpoint_gives_another_seed(change: str) -> None:
    draw = "T1-draw-2" if change == "draw" else DRAW
    nonces = {party: nonce(party) for party in PARTIES}
    made = [commit(party, value, draw) for party, value in nonces.items()]

    moved = seed_of(draw, ROOT[::-1] if change == "root" else ROOT, made, reveals())

    assert moved != seed_of(DRAW, ROOT, commitments(), reveals())


def test_a_commitment_to_one_draw_is_none_to_another() -> None:
    with pytest.raises(BadInput, match="与其承诺不符"):
        check_reveals("T1-draw-2", commitments(), reveals())


@given(SEEDS, st.data())
def test_a_replacement_needs_no_new_randomness_and_moves_nobody_else(seed: bytes, data: st.DataObject) -> None:
    ranked = ranking(seed, IDS)
    before = chosen(ranked, 5, 3)
    refused = data.draw(st.sets(st.sampled_from(before), max_size=3))

    after = chosen(ranked, 5, 3, refused)

    assert after == (*(one for one in before if one not in refused), *ranked[5 : 5 + len(refused)])


@given(SEEDS, st.sets(st.sampled_from(IDS)))
def test_an_expert_that_is_left_out_leaves_the_order_of_the_others(seed: bytes, barred: set[str]) -> None:
    left = [one for one in IDS if one not in barred]

    assert ranking(seed, left) == tuple(one for one in ranking(seed, IDS) if one not in barred)


@given(SEEDS, st.sets(st.sampled_from(IDS), max_size=13), st.sampled_from(Ground))
def test_an_excluded_expert_is_never_drawn(seed: bytes, tied: set[str], ground: Ground) -> None:
    ties = [tie(ground, name=name) for name in sorted(tied)]

    excluded = exclusions(POOL, ties, {BIDDER}, DAY, BARS["construction"])
    left = eligible(POOL, excluded)

    assert {one.expert for one in excluded} == tied
    assert not tied & {*ranking(seed, [one.id for one in left])}
    assert {one["id"] for one in decode(pool_record(DRAW, left, 5, 2))["experts"]} == {*IDS} - tied


def test_a_replacement_who_refuses_is_replaced_in_turn() -> None:
    assert chosen("abcdefgh", 3, 3, {"a", "d"}) == ("b", "c", "e")


@pytest.mark.parametrize(
    ("refused", "told"),
    [({"h"}, "h 未被抽到"), ({"d"}, "d 未被抽到"), ({"a", "e"}, "e 未被抽到"), ({"nobody"}, "nobody 未被抽到")],
)
def test_nobody_refuses_who_was_not_called(refused: set[str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        chosen("abcdefgh", 3, 3, refused)


def test_when_the_reserve_is_used_up_the_draw_is_held_again() -> None:
    with pytest.raises(BreaksClause, match=r"用尽.*used up.*第四十六条"):
        chosen("abcdefgh", 3, 2, {"a", "b", "c"})


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (commitments(PARTIES[:2]), r"仅 2 方.*2 parties have committed"),
        (
            [*commitments(), commit("agency", bytes(32), DRAW)],
            r"agency 的承诺不止一份.*agency has committed more than once",
        ),
        (
            [*commitments(), commit("copycat", nonce("agency"), DRAW)],
            r"agency、copycat 的承诺相同.*agency and copycat",
        ),
    ],
    ids=["too few", "twice", "copied"],
)
def test_commitments_that_cannot_carry_a_draw_are_refused(made: list[Commitment], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        check_commitments(made)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (reveals(PARTIES[1:]), r"agency 尚未公开随机数.*the nonce of agency is missing"),
        ([*reveals(), *reveals(["agency"])], r"agency 的随机数不止一份.*revealed more than once"),
        ([*reveals(), *reveals(["bidder"])], r"bidder 未作承诺.*without a commitment"),
    ],
    ids=["missing", "twice", "uncommitted"],
)
def test_reveals_that_are_not_those_committed_to_are_refused(shown: list[Reveal], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        seed_of(DRAW, ROOT, commitments(), shown)


@pytest.mark.parametrize(("seats", "reserve", "fits"), [(5, 2, True), (5, 3, False), (8, 0, False), (7, 0, True)])
def test_a_pool_too_small_is_told_with_its_article(seats: int, reserve: int, fits: bool) -> None:
    if fits:
        assert len(pool_digest(DRAW, experts(7), seats, reserve)) == 64
        return
    with pytest.raises(BreaksClause, match=r"合格专家 7 人.*7 experts are eligible.*第四十六条"):
        pool_digest(DRAW, experts(7), seats, reserve)


def test_an_expert_listed_twice_would_have_two_chances_and_is_refused() -> None:
    with pytest.raises(BadInput, match=r"专家 e1 在名单中重复.*listed twice"):
        pool_record(DRAW, [expert("e1"), expert("e2"), expert("e1", BIDDER)], 1, 0)


@pytest.mark.parametrize(("seats", "reserve"), [(0, 0), (1, -1)])
def test_a_draw_of_nobody_is_refused(seats: int, reserve: int) -> None:
    with pytest.raises(BadInput, match="at least 1 expert"):
        pool_record(DRAW, experts(3), seats, reserve)


@given(st.binary(max_size=64).filter(lambda value: len(value) != 32))
def test_nonces_and_roots_have_32_bytes_so_that_no_boundary_moves(value: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit("agency", value, DRAW)
    with pytest.raises(ValueError, match="32 bytes"):
        seed_of(DRAW, value, commitments(), reveals())


def test_the_order_and_repetition_of_employers_change_no_pool() -> None:
    written = pool_record(DRAW, [expert("e1", "B", "A", "B")], 1, 0)

    assert written == pool_record(DRAW, [expert("e1", "A", "B")], 1, 0)
    assert written != pool_record(DRAW, [expert("e1", "A")], 1, 0)
