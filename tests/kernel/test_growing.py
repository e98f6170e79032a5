"""A sequence that grows: it is the list that it would be, and what was before stays as it was."""

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.growing import PAGE, Growing


@given(st.lists(st.integers(), max_size=3 * PAGE))
def test_it_reads_like_the_list_of_its_items(items: list[int]) -> None:
    grown: Growing[int] = Growing()
    for item in items:
        grown = grown.and_(item)

    assert list(grown) == items
    assert len(grown) == len(items)
    assert [grown[place] for place in range(-len(items), len(items))] == items + items
    assert list(grown[1:-1]) == items[1:-1]


def test_adding_leaves_what_was_before_as_it_was() -> None:
    before: Growing[int] = Growing()
    for number in range(PAGE - 1):
        before = before.and_(number)

    after = before.and_(PAGE)

    assert (len(before), len(after)) == (PAGE - 1, PAGE)
    assert before != after
