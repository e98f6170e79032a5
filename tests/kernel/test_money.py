from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput
from shared.kernel.money import Fen, format_yuan, from_uppercase, share_of, uppercase, yuan_to_fen

amounts = st.one_of(
    st.integers(0, MAX_INTEGER),
    st.integers(0, 20_000),
    # Amounts with many zeros, where the capitals have their rules.
    st.lists(st.sampled_from("000123456789"), min_size=1, max_size=15).map(lambda digits: int("".join(digits))),
)
thorough = settings(max_examples=1_500, deadline=None)

# 支付结算办法 附一 正确填写票据和结算凭证的基本规定, its own examples (四); each writing is right.
RULE_EXAMPLES = [
    (140_950, ["人民币壹仟肆佰零玖元伍角"]),
    (600_714, ["人民币陆仟零柒元壹角肆分"]),
    (168_032, ["人民币壹仟陆佰捌拾元零叁角贰分", "人民币壹仟陆佰捌拾元叁角贰分"]),
    (10_700_053, ["人民币壹拾万柒仟元零伍角叁分", "人民币壹拾万零柒仟元伍角叁分"]),
    (1_640_902, ["人民币壹万陆仟肆佰零玖元零贰分"]),
    (32_504, ["人民币叁佰贰拾伍元零肆分"]),
]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("0.5", 50),
        ("1234.50", 123_450),
        ("800000", 80_000_000),
        ("90071992547409.91", MAX_INTEGER),
    ],
)
def test_an_amount_in_yuan_is_read_to_the_fen(text: str, fen: int) -> None:
    assert yuan_to_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("0.005", "至多两位小数", "two decimals"),
        ("1.000", "至多两位小数", "two decimals"),
        ("1,234.50", "千位分隔符", "thousands"),
        ("1，234", "千位分隔符", "thousands"),
        ("1e6", "科学计数法", "exponent"),
        ("-1", "正负号", "sign"),
        ("+1", "正负号", "sign"),
        ("１２", "半角", "half-width"),
        ("007", "多余的0", "leading zeros"),
        (" 12", "空格", "spaces"),
        ("12\n", "空格", "spaces"),
        ("80万", "换算为元", "convert to yuan"),
        ("¥12", "换算为元", "convert to yuan"),
        ("", "1234.50", "1234.50"),
        ("1.", "1234.50", "1234.50"),
        (".5", "1234.50", "1234.50"),
        ("nan", "1234.50", "1234.50"),
        ("123456789012345", "过大", "too large"),
        ("90071992547409.92", "过大", "too large"),
    ],
)
def test_an_amount_written_otherwise_is_refused_with_what_to_do(text: str, zh: str, en: str) -> None:
    with pytest.raises(BadInput) as refused:
        yuan_to_fen(text)

    assert zh in refused.value.zh
    assert en in refused.value.en


@pytest.mark.parametrize("number", [12.5, 12, Decimal("12.5"), None])
def test_an_amount_is_text_and_never_a_float(number: object) -> None:
    with pytest.raises(BadInput, match="float"):
        yuan_to_fen(number)  # type: ignore[arg-type] # the very fault


@thorough
@given(amounts)
def test_plain_writing_is_read_back(fen: int) -> None:
    assert yuan_to_fen(format_yuan(fen)) == fen


@thorough
@given(amounts)
def test_capital_writing_is_read_back(fen: int) -> None:
    assert from_uppercase(uppercase(fen)) == fen


@pytest.mark.parametrize(("fen", "texts"), RULE_EXAMPLES)
def test_the_rules_own_examples_are_read_and_one_of_them_is_written(fen: int, texts: list[str]) -> None:
    written = "人民币" + uppercase(fen)

    assert [from_uppercase(text) for text in texts] == [fen] * len(texts)
    assert from_uppercase(written) == fen
    # Both zeros of ¥107,000.53 are optional, each on its own; the shorter writing is taken.
    assert written in texts or fen == 10_700_053


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (12_345, "壹佰贰拾叁元肆角伍分"),
        (10_000, "壹佰元整"),
        (1_000, "壹拾元整"),
        (1_005, "壹拾元零伍分"),
        (80_000_000, "捌拾万元整"),
        (10_000_500, "壹拾万零伍元整"),
        (100_000_000_000, "壹拾亿元整"),
        (100_000_700_000, "壹拾亿零柒仟元整"),
        (10_000_000_000_100, "壹仟亿零壹元整"),
        (100_000_000_000_000, "壹万亿元整"),
        (MAX_INTEGER, "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
    ],
)
def test_capitals_follow_the_rules_on_zeros_and_on_the_closing_word(fen: int, text: str) -> None:
    assert uppercase(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [("壹佰圆整", 10_000), ("壹佰元正", 10_000), ("壹佰元伍角整", 10_050), ("人民币壹佰元整", 10_000)],
)
def test_accepted_variants_of_the_capitals_are_read(text: str, fen: int) -> None:
    assert from_uppercase(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "整",
        "元整",
        "壹佰元",  # 到元为止应写整
        "壹佰元伍分",  # 角位是0, 零 is owed
        "壹佰伍元整",  # 105 or 150?
        "壹拾亿柒仟元整",  # 零 is owed
        "伍分整",
        "零伍分",
        "拾元整",  # 壹 is owed
        "壹佰零元整",
        "壹佰壹佰元整",
        "壹贰元整",
        "一百元整",
        "100元整",
        "壹佰元整整",
        "壹亿亿亿元整",
        "玖佰万亿元整",
        "零" * 100 + "元整",
    ],
)
def test_doubtful_capitals_are_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(BadInput, match="大写金额"):
        from_uppercase(text)


@pytest.mark.parametrize(
    ("fen", "share", "expected"),
    [
        (10_000_000_000, "0.02", 200_000_000),
        (149, "0.02", 2),
        (99, "0.01", 0),
        (100, "0", 0),
        (MAX_INTEGER, "1", MAX_INTEGER),
        (MAX_INTEGER, "0.333333333333333333333333333333", MAX_INTEGER // 3),
    ],
)
def test_a_share_is_exact_and_then_rounded_down(fen: int, share: str, expected: int) -> None:
    assert share_of(fen, Decimal(share)) == expected


@thorough
@given(amounts, st.decimals(0, 2, places=20))
def test_a_share_never_exceeds_the_exact_one_and_misses_less_than_a_fen(fen: int, share: Decimal) -> None:
    exact = fen * Fraction(share)

    assert 0 <= exact - share_of(fen, share) < 1


@pytest.mark.parametrize("share", ["-0.01", "NaN", "Infinity"])
def test_what_is_not_a_share_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="share"):
        share_of(100, Decimal(share))


@pytest.mark.parametrize("fen", [-1, MAX_INTEGER + 1, True, 1.0])
def test_what_is_not_an_amount_is_refused(fen: int) -> None:
    for use in (format_yuan, uppercase, lambda amount: share_of(amount, Decimal(1))):
        with pytest.raises(ValueError, match="fen"):
            use(fen)


@pytest.mark.parametrize("fen", [-1, MAX_INTEGER + 1, 1.0, "1", True])
def test_the_field_type_takes_whole_fen_only(fen: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Fen).validate_python(fen)
    assert TypeAdapter(Fen).validate_python(MAX_INTEGER) == MAX_INTEGER
