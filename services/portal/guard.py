"""The guard around every route: security headers, a trace id, a limit on unsigned reading, no fault told outside."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from traceback import extract_tb

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.identity import ACCOUNT, CREDENTIAL
from services.portal.problems import Problem, response_of
from shared.platform.logs import logger

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set where a route has not set its own."""

PER_SECOND = 50.0
BURST = 300.0
REMEMBERED = 10_000


@dataclass(slots=True)
class Bucket:
    """What one address may still take, as of a moment (monotonic seconds)."""

    left: float
    at: float


class Buckets:
    """A token bucket for each address, the latest ten thousand."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether the address may have one more answer now."""
        now = self._seconds()
        bucket = self._buckets.setdefault(address, Bucket(BURST, now))
        self._buckets.move_to_end(address)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.left, bucket.at = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND), now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, random_bytes: Callable[[int], bytes]) -> None:
        self._app = app
        self._random_bytes = random_bytes
        self._buckets = Buckets(monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request; what is not HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = self._random_bytes(8).hex()
        scope.setdefault("state", {})["trace_id"] = trace_id
        outgoing = _Outgoing(send, trace_id)
        try:
            if not self._may_read(scope):
                zh, en = "请求过于频繁，请稍后再试", "too many requests; try again in a moment"
                raise Problem("too_many_requests", zh, en)  # noqa: TRY301 - answered below like any other
            await self._app(scope, receive, outgoing)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:
            problem = error if isinstance(error, Problem) else _fault(error, trace_id)
            if outgoing.started:
                raise
            language = Headers(scope=scope).get("accept-language", "")
            await response_of(problem, language, trace_id)(scope, receive, outgoing)

    def _may_read(self, scope: Scope) -> bool:
        """Whether this is not an unsigned GET too many; nothing that is signed and nothing that submits is counted."""
        headers = Headers(scope=scope)
        if scope["method"] not in {"GET", "HEAD"} or ACCOUNT in headers or CREDENTIAL in headers:
            return True
        return self._buckets.take((scope.get("client") or ("",))[0])


class _Outgoing:
    """The way out of one response."""

    def __init__(self, send: Send, trace_id: str) -> None:
        self._send = send
        self._trace_id = trace_id
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Trace-Id"] = self._trace_id
        await self._send(message)


def _fault(error: Exception, trace_id: str) -> Problem:
    """Log where a fault arose, and nothing that it holds; return what is told of it."""
    last = extract_tb(error.__traceback__)[-1]
    logger().error("portal_fault", kind=type(error).__name__, at=f"{last.filename}:{last.lineno}", trace_id=trace_id)
    return Problem("fault", "平台故障，已记录，请稍后重试", "a fault of the platform's, on record; try again later")
