"""Canonical JSON: equal to RFC 8785 inside the closed profile, and refused outside it."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.canonical import MAX_INTEGER, NotCanonical, decode, encode, instant, parse_instant

VECTORS = Path(__file__).parents[1] / "vectors" / "jcs-rfc8785" / "testdata"
INSIDE = ("arrays",)  # the others have keys or numbers that the profile has not
OUTSIDE = ("french", "structures", "unicode", "values", "weird")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text)
)
keys = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=1000)
@given(values)
def test_inside_the_profile_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)
    assert decode(encode(value)) == value


@pytest.mark.parametrize("name", INSIDE)
def test_the_vectors_of_rfc_8785_inside_the_profile_are_reproduced(name: str) -> None:
    value = json.loads((VECTORS / "input" / f"{name}.json").read_text())

    assert encode(value) == (VECTORS / "output" / f"{name}.json").read_bytes().strip()


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_vectors_of_rfc_8785_outside_the_profile_are_refused(name: str) -> None:
    value = json.loads((VECTORS / "input" / f"{name}.json").read_text())

    with pytest.raises(NotCanonical):
        encode(value)


@pytest.mark.parametrize(
    "value",
    [1.0, {"a": 0.1}, 2**53, -(2**53), {"A": 1}, {"": 1}, {1: 1}, b"x", {"a": {1, 2}}, "e\u0301", [datetime.now]],  # noqa: TID251 - any function will do
)
def test_what_is_outside_the_profile_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":2}', b'{"a": 1}', b'{"b":1,"a":2}', b"[1.0]", b'"\\u0041"', b"{", b"1e2"]
)
def test_other_spellings_of_json_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001 - made aware below
def test_an_instant_is_one_text_whatever_its_zone(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=UTC)
    elsewhere = timezone(timedelta(hours=hours))
    if not datetime(1000, 1, 2) < moment < datetime(9999, 12, 30):  # noqa: DTZ001 - beside a moment without a zone
        return

    assert instant(aware.astimezone(elsewhere)) == instant(aware)
    assert parse_instant(instant(aware)) == aware


@pytest.mark.parametrize(
    "text", ["2026-12-01T01:00:00Z", "2026-12-01T01:00:00.000000+00:00", "2026-12-01", "", "2026-12-01T01:00:00.000000"]
)
def test_another_spelling_of_a_time_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        parse_instant(text)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NotCanonical):
        instant(datetime(2026, 12, 1))  # noqa: DTZ001 - the point
