"""What one token's messages come to: every sequence that is let in ends as the seal's own reading of it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import PLATFORM_RULE, BadInput
from shared.procedure.reception import check_next, received
from shared.seal.sealed import Cover, Meaning, Submit, Withdraw, standing
from tests.bidding import factories as make

ENVELOPES = {name: make.CRANE.bid(bid=name).envelope for name in ("one", "two", "three")}
NAMES = st.sampled_from(sorted(ENVELOPES))
MEANINGS = st.one_of(
    st.builds(lambda name, old: Submit(envelope=ENVELOPES[name], replaces=old), NAMES, st.none() | NAMES),
    st.builds(lambda old: Withdraw(replaces=old), NAMES),
    st.just(Cover()),
)


def submit(name: str, replaces: str | None = None) -> Submit:
    return Submit(envelope=ENVELOPES[name], replaces=replaces)


def test_a_bid_its_replacement_and_its_withdrawal() -> None:
    sent: list[Meaning] = [Cover(), submit("one"), submit("two", replaces="one")]
    taken_back: list[Meaning] = [submit("one"), Withdraw(replaces="one")]

    outcome = received(sent)
    withdrawn = received(taken_back)

    assert outcome.envelope == ENVELOPES["two"]
    assert (outcome.place, outcome.withdrawn, outcome.covers) == (2, 0, 1)
    assert (withdrawn.envelope, withdrawn.place, withdrawn.withdrawn) == (None, None, 1)


@pytest.mark.parametrize(
    ("earlier", "next_"),
    [
        ([submit("one")], submit("two")),
        ([submit("one")], submit("two", replaces="three")),
        ([], submit("two", replaces="one")),
        ([], Withdraw(replaces="one")),
        ([submit("one"), submit("two", replaces="one")], Withdraw(replaces="one")),
        ([submit("one"), Withdraw(replaces="one")], submit("one")),
    ],
)
def test_what_would_take_no_effect_is_refused_and_each_refusal_looks_alike(
    earlier: list[Meaning], next_: Meaning
) -> None:
    with pytest.raises(BadInput) as no:
        check_next(earlier, next_)

    assert (no.value.code, no.value.article) == ("bad_input", PLATFORM_RULE)


@given(st.lists(MEANINGS, max_size=10))
def test_what_is_let_in_stands_as_the_seal_reads_it_and_always_takes_effect(meanings: list[Meaning]) -> None:
    let_in: list[Meaning] = []
    for meaning in meanings:
        before = standing(let_in)
        with suppress(BadInput):
            check_next(let_in, meaning)
            let_in.append(meaning)
            assert isinstance(meaning, Cover) or standing(let_in) != before

    outcome = received(let_in)

    assert (outcome.envelope,) == (standing(let_in) or (None,))
    if outcome.place is not None:
        meaning = let_in[outcome.place]
        assert isinstance(meaning, Submit)
        assert meaning.envelope == outcome.envelope
