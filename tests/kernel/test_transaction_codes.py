"""统一交易标识码: its two known vectors, its round trip, and every single wrong character found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_2

from shared.kernel.errors import BadInput
from shared.kernel.transaction_codes import CHECK_OVERFLOWED, TransactionCode, make, overflowed_checks, parse

PLATFORM = "91350000MA347WHE48"
WITHOUT_CHECK = f"A01-{PLATFORM}-20190305-000001"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

codes = st.builds(
    make,
    st.text(LETTERS, min_size=3, max_size=3),
    st.just(PLATFORM),
    st.dates(),
    st.integers(1, 999_999),
)


def test_the_known_code_has_the_check_of_iso_7064() -> None:
    code = make("A01", PLATFORM, date(2019, 3, 5), 1)

    assert str(code) == f"{WITHOUT_CHECK}-T"
    assert len(str(code)) == 40
    assert len(code.payload) == 35
    assert parse(f"{WITHOUT_CHECK}-T") == (code, ())


@pytest.mark.parametrize("check", ["3", "P"])
def test_the_checks_of_overflowing_weights_are_accepted_with_a_warning_and_never_made(check: str) -> None:
    code, warnings = parse(f"{WITHOUT_CHECK}-{check}")

    assert warnings == (CHECK_OVERFLOWED,)
    assert str(code) == f"{WITHOUT_CHECK}-T"


def test_no_other_check_is_accepted() -> None:
    for check in set(f"{LETTERS}*") - set("T3P"):
        with pytest.raises(BadInput, match="校验码不符"):
            parse(f"{WITHOUT_CHECK}-{check}")


@given(codes)
def test_a_code_made_is_read_again_as_it_was(code: TransactionCode) -> None:
    assert parse(str(code)) == (code, ())
    assert mod_37_2.is_valid(code.payload + code.check)


@given(codes, st.data())
def test_one_wrong_character_never_passes_without_a_word(code: TransactionCode, data: st.DataObject) -> None:
    text = str(code)
    place = data.draw(st.sampled_from([place for place, letter in enumerate(text) if letter != "-"]))
    wrong = data.draw(st.sampled_from(sorted(set(f"{LETTERS}*-") - {text[place]})))
    changed = text[:place] + wrong + text[place + 1 :]

    try:
        _, warnings = parse(changed)
    except BadInput:
        return

    assert warnings == (CHECK_OVERFLOWED,)


@given(st.text(LETTERS, min_size=35, max_size=35))
def test_weights_that_fit_into_32_bits_would_give_the_check_of_iso_7064(payload: str) -> None:
    short = payload[:30]

    assert overflowed_checks(short) == {mod_37_2.calc_check_digit(short)}


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("", "格式"),
        (WITHOUT_CHECK, "格式"),
        (f"{WITHOUT_CHECK}-T\n", "格式"),
        (f"{WITHOUT_CHECK}-t", "格式"),
        (f"A0１-{PLATFORM}-20190305-000001-T", "格式"),
        ("A01-91350000MA347WHE49-20190305-000001-T", "平台代码"),
        (f"A01-{PLATFORM}-20190230-000001-T", "日期"),
        (f"A01-{PLATFORM}-00000101-000001-T", "日期"),
    ],
)
def test_what_is_no_code_is_refused_with_its_fault(text: str, zh: str) -> None:
    with pytest.raises(BadInput, match=zh):
        parse(text)


@pytest.mark.parametrize(
    ("kind", "platform", "serial", "zh"),
    [
        ("A1", PLATFORM, 1, "格式"),
        ("a01", PLATFORM, 1, "格式"),
        ("A０1", PLATFORM, 1, "格式"),
        ("A01", "91350000MA347WHE49", 1, "平台代码"),
        ("A01", PLATFORM, 0, "序号"),
        ("A01", PLATFORM, 1_000_000, "序号"),
    ],
)
def test_no_code_is_made_of_parts_that_are_not_its(kind: str, platform: str, serial: int, zh: str) -> None:
    with pytest.raises(BadInput, match=zh):
        make(kind, platform, date(2019, 3, 5), serial)
