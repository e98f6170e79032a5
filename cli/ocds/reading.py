"""From the bytes of a file to its releases: release, release package, record package, or any of them one a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from cli.ocds.findings import Findings, json_path

DEEPEST = 40
"""Levels of nesting; OCDS needs about ten."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release and where in the file it stands, as `$.releases[0]` or `line 3: $`."""

    path: str
    body: dict[str, Any]


class _NotRead(ValueError):
    """A text that is not JSON as it is read here; both sentences say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read(data: bytes, findings: Findings) -> list[Release]:
    """Return the releases of a file; what cannot be read is noted."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.error(
            "$",
            "not_utf8",
            f"第 {error.start} 字节起不是 UTF-8 编码，请另存为 UTF-8",
            f"not UTF-8 from byte {error.start} on: save the file as UTF-8",
        )
        return []
    return [
        release
        for path, value in _documents(text, findings)
        if _is_sound(path, value, findings)
        for release in _releases(path, value, findings)
    ]


def _documents(text: str, findings: Findings) -> Iterator[tuple[str, Any]]:
    """Yield the file's JSON document, or those of its lines where it is JSON Lines."""
    if not text.strip():
        zh, en = "文件是空的，请重新导出或下载", "the file is empty: export or download it again"
        findings.error("$", "empty", zh, en)
        return
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) > 1 and _loads_alone(lines[0][1]):
        for number, line in lines:
            yield from _document(f"line {number}: $", line, findings)
    else:
        yield from _document("$", text, findings)


def _loads_alone(line: str) -> bool:
    try:
        return isinstance(_load(line), dict)
    except _NotRead:
        return False


def _document(path: str, text: str, findings: Findings) -> Iterator[tuple[str, Any]]:
    try:
        yield path, _load(text)
    except _NotRead as error:
        findings.error(path, "not_json", f"无法读取：{error.zh}", f"cannot be read: {error.en}")


def _load(text: str) -> Any:
    """Return the value of a JSON text, numbers with a fraction as Decimal. Raise _NotRead."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        one = "\n" not in text  # one of JSON Lines has its line in its path
        line, at = ("", "") if one else (f"第 {error.lineno} 行", f"line {error.lineno}, ")
        zh = f"{line}第 {error.colno} 列不是 JSON，请检查引号、逗号与括号"
        raise _NotRead(zh, f"not JSON at {at}column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise _too_deep() from error
    except _NotRead:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise _NotRead("含有过长的数字", "a number has too many digits") from error


def _no_constant(name: str) -> NoReturn:
    raise _NotRead(f"{name} 不是 JSON 数字", f"{name} is not a JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = json.dumps(next(name for name in names if names.count(name) > 1))
        raise _NotRead(f"字段 {twice} 重复出现", f"the field {twice} stands twice in one object")
    return value


def _too_deep() -> _NotRead:
    return _NotRead("嵌套层数过多", "nested too deep")


def _is_sound(path: str, value: Any, findings: Findings) -> bool:
    """Note text that cannot be stored and nesting without reason, at which later steps would break."""
    left: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while left:
        parts, item = left.pop()
        children = _children(item)
        texts = [item, *(name for name, _ in children)]
        if any(isinstance(text, str) and _is_unfit(text) for text in texts):
            zh, en = "含有控制字符或不成对的代理字符，请重新导出", "holds a control character or half of a UTF-16 pair"
            findings.error(json_path(parts, path), "not_text", zh, f"{en}: export the file again")
            return False
        if len(parts) >= DEEPEST:
            deep = _too_deep()
            findings.error(path, "too_deep", deep.zh, deep.en)
            return False
        left.extend(((*parts, name), child) for name, child in children)
    return True


def _children(item: Any) -> list[tuple[Any, Any]]:
    if isinstance(item, dict):
        return list(item.items())
    return list(enumerate(item)) if isinstance(item, list) else []


def _is_unfit(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return any(mark < " " and mark not in "\t\n\r" for mark in text)


def _releases(path: str, value: Any, findings: Findings) -> Iterator[Release]:
    if not isinstance(value, dict):
        findings.error(
            path, "not_ocds", "不是 OCDS 文件（应为 JSON 对象）", "not an OCDS file: a JSON object is expected"
        )
    elif "records" in value:
        yield from _of_records(path, value["records"], findings)
    elif "releases" in value:
        yield from _of_package(path, value["releases"], findings)
    else:
        yield Release(path, value)


def _of_package(path: str, releases: Any, findings: Findings) -> Iterator[Release]:
    for index, release in enumerate(_list(f"{path}.releases", releases, findings)):
        place = f"{path}.releases[{index}]"
        if isinstance(release, dict):
            yield Release(place, release)
        else:
            findings.error(place, "not_a_release", "不是发布对象", "not a release")


def _of_records(path: str, records: Any, findings: Findings) -> Iterator[Release]:
    for index, record in enumerate(_list(f"{path}.records", records, findings)):
        place = f"{path}.records[{index}]"
        if not isinstance(record, dict):
            findings.error(place, "not_a_record", "不是记录对象", "not a record")
        elif isinstance(record.get("compiledRelease"), dict):
            _compare_ocid(place, record, findings)
            yield Release(f"{place}.compiledRelease", record["compiledRelease"])
        else:
            yield from _only_release(place, record.get("releases"), findings)


def _compare_ocid(place: str, record: dict[str, Any], findings: Findings) -> None:
    """Note a record that is of another process than the release in it: which of them is meant only people know."""
    inside = record["compiledRelease"].get("ocid")
    if record.get("ocid") != inside:
        findings.error(
            f"{place}.ocid",
            "two_processes",
            "记录与其 compiledRelease 的 ocid 不同，请核对后改为一致",
            "the record's ocid is not that of its compiledRelease: find out which is right",
        )


def _only_release(place: str, releases: Any, findings: Findings) -> Iterator[Release]:
    """Yield a record's release if there is just one and it is there in full: merging is the publisher's business."""
    if isinstance(releases, list) and len(releases) == 1 and isinstance(releases[0], dict) and "ocid" in releases[0]:
        yield Release(f"{place}.releases[0]", releases[0])
    else:
        findings.error(
            f"{place}.compiledRelease",
            "not_compiled",
            "记录没有合并后的发布（compiledRelease），请先合并（如 ocdskit compile）再导入",
            "the record has no compiledRelease: compile it first (as with ocdskit compile), then import it",
        )


def _list(path: str, value: Any, findings: Findings) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    findings.error(path, "nothing_in_it", "列表为空或不是列表", "not a list, or an empty one")
    return []
