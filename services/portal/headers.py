"""The headers, signatures and bodies that the API's description names; where each comes from stands beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.portal.problems import TITLES
from shared.kernel.errors import PLATFORM_RULE

LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
BINARY = frozenset({"application/octet-stream", "application/zip"})
TEXT: Mapping[str, Any] = {"type": "string"}
NUMBER: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9]{1,16}$"}


def _asked(name: str, about: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": about, "schema": dict(schema)}


PARAMETERS: dict[str, Any] = {
    item["name"]: item
    for item in (
        _asked(
            "Idempotency-Key",
            "指令编号；同一编号同一内容只有一个结果，永远有效 / the command's id: one outcome for ever "
            "(draft-ietf-httpapi-idempotency-key-header-07)",
            {"type": "string", "pattern": '^("[A-Za-z0-9_-]{1,64}"|[A-Za-z0-9_-]{1,64})$'},
            required=True,
        ),
        _asked("Accept-Language", "问题标题所用语言，中文优先 / the language of a problem's title", TEXT),
        _asked("If-None-Match", "已有的标签 / tags of what one has already (RFC 9110, section 13.1.2)", TEXT),
        _asked("Range", "所要的一段 / the range wanted (RFC 9110, section 14.2)", TEXT),
        _asked("Tus-Resumable", "tus 协议版本 / the version of tus", {"const": "1.0.0"}, required=True),
        _asked("Upload-Length", "字节数 / bytes", NUMBER, required=True),
        _asked("Upload-Offset", "从第几字节续传 / from which byte on", NUMBER, required=True),
        _asked("Upload-Metadata", "sha256 与十六进制摘要的 base64 / sha256 and its hex in base64", TEXT, required=True),
    )
}


def _told(about: str, schema: Mapping[str, Any] = TEXT) -> dict[str, Any]:
    return {"description": about, "schema": dict(schema)}


HEADERS: dict[str, Any] = {
    "X-Trace-Id": _told("问题编号 / by which a fault is found in the logs"),
    "Cache-Control": _told("何处可存 / who may keep the answer: nobody what is signed"),
    "ETag": _told("内容标签，只对同一查询人有意义 / a keyed tag, for the same asker only"),
    "Link": _told('rel="next" 指向下一页 / leads to the next page (RFC 8288)'),
    "RateLimit-Policy": _told("限额 / the limit (draft-ietf-httpapi-ratelimit-headers-10)"),
    "RateLimit": _told("余额 / what is left of it; a bidder's submission falls under none"),
    "Retry-After": _told("几秒后再试 / in how many seconds to try again", NUMBER),
    "WWW-Authenticate": _told("如何签名 / how requests are signed"),
    "Content-Range": _told("共多少字节 / how many bytes there are"),
    "Content-Disposition": _told("文件名 / the file's name"),
    "Location": _told("上传地址，仅告知上传人 / the upload's address, told to who began it alone"),
    "Allow": _told("支持的方法 / the methods there are"),
    "Tus-Resumable": _told("tus 协议版本 / the version of tus"),
    "Tus-Version": _told("支持的 tus 版本 / the versions of tus"),
    "Tus-Extension": _told("支持的 tus 扩展 / the extensions of tus"),
    "Tus-Max-Size": _told("最大字节数 / the most bytes", NUMBER),
    "Upload-Length": _told("字节数 / bytes", NUMBER),
    "Upload-Offset": _told("已收到的字节数 / bytes that are in", NUMBER),
    "Upload-Expires": _told("保留至 / kept until"),
}
"""What answers may have; none is promised in every answer but the trace id."""

ALWAYS = ("X-Trace-Id", "Cache-Control", "RateLimit-Policy", "RateLimit")
OF_PROBLEM: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    408: ("Retry-After",),
    412: ("Tus-Version",),
    416: ("Content-Range",),
    423: ("Retry-After",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def references(names: Iterable[str]) -> dict[str, Any]:
    """Return headers by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _key(name: str, about: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": name, "description": about}


SECURITY_SCHEMES = {
    "account": _key("X-Ggzy-Account", "账户 / the account that asks"),
    "credential": _key(
        "X-Ggzy-Credential", "本项目的匿名凭证 / a pseudonymous credential for one procedure, base64url"
    ),
    "signed_at": _key("X-Ggzy-At", "签名时间，与平台时间相差不超过五分钟 / within 5 minutes of GET /api/time"),
    "signature": _key("X-Ggzy-Signature", "Ed25519 签名，base64url / over ggzy-request/v1"),
    "session": {"type": "http", "scheme": "bearer", "description": "会话，仅供查询 / a session: to read, not to act"},
}
"""An account or a credential with instant and signature, or a session: never two of them."""

_SIGNED: list[dict[str, list[str]]] = [
    {"account": [], "signed_at": [], "signature": []},
    {"credential": [], "signed_at": [], "signature": []},
    {"session": []},
]
SECURITY: Mapping[str, list[dict[str, list[str]]]] = {
    "open": [],
    "key": [],
    "signed": _SIGNED,
    "anyone": [*_SIGNED, {}],
}
"""By whom a route may be asked; `key`: by who knows the address."""

IDENTIFIER = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}

ASKED: dict[str, Any] = {
    "type": "object",
    "description": "A command, and the procedure (or other stream) that it is about.",
    "additionalProperties": False,
    "required": ["procedure", "command"],
    "properties": {"procedure": IDENTIFIER, "command": {"$ref": "#/components/schemas/AnyCommand"}},
}
WANTED: dict[str, Any] = {
    "type": "object",
    "description": "Asks for a pseudonymous credential for a one-time Ed25519 key.",
    "additionalProperties": False,
    "required": ["procedure", "public_key"],
    "properties": {
        "procedure": IDENTIFIER,
        "public_key": {"type": "string", "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"},
    },
}
HISTORY: dict[str, Any] = {
    "type": "object",
    "description": "A page of the events that the asker's role may see, oldest first.",
    "additionalProperties": False,
    "required": ["events", "after"],
    "properties": {
        "events": {"type": "array", "items": {"$ref": "#/components/schemas/AnyEvent"}},
        "after": {"type": ["string", "null"]},
    },
}


def _body(name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


BODIES: Mapping[str, dict[str, Any]] = {
    "command": _body("CommandGiven"),
    "credential": _body("CredentialWanted"),
    "uploadAppend": {"required": True, "content": {"application/offset+octet-stream": {}}},
}
"""The bodies that say more than their routes do."""


def problem(outcome: Any) -> dict[str, Any]:
    """Return the schema of problems (RFC 9457), with the codes of the platform's own; lines may have more."""
    named = {name: {"type": "string"} for name in ("title", "detail_zh", "detail_en", "article", "trace_id")}
    codes = {"type": "string", "pattern": "^[a-z0-9_]+$", "examples": sorted(TITLES)}
    fields = {"type": {"type": "string", "format": "uri-reference"}, "status": {"type": "integer"}, "code": codes}
    properties = {**fields, **named, "outcome": outcome}
    required = [name for name in properties if name != "outcome"]
    about = "Why not, in both languages, with the article that it rests on (RFC 9457)."
    return {"type": "object", "description": about, "properties": properties, "required": required}


def example(code: str) -> dict[str, Any]:
    """Return a problem with a code as it is told where Chinese is preferred."""
    status, zh, en = TITLES[code]
    said = {"type": f"/problems/{code.replace('_', '-')}", "title": zh, "status": status, "code": code}
    return {**said, "detail_zh": zh, "detail_en": en, "article": PLATFORM_RULE, "trace_id": "0" * 16}
