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
    "json_type": "应为 JSON 文本",
    "string_unicode": "文字编码有误，应为 UTF-8",
    "string_not_ascii": "应只含 ASCII 字符",
    "enum": "应为 {expected} 之一",
    "none_required": "应留空",
    "bool_parsing": "应为 true 或 false",
    "int_parsing_size": "整数过大",
    "float_type": "应为数值",
    "float_parsing": "应为数值",
    "finite_number": "应为有限的数值",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "decimal_type": "应为十进制数",
    "decimal_parsing": "应为十进制数",
    "decimal_max_digits": "至多 {max_digits} 位数字",
    "decimal_max_places": "至多 {decimal_places} 位小数",
    "decimal_whole_digits": "整数部分至多 {whole_digits} 位",
    "bytes_type": "应为字节",
    "bytes_too_short": "至少 {min_length} 字节",
    "bytes_too_long": "至多 {max_length} 字节",
    "bytes_invalid_encoding": "编码有误",
    "set_type": "应为列表",
    "set_item_not_hashable": "列表中有不能使用的值",
    "frozen_set_type": "应为列表",
    "iterable_type": "应为列表",
    "mapping_type": "应为对象",
    "invalid_key": "键应为文本",
    "recursion_loop": "内容循环引用自身",
    "date_type": "应为日期，如 2026-12-23",
    "date_parsing": "应为日期，如 2026-12-23",
    "date_from_datetime_parsing": "应为日期，如 2026-12-23",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "date_past": "应为已过去的日期",
    "date_future": "应为将来的日期",
    "time_type": "应为时刻",
    "time_parsing": "应为时刻",
    "datetime_type": "应为带时区的时间，如 2026-12-01T09:00:00+08:00",
    "datetime_parsing": "应为带时区的时间，如 2026-12-01T09:00:00+08:00",
    "datetime_object_invalid": "应为带时区的时间，如 2026-12-01T09:00:00+08:00",
    "datetime_from_date_parsing": "应为带时区的时间，如 2026-12-01T09:00:00+08:00",
    "datetime_past": "应为已过去的时间",
    "datetime_future": "应为将来的时间",
    "timezone_naive": "时间不应带时区",
    "timezone_aware": "时间应带时区，如 2026-12-01T09:00:00+08:00",
    "timezone_offset": "时区不符",
    "time_delta_type": "应为时长",
    "time_delta_parsing": "应为时长",
    "missing_argument": "缺少此项",
    "missing_keyword_only_argument": "缺少此项",
    "unexpected_keyword_argument": "不认识的字段，请去掉",
    "url_type": "应为网址",
    "url_parsing": "应为网址",
    "url_syntax_violation": "应为网址",
    "url_too_long": "网址至多 {max_length} 字",
    "url_scheme": "网址应以 {expected_schemes} 开头",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "uuid_version": "UUID 版本不符",
}
"""The Chinese of the library's own kinds of error."""

UNFIT = "不符合要求"
"""The Chinese of the kinds that are not there, which no field of the platform's can have."""

_OWN: Mapping[str, str] = {
    "give a time with its zone, such as 2026-12-01T09:00:00+08:00": "应为带时区的时间，如 2026-12-01T09:00:00+08:00",
    'give a ratio as text, such as "0.02"': '比例应写作文本，如 "0.02"',
    "not a decimal number": "应为十进制数",
    "not a finite number": "应为有限的数值",
    "not base64url without padding": "应为 base64url 编码，不补 =",
    "base64url with stray bits in its last letter": "base64url 编码的末位有误",
    "an identifier carries no space at its ends": "标识首尾不能有空白",
    "not a valid 统一社会信用代码": "统一社会信用代码有误，请核对校验位",
    "not a plain file name": "文件名不能含 / 等符号或者首尾空白",
    "a file name holds no control or format characters": "文件名不能含控制字符",
    "two documents have the same name": "有两份文件重名",
    "the same party is named twice": "同一主体列了两次",
    "the party that leads a consortium is not among its other members": "联合体牵头人不应又列为其他成员",
    "the joint agreement is one of the bid's documents": "联合体协议应在投标文件之列",
    "expected one wrap each for agency, supervisor, platform, in this order": (
        "应依次有代理机构、监督部门、平台的分片各一份"
    ),
    "two authorities have the same key": "两个机构使用了同一公钥，其中之一可独自启封",
    "the announced keys are not four distinct keys": "公告的四把公钥应各不相同",
    "the embedded broker goes with GGZY_DATABASE=sqlite; give GGZY_BROKER too": (
        "嵌入方式须用 GGZY_DATABASE=sqlite；否则请一并设置 GGZY_BROKER"
    ),
    "a real broker goes with PostgreSQL; give GGZY_DATABASE": "使用消息服务器时须用 PostgreSQL，请设置 GGZY_DATABASE",
    "GGZY_DATABASE is sqlite, or postgresql+psycopg2": (
        "GGZY_DATABASE 应为 sqlite，或 postgresql+psycopg2://{service}:PASSWORD@HOST/NAME"
    ),
    "GGZY_QUORUM is from 1 to the number of GGZY_WITNESSES": "GGZY_QUORUM 应为 1 至 GGZY_WITNESSES 的个数",
}
"""The Chinese of the checks that fields of the platform's own make, by their English up to its first colon."""

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
    zh = "；".join(f"{_place(fault)}：{said_zh(fault)}" for fault in faults)
    en = "; ".join(f"{_place(fault)}: {_said_in_english(fault)}" for fault in faults)
    return BadInput(f"输入有误，请更正后重新提交：{zh}", f"correct these and send again: {en}")


def _place(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"]) or "$"


def said_zh(fault: ErrorDetails) -> str:
    """Return what is wrong with a field in Chinese, without its place and value: nothing of it is the library's."""
    context = fault.get("ctx", {})
    refused = getattr(context.get("error"), "__cause__", None)
    if isinstance(refused, BadInput):  # a check of the platform's own, which has the Chinese
        return refused.zh
    if fault["type"] == _MISMATCH:
        return f"格式不符，应为 {meaning(context['pattern'])[0]}"
    if fault["type"] in {"value_error", "assertion_error"}:
        return own(str(context.get("error", "")))
    known = _ZH.get(fault["type"], UNFIT)
    listed = {name: value.replace(" or ", "、") for name, value in context.items() if name.startswith("expected")}
    return known.format(**{**context, **listed})


def own(en: str) -> str:
    """Return the Chinese of a check of the platform's own."""
    return _OWN.get(en) or _OWN.get(en.partition(":")[0], UNFIT)


def _said_in_english(fault: ErrorDetails) -> str:
    return f"should be {meaning(fault['ctx']['pattern'])[1]}" if fault["type"] == _MISMATCH else fault["msg"]
