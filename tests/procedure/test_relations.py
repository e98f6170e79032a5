"""Relations between bidders: who is tied to whom, symmetric, and by nothing that neither of the two has."""

from hypothesis import given
from hypothesis import strategies as st

from shared.procedure.relations import Bidder, Clash, clashes

PARTIES = st.frozensets(st.sampled_from("ABCDEF"), min_size=1, max_size=3)
NAMES = st.frozensets(st.sampled_from("pqr"), max_size=2)


@st.composite
def bidders(draw: st.DrawFn) -> list[Bidder]:
    count = draw(st.integers(0, 5))
    return [
        Bidder(f"bid-{number}", draw(PARTIES), draw(NAMES), draw(st.frozensets(st.sampled_from("ABCDEFG"), max_size=2)))
        for number in range(count)
    ]


def test_the_three_relations_are_told_apart() -> None:
    one = Bidder("one", frozenset("A"), frozenset("p"))
    other = Bidder("other", frozenset("B"), frozenset("p"), frozenset("A"))
    third = Bidder("third", frozenset("BC"))

    assert clashes([one, other, third]) == (
        Clash("one", "control", ("other",)),
        Clash("one", "same_person", ("other",)),
        Clash("other", "control", ("one",)),
        Clash("other", "same_person", ("one",)),
        Clash("other", "twice", ("third",)),
        Clash("third", "twice", ("other",)),
    )


@given(bidders())
def test_every_tie_is_told_of_both_ends_and_of_none_alone(all_: list[Bidder]) -> None:
    found = {(clash.bid, clash.relation): set(clash.others) for clash in clashes(all_)}

    for (bid, relation), others in found.items():
        assert others
        assert bid not in others
        assert all(bid in found[other, relation] for other in others)


@given(bidders())
def test_a_tie_is_there_exactly_where_two_have_something_in_common(all_: list[Bidder]) -> None:
    found = {(clash.bid, clash.relation, other) for clash in clashes(all_) for other in clash.others}

    for one in all_:
        for other in all_:
            if one.bid != other.bid:
                assert ((one.bid, "twice", other.bid) in found) == bool(one.parties & other.parties)
                assert ((one.bid, "same_person", other.bid) in found) == bool(one.persons & other.persons)
                controls = bool(one.controllers & other.parties or other.controllers & one.parties)
                assert ((one.bid, "control", other.bid) in found) == controls
