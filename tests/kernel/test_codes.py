from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum import numdb
from stdnum.cn import uscc

from shared.kernel import canonical
from shared.kernel.codes import (
    COMPACTED,
    NOT_CHECKED,
    REGIONS_FILE,
    TRIMMED,
    USCC,
    PartyId,
    RegionCode,
    Regions,
    covers,
    load_regions,
    may_act,
    read_party_id,
    uscc_is_valid,
)
from shared.kernel.errors import BadInput

VALID = "91350000MA347WHE48"
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


def test_a_valid_code_is_taken_as_it_is() -> None:
    party, warnings = read_party_id(USCC, VALID)

    assert (party.scheme, party.id, str(party)) == ("CN-USCC", VALID, f"CN-USCC:{VALID}")
    assert warnings == ()


@pytest.mark.parametrize("text", [" 91350000MA347WHE48 ", "91350000-MA347WHE4-8", "91350000ma347whe48"])
def test_separators_and_small_letters_are_put_right_with_a_warning(text: str) -> None:
    party, warnings = read_party_id(USCC, text)

    assert party.id == VALID
    assert warnings == (COMPACTED,)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("91350000MA347WHE4", "应为18位", "18 characters"),
        ("91350000MA347WHE49", "校验码不符", "check character"),
        ("91350000MA347WHI48", "不允许的字符", "not allowed"),
        ("9135000XMA347WHE48", "不允许的字符", "not allowed"),
        ("", "应为18位", "18 characters"),
    ],
)
def test_a_faulty_code_is_refused_with_its_fault(text: str, zh: str, en: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_party_id(USCC, text)

    assert zh in refused.value.zh
    assert en in refused.value.en
    assert refused.value.article == "GB 32100-2015"


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_changing_any_one_character_is_noticed(place: int, letter: str) -> None:
    changed = VALID[:place] + letter + VALID[place + 1 :]

    assert uscc_is_valid(changed) == (changed == VALID)


@given(st.from_regex(r"\A[0-9]{8}[0-9A-HJ-NP-RTUWXY]{9}\Z"))
def test_codes_that_begin_with_digits_agree_with_the_library(payload: str) -> None:
    for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        assert uscc_is_valid(payload + letter) == uscc.is_valid(payload + letter)


def test_a_rural_collectives_code_begins_with_a_letter_and_is_valid() -> None:
    # GB 32100-2015, first place N: registered by the agriculture departments; second place 2: of a village.
    payload = "N2370502MF1234567"

    assert uscc_is_valid(payload + uscc.calc_check_digit(payload))


def test_another_scheme_is_kept_verbatim_with_a_warning() -> None:
    plain, once = read_party_id("XI-LEI", "300300abc-77")
    trimmed, twice = read_party_id("XI-LEI", " 300300abc-77\n")

    assert plain == trimmed == PartyId(scheme="XI-LEI", id="300300abc-77")
    assert once == (NOT_CHECKED,)
    assert twice == (NOT_CHECKED, TRIMMED)


@pytest.mark.parametrize(
    "fields",
    [
        {"scheme": USCC, "id": "91350000MA347WHE49"},
        {"scheme": USCC, "id": VALID.lower()},
        {"scheme": "XI-LEI", "id": " 12"},
        {"scheme": "XI-LEI", "id": ""},
        {"scheme": "not a scheme", "id": "12"},
        {"scheme": "XI-LEI", "id": 12},
        {"scheme": "XI-LEI", "id": "12", "name": "x"},
    ],
)
def test_an_identifier_that_is_not_one_cannot_be_made(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PartyId.model_validate(fields)


def test_an_identifier_is_a_frozen_value_that_survives_canonical_json() -> None:
    party = PartyId(scheme=USCC, id=VALID)

    assert PartyId.model_validate_json(party.canonical()) == party
    assert hash(party) == hash(PartyId(scheme=USCC, id=VALID))
    with pytest.raises(ValidationError):
        party.id = "12"  # type: ignore[misc] # the very fault


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("370500", "370502", True),
        ("370500", "370571", True),
        ("370500", "370521", True),
        ("370500", "370500", True),
        ("370000", "370502", True),
        ("370502", "370500", False),
        ("370502", "370503", False),
        ("370502", "370571", False),
        ("370600", "370502", False),
        ("110000", "370502", False),
    ],
)
def test_a_city_covers_its_counties_and_no_others(wide: str, narrow: str, *, covered: bool) -> None:
    assert covers(wide, narrow) == covered


def test_kenli_has_two_codes_over_time_and_is_one_region(regions: Regions) -> None:
    assert regions.in_use("370521", date(2015, 6, 1))
    assert not regions.in_use("370505", date(2015, 6, 1))
    assert regions.in_use("370521", date(2016, 6, 1))
    assert regions.in_use("370505", date(2016, 6, 1))
    assert not regions.in_use("370521", date(2017, 1, 1))
    assert regions.current("370521") == "370505"
    assert regions.covers("370505", "370521")
    assert not covers("370505", "370521")


@pytest.mark.parametrize("code", ["370500", "370502", "370503", "370505", "370521", "370522", "370523"])
def test_names_and_years_are_those_of_the_librarys_table(regions: Regions, code: str) -> None:
    region = regions.by_code[code]
    library = numdb.get("cn/loc").info(code)[1][1]["county"]

    assert library == f"[{region.first_year}-{region.last_year or ''}]{region.name}"


def test_every_region_but_the_province_lies_in_the_city(regions: Regions) -> None:
    assert set(regions.by_code) == {
        *("370000", "370500", "370502", "370503", "370505", "370521", "370522", "370523", "370571", "370572")
    }
    for code in regions.by_code:
        assert regions.covers("370500", code) == (code != "370000")


def test_an_unknown_region_is_not_in_use_and_stands_for_itself(regions: Regions) -> None:
    assert regions.get("110101") is None
    assert not regions.in_use("110101", TODAY)
    assert regions.current("110101") == "110101"


def test_the_table_says_where_it_comes_from_and_is_canonical(regions: Regions) -> None:
    assert "GB/T 2260" in regions.origin
    assert canonical.decode(REGIONS_FILE.read_bytes())["origin"] == regions.origin


@pytest.mark.parametrize("code", ["37050", "3705020", "037050", "37050a", 370502])
def test_a_region_code_has_six_digits(code: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(RegionCode).validate_python(code)


@pytest.mark.parametrize(
    ("own", "region", "day", "may"),
    [
        ("370500", "370502", date(2026, 12, 1), True),
        ("370500", "370571", date(2026, 12, 1), True),
        ("370502", "370502", date(2026, 12, 1), True),
        ("370502", "370503", date(2026, 12, 1), False),
        ("370502", "370500", date(2026, 12, 1), False),
        ("370505", "370521", date(2026, 12, 1), True),
        ("370521", "370505", date(2017, 1, 1), True),
        ("370521", "370521", date(2015, 12, 31), True),
        ("370505", "370505", date(2015, 12, 31), False),
        ("370505", "370505", date(2016, 1, 1), True),
        ("370000", "370523", date(2026, 12, 1), True),
        ("", "370502", date(2026, 12, 1), False),
        ("370500", "", date(2026, 12, 1), False),
        ("110101", "110101", date(2026, 12, 1), False),
    ],
)
def test_an_office_acts_in_its_own_region_and_what_lies_in_it(own: str, region: str, day: date, *, may: bool) -> None:
    assert may_act(own, region, day) == may
