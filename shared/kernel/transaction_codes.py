"""统一交易标识码: the 40 characters that name one transaction of one platform, and their check by ISO 7064.

`A01-91350000MA347WHE48-20190305-000001-T` is class, platform (its 统一社会信用代码), day, serial and check.
"""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_37_2

from shared.kernel.codes import CodeWarning, uscc_is_valid
from shared.kernel.errors import BadInput

NAME = "统一交易标识码"
LAST_SERIAL = 999_999
CHECK_OVERFLOWED = CodeWarning(
    "check_overflowed",
    "校验码由溢出的32位权值算得，已接受；正确的校验码按 ISO 7064 MOD 37-2 生成",
    "the check was made with weights that overflow 32 bits; accepted, and generated anew by ISO 7064 MOD 37-2",
)

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_KIND = re.compile(r"[0-9A-Z]{3}")
_CODE = re.compile(r"([0-9A-Z]{3})-([0-9A-Z]{18})-([0-9]{8})-([0-9A-Z]{6})-([0-9A-Z*])")
# What 2 to the power of 31 and above becomes in a signed integer of 32 bits: the largest, or the smallest.
_OVERFLOWS = (2**31 - 1, -(2**31))
_FIRST_OVERFLOW = 31


@dataclass(frozen=True, slots=True)
class TransactionCode:
    """A transaction's identifier, made by `make` or `parse`; its text ends with the check of ISO 7064."""

    kind: str
    platform: str
    day: date
    serial: str

    @property
    def payload(self) -> str:
        """The 35 characters that are checked, without separators."""
        return f"{self.kind}{self.platform}{self._day}{self.serial}"

    @property
    def check(self) -> str:
        """The check character of ISO 7064 MOD 37-2: 0-9, A-Z or *."""
        return str(mod_37_2.calc_check_digit(self.payload))

    def __str__(self) -> str:
        return f"{self.kind}-{self.platform}-{self._day}-{self.serial}-{self.check}"

    @property
    def _day(self) -> str:
        return self.day.isoformat().replace("-", "")  # strftime leaves out leading zeros of years


def make(kind: str, platform: str, day: date, serial: int) -> TransactionCode:
    """Return the code of a platform's transaction of a class (three characters), the `serial`-th of that day, from 1.

    Raise BadInput for parts of which no code can be made.
    """
    if not 1 <= serial <= LAST_SERIAL:
        raise _bad(f"序号应在1与{LAST_SERIAL}之间", f"the serial is 1 to {LAST_SERIAL}")
    code = TransactionCode(kind, platform, day, f"{serial:06}")
    _checked(kind, platform)
    return code


def parse(text: str) -> tuple[TransactionCode, tuple[CodeWarning, ...]]:
    """Return the code that a text is, and CHECK_OVERFLOWED where its check is one that overflowing weights give.

    Raise BadInput for another form, platform, day or check.
    """
    found = _CODE.fullmatch(text)
    if found is None:
        raise _bad_form()
    kind, platform, day, serial, check = found.groups()
    _checked(kind, platform)
    code = TransactionCode(kind, platform, _day(day), serial)
    if check == code.check:
        return code, ()
    if check in overflowed_checks(code.payload):
        return code, (CHECK_OVERFLOWED,)
    raise _bad("校验码不符，请核对", "the check character does not agree")


def overflowed_checks(payload: str) -> frozenset[str]:
    """Return the checks that faulty programs give for a payload: those whose weights 2^k overflow 32 bits from k = 31.

    ISO 7064 weighs the n-th character from the right, the check being the first, by 2 to the power of n - 1.
    """
    values = [_LETTERS.index(letter) for letter in reversed(payload)]
    checks = set()
    for overflow in _OVERFLOWS:
        weights = (2**k if k < _FIRST_OVERFLOW else overflow for k in range(1, len(values) + 1))
        total = sum(value * weight for value, weight in zip(values, weights, strict=True))
        checks.add(_LETTERS[(1 - total) % 37])
    return frozenset(checks)


def _checked(kind: str, platform: str) -> None:
    if not _KIND.fullmatch(kind):
        raise _bad_form()
    if not uscc_is_valid(platform):
        raise _bad(f"平台代码 {platform} 不是有效的统一社会信用代码", f"{platform} is not a valid 统一社会信用代码")


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise _bad(f"日期 {text} 不存在", f"there is no day {text}") from error


def _bad_form() -> BadInput:
    return _bad(
        "格式应为 类别3位-平台统一社会信用代码-年月日8位-序号6位-校验码，字母大写",
        "it is written class (3)-platform (18)-yyyyMMdd-serial (6)-check, in capital letters",
    )


def _bad(zh: str, en: str) -> BadInput:
    return BadInput(f"{NAME}有误：{zh}", f"not a {NAME}: {en}")
