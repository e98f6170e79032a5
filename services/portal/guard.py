"""The guard around every route: security headers, a trace id, limits on what is asked, no fault told outside."""

from collections.abc import Callable
from traceback import extract_tb

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.caching import name_of
from services.portal.identity import CREDENTIAL
from services.portal.limits import Limits, Visit, address_of
from services.portal.problems import Problem, response_of
from services.portal.streaming import WIRE
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

READ_FIRST = frozenset({"/api/time"})
"""What must be read before anything can be signed: as cheap as to refuse it, and never refused."""

OPEN = (
    "/ledger/",
    "/api/ledger/policy",
    "/api/ledger/proof",
    "/api/keys",
    "/api/health",
    "/api/events",
    "/api/openapi",
)
"""What nobody needs a name for, so that none is looked at: counted by address, whatever name is given."""

SUBMITTING = ("/api/commands", "/api/uploads", "/api/outcomes/")
"""Where a pseudonym hands in and learns what became of it: let in to be verified, however many others are not."""

UPLOAD = "/api/uploads/"
"""Under it an address is its own key: `uploads`."""


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, random_bytes: Callable[[int], bytes], limits: Limits) -> None:
        self._app = app
        self._random_bytes = random_bytes
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request; what is not HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id, visit = self._random_bytes(8).hex(), _visit(scope)
        scope.setdefault("state", {}).update({"trace_id": trace_id, "visit": visit, WIRE: send})
        outgoing = _Outgoing(send, trace_id, visit)
        try:
            self._admit(scope, visit)
            await self._app(scope, receive, outgoing)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:
            problem = error if isinstance(error, Problem) else _fault(error, trace_id)
            if outgoing.started:
                raise
            language = Headers(scope=scope).get("accept-language", "")
            await response_of(problem, language, trace_id)(scope, receive, outgoing)
        finally:
            self._limits.leave(visit)

    def _admit(self, scope: Scope, visit: Visit) -> None:
        """Raise Problem for what is too much, before anything is done for it."""
        path, headers = scope["path"], Headers(scope=scope)
        if path in READ_FIRST or path.startswith(UPLOAD):
            return
        if not visit.name:
            self._limits.admit_unsigned(visit)
        elif CREDENTIAL not in headers or not path.startswith(SUBMITTING):
            self._limits.admit_claim(visit)


def _visit(scope: Scope) -> Visit:
    """Return what a request looks like before anything of it is believed."""
    unasked = (*OPEN, *READ_FIRST, UPLOAD)
    address = address_of((scope.get("client") or ("",))[0])
    return Visit(address, "" if scope["path"].startswith(unasked) else name_of(Headers(scope=scope)))


class _Outgoing:
    """The way out of one response."""

    def __init__(self, send: Send, trace_id: str, visit: Visit) -> None:
        self._send = send
        self._trace_id = trace_id
        self._visit = visit
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Trace-Id"] = self._trace_id
            if self._visit.standing is not None:
                headers.update(self._visit.standing.headers)
        await self._send(message)


def _fault(error: Exception, trace_id: str) -> Problem:
    """Log where a fault arose, and nothing that it holds; return what is told of it."""
    last = extract_tb(error.__traceback__)[-1]
    logger().error("portal_fault", kind=type(error).__name__, at=f"{last.filename}:{last.lineno}", trace_id=trace_id)
    return Problem("fault", "平台故障，已记录，请稍后重试", "a fault of the platform's, on record; try again later")
