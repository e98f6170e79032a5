"""What is wrong with the fields of an input, field by field in both languages, without the values themselves."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.kernel.errors import BadInput

_MISMATCH = "string_pattern_mismatch"

_ZH: Mapping[str, str] = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的字段，请去掉",
    "string_too_short": "至少 {min_length} 字",
    "string_too_long": "至多 {max_length} 字",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "literal_error": "应为 {expected} 之一",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "string_type": "应为文本",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "union_tag_not_found": "缺少类型 {discriminator}",
    "union_tag_invalid": "没有这一类型，可用：{expected_tags}",
    "json_invalid": "不是 JSON",
}
"""The Chinese of the library's own kinds of error; its own words stand for the others."""

_PATTERNS: Mapping[str, tuple[str, str]] = {
    r"^[0-9a-f]{64}$": ("64 位小写十六进制，即 SHA-256 摘要", "64 lower-case hexadecimal digits, a SHA-256 digest"),
    r"^[1-9][0-9]{5}$": ("6 位数字，首位不为 0", "six digits, the first not 0"),
    r"^(\d{6})?$": ("6 位区划代码，或留空", "the six digits of a region, or nothing"),
    r"^[A-Z0-9]+(-[A-Z0-9]+)*$": ("标识体系代码，如 CN-USCC", "the code of a scheme, as CN-USCC"),
    r"^https?://[^\s]+$": ("http:// 或 https:// 开头的网址", "an address that begins with http:// or https://"),
    r"^\S(.*\S)?$": ("首尾没有空白的文字", "text without space at either end"),
    r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$": ("十进制数，如 12.5", "a decimal number, as 12.5"),
}
"""What the patterns of fields mean."""

_LETTERS = "^[A-Za-z0-9_-]"


def meaning(pattern: str) -> tuple[str, str]:
    """Return in both languages what text of a pattern is; of one that nobody has named, the pattern itself."""
    if pattern in _PATTERNS:
        return _PATTERNS[pattern]
    if pattern.startswith(f"{_LETTERS}{{1,"):
        most = pattern.partition(",")[2].partition("}")[0]
        return f"1 至 {most} 位的字母、数字、_ 与 -", f"1 to {most} letters, digits, _ and -"
    if pattern.startswith(_LETTERS):
        return "规定长度的 base64url 编码，不补 =", "base64url of the length that is due, without padding"
    return pattern, pattern


def bad_input(error: ValidationError) -> BadInput:
    """Return the refusal that lists what is wrong and where, without the values themselves."""
    return wrong(error.errors(include_url=False, include_input=False))


def wrong(faults: Sequence[ErrorDetails]) -> BadInput:
    """Return the refusal that lists faults as pydantic tells them."""
    zh = "；".join(f"{_place(fault)}：{_said(fault)}" for fault in faults)
    en = "; ".join(f"{_place(fault)}: {_said_in_english(fault)}" for fault in faults)
    return BadInput(f"输入有误，请更正后重新提交：{zh}", f"correct these and send again: {en}")


def _place(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"]) or "$"


def _said(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    refused = getattr(context.get("error"), "__cause__", None)
    if isinstance(refused, BadInput):  # a check of the platform's own, which has the Chinese
        return refused.zh
    if fault["type"] == _MISMATCH:
        return f"格式不符，应为 {meaning(context['pattern'])[0]}"
    known = _ZH.get(fault["type"])
    listed = {name: value.replace(" or ", "、") for name, value in context.items() if name.startswith("expected")}
    return fault["msg"] if known is None else known.format(**{**context, **listed})


def _said_in_english(fault: ErrorDetails) -> str:
    return f"should be {meaning(fault['ctx']['pattern'])[1]}" if fault["type"] == _MISMATCH else fault["msg"]
