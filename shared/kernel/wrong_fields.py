"""What is wrong with the fields of an input, field by field in both languages, without the values themselves."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.kernel.errors import BadInput

_ZH: Mapping[str, str] = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的字段，请去掉",
    "string_too_short": "至少 {min_length} 字",
    "string_too_long": "至多 {max_length} 字",
    "string_pattern_mismatch": "格式不符，应合 {pattern}",
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


def bad_input(error: ValidationError) -> BadInput:
    """Return the refusal that lists what is wrong and where, without the values themselves."""
    faults = error.errors(include_url=False, include_input=False)
    zh = "；".join(f"{_place(fault)}：{_said(fault)}" for fault in faults)
    en = "; ".join(f"{_place(fault)}: {fault['msg']}" for fault in faults)
    return BadInput(f"输入有误，请更正后重新提交：{zh}", f"correct these and send again: {en}")


def _place(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"]) or "$"


def _said(fault: ErrorDetails) -> str:
    refused = getattr(fault.get("ctx", {}).get("error"), "__cause__", None)
    if isinstance(refused, BadInput):  # a check of the platform's own, which has the Chinese
        return refused.zh
    known = _ZH.get(fault["type"])
    return fault["msg"] if known is None else known.format(**fault.get("ctx", {}))
