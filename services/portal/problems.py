"""Problems (RFC 9457): every refusal and every fault of the door, in both languages, with nothing internal in it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.kernel.errors import PLATFORM_RULE, Refusal
from shared.kernel.outcome import RefusalText, told
from shared.kernel.wrong_fields import wrong

TITLES: Mapping[str, tuple[int, str, str]] = {
    "malformed": (400, "请求格式错误", "Malformed request"),
    "no_idempotency_key": (400, "缺少指令编号", "No idempotency key"),
    "not_authentic": (401, "未能确认身份", "Not authentic"),
    "request_too_old": (401, "请求签名已过时", "Signed too long ago"),
    "not_entitled": (403, "无权进行此操作", "Not entitled"),
    "not_found": (404, "未找到", "Not found"),
    "method_not_allowed": (405, "不支持此方法", "Method not allowed"),
    "too_slow": (408, "请求内容传输超时", "Too slow"),
    "out_of_phase": (409, "当前阶段不能进行此操作", "Not in this phase"),
    "breaks_clause": (409, "不符合规定", "Breaks a clause"),
    "not_yet": (409, "须稍后再试", "Not yet"),
    "quarantined": (409, "记录异常，已隔离", "Quarantined"),
    "wrong_offset": (409, "续传位置不符", "Wrong offset"),
    "tus_version": (412, "不支持的上传协议版本", "Upload protocol version not supported"),
    "too_large": (413, "内容过大", "Too large"),
    "unsupported_media_type": (415, "不支持的内容类型", "Unsupported media type"),
    "no_such_range": (416, "没有这一段", "No such range"),
    "bad_input": (422, "输入有误", "Bad input"),
    "command_id_reused": (422, "指令编号已用于其他内容", "Command id used before"),
    "wrong_digest": (422, "文件摘要不符", "Wrong digest"),
    "upload_busy": (423, "该上传正在写入", "Upload busy"),
    "too_many_requests": (429, "请求过于频繁", "Too many requests"),
    "fault": (500, "平台故障", "Fault of the platform"),
    "no_answer": (503, "暂无应答", "No answer"),
    "clock_off": (503, "时钟偏差过大", "Clock off"),
    "too_many_watchers": (503, "实时查看人数已满", "Too many watchers"),
}
"""Status and titles by code. A code that is not here is a refusal of a line's own: 409."""

SCHEME = 'GgzySignature version="ggzy-request/v1"'
"""How a request is signed (RFC 9110, section 11.6.1): see `identity`."""

OTHER = (409, "请求未获准许", "Refused")
RETRIED = frozenset({408, 423, 429, 503})
HTTP_CODES = {401: "not_authentic", 403: "not_entitled", 404: "not_found", 405: "method_not_allowed"}


class Problem(Exception):
    """An answer that is a problem. `more` are further members of its body, `headers` of its response."""

    def __init__(
        self,
        code: str,
        zh: str,
        en: str,
        *,
        article: str = PLATFORM_RULE,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.zh = zh
        self.en = en
        self.article = article
        self.more = more or {}
        self.headers = headers or {}


def problem_of(refusal: RefusalText | Refusal, **more: Any) -> Problem:
    """Return the problem that tells of a refusal."""
    text = told(refusal) if isinstance(refusal, Refusal) else refusal
    return Problem(text.code, text.zh, text.en, article=text.article, more=more)


def response_of(problem: Problem, accept_language: str, trace_id: str) -> Response:
    """Return the response that states a problem; its title is in the language that is preferred."""
    status, zh, en = TITLES.get(problem.code, OTHER)
    body = {
        "type": f"/problems/{problem.code.replace('_', '-')}",
        "title": en if prefers_english(accept_language) else zh,
        "status": status,
        "code": problem.code,
        "detail_zh": problem.zh,
        "detail_en": problem.en,
        "article": problem.article,
        "trace_id": trace_id,
        **problem.more,
    }
    headers = {**({"Retry-After": "2"} if status in RETRIED else {}), **problem.headers}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = SCHEME
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def prefers_english(accept_language: str) -> bool:
    """Whether English stands before Chinese in an Accept-Language header; without one, Chinese is first."""
    weights = {"zh": 0.0, "en": 0.0}
    for item in accept_language.lower().split(","):
        tag, _, parameter = item.strip().partition(";")
        language = tag.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(parameter))
    return weights["en"] > weights["zh"]


def _weight(parameter: str) -> float:
    """Return the weight of a language range, `q=0.8` (RFC 9110, section 12.4.2)."""
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0


def install(app: FastAPI) -> None:
    """Let the application answer with problems, whoever raised them."""

    def answer(request: Request, problem: Problem) -> Response:
        return response_of(problem, request.headers.get("accept-language", ""), request.scope["state"]["trace_id"])

    async def on_problem(request: Request, error: Any) -> Response:
        return answer(request, error)

    async def on_refusal(request: Request, error: Any) -> Response:
        return answer(request, problem_of(error))

    async def on_invalid(request: Request, error: Any) -> Response:
        # the first of a place says only in which part of the request it is
        faults: Any = [{**fault, "loc": fault["loc"][1:]} for fault in error.errors()]
        return answer(request, problem_of(wrong(faults)))

    async def on_http(request: Request, error: Any) -> Response:
        code = HTTP_CODES.get(error.status_code, "malformed")
        return answer(request, Problem(code, TITLES[code][1], TITLES[code][2], headers=error.headers))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
