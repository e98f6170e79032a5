"""Money: whole fen and nothing else, its plain and its capital (人民币大写) writing, and exact shares of it."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput

Fen = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]
"""An amount in fen (分), 0 to 2^53 - 1; a signed or fractional amount is not money here."""

_PLAIN_YUAN = re.compile(r"(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,2}))?")

# The first pattern found in a refused text names its fault: (pattern, what to do in Chinese, in English).
_FAULTS = (
    (r"[,，]", "请去掉千位分隔符", "remove the thousands separators"),
    (r"[eE]", "请勿使用科学计数法，写出全部数字", "write all digits instead of an exponent"),
    (r"^\s|\s$|\s", "请去掉空格", "remove the spaces"),
    (r"^[+\-]", "请去掉正负号，金额不得为负", "remove the sign; an amount is never negative"),
    (r"[０-９．]", "请使用半角数字", "use half-width digits"),
    (r"[万亿元角分¥￥]", "请换算为元，只写数字", "convert to yuan and write digits only"),
    (r"^0[0-9]", "请去掉开头多余的0", "remove the leading zeros"),
    (r"\.[0-9]{3,}$", "金额最小到分，请保留至多两位小数", "the smallest unit is the fen: at most two decimals"),
    (r"^[0-9]{15,}", "金额过大", "the amount is too large"),
)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = (("亿", 10**8), ("万", 10**4), ("仟", 10**3), ("佰", 10**2), ("拾", 10))
_CAPITAL = re.compile(r"(?:(?P<yuan>[^元角分整]+)元)?(?:(?P<jiao>[^元角分整])角)?(?:零?(?P<fen>[^元角分整])分)?整?")
_CAPITAL_LENGTH = 64

# Zeros that 支付结算办法 附一 四(三) lets a writer put in or leave out: before 仟 and before 角.
_OPTIONAL_ZERO = re.compile(
    r"(?<=[拾佰仟]万)零(?=[壹贰叁肆伍陆柒捌玖]仟)|(?<=[拾佰仟万亿]元)零(?=[壹贰叁肆伍陆柒捌玖]角)"
)


def yuan_to_fen(text: str) -> int:
    """Return the fen of an amount in yuan written plainly, as `1234.50`. Raise BadInput saying what to do."""
    if type(text) is not str:
        raise _unreadable("请以文本给出金额，不用浮点数", "give the amount as text, never as a float")
    match = _PLAIN_YUAN.fullmatch(text)
    if not match:
        zh, en = next(
            ((zh, en) for pattern, zh, en in _FAULTS if re.search(pattern, text)),
            ("请只写数字，例如 1234.50", "write digits only, as 1234.50"),
        )
        raise _unreadable(zh, en)
    fen = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if fen > MAX_INTEGER:
        raise _unreadable("金额过大", "the amount is too large")
    return fen


def format_yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals and no separators, the writing `yuan_to_fen` reads."""
    _require_fen(fen)
    return f"{fen // 100}.{fen % 100:02d}"


def uppercase(fen: int) -> str:
    """Return 人民币大写 of an amount, as 壹佰贰拾叁元肆角伍分 (支付结算办法 附一).

    整 ends an amount without 角 and 分; it is left out after 角, as in the examples of that rule.
    """
    _require_fen(fen)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = _read(yuan) + "元" if yuan or not fen else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    if rest:
        text += ("零" if yuan and not jiao else "") + _DIGITS[rest] + "分"
    return text if jiao or rest else text + "整"


def from_uppercase(text: str) -> int:
    """Return the fen of a 人民币大写 text; the optional zeros, 圆, 正 and 人民币 are understood.

    Raise BadInput for every other writing: where the law lets the capitals prevail, nothing may be guessed.
    """
    plain = _bare(text.removeprefix("人民币").replace("圆", "元").replace("正", "整"))
    match = _CAPITAL.fullmatch(plain) if len(plain) <= _CAPITAL_LENGTH else None
    if match:
        yuan, jiao, rest = (_value((match[name] or "").replace("零", "")) for name in ("yuan", "jiao", "fen"))
        fen = yuan * 100 + jiao * 10 + rest
        # Written again it must be the same text, so that a missing or a misplaced character is never read over.
        if 0 <= fen <= MAX_INTEGER and plain == _bare(uppercase(fen)):
            return fen
    raise _unreadable("大写金额书写有误，例如应为 壹佰元整", "not a well-formed capital amount, as 壹佰元整")


def share_of(fen: int, share: Decimal) -> int:
    """Return `share` of an amount, exact and then rounded down to the fen: a ceiling is never exceeded."""
    _require_fen(fen)
    if not share.is_finite() or share < 0:
        raise ValueError(f"not a share: {share}")
    return fen * Fraction(share) // 1


def _require_fen(fen: int) -> None:
    if type(fen) is not int or not 0 <= fen <= MAX_INTEGER:
        raise ValueError(f"not an amount in fen: {fen!r}")


def _unreadable(zh: str, en: str) -> BadInput:
    return BadInput(zh=f"金额无法识别：{zh}", en=f"unreadable amount: {en}")


def _read(number: int) -> str:
    """Return a whole number in capitals, with 零 wherever a place is skipped."""
    for name, size in _UNITS:
        if number >= size:
            head, tail = divmod(number, size)
            return _read(head) + name + ("零" if 0 < tail < size // 10 else "") + (_read(tail) if tail else "")
    return _DIGITS[number]


def _value(text: str) -> int:
    """Return the number that capitals without zeros stand for; a wrong one if they are malformed."""
    for name, size in _UNITS:
        head, found, tail = text.rpartition(name)
        if found:
            return _value(head) * size + _value(tail)
    return _DIGITS.find(text) if text else 0


def _bare(text: str) -> str:
    """Return the text without what a writer may put in or leave out: some zeros, and 整 after 角."""
    return _OPTIONAL_ZERO.sub("", text.removesuffix("整") if text.endswith("角整") else text)
