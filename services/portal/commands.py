"""Commands: what an actor asks for is kept before it is sent on, and answered with its outcome or told to fetch it."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from services.portal import trail
from services.portal.answers import json
from services.portal.clock import ClockWatch
from services.portal.counted import Counted, is_submission
from services.portal.desk import Desk, no_answer
from services.portal.identity import Asker
from services.portal.problems import Problem, problem_of
from services.portal.reading import COMMAND_LIMIT, read_body, read_json
from shared.kernel.canonical import NotCanonical, encode
from shared.kernel.errors import BadInput
from shared.kernel.line import Line
from shared.kernel.message import Identifier, Message
from shared.kernel.outcome import Outcome
from shared.kernel.request import Arrival
from shared.messaging.bus import BusFault, BusTimeout
from shared.store.database import is_fault

WAIT = timedelta(seconds=10)
"""How long an answer is waited for."""

KEEP_SECONDS = 20.0
"""How long the arrival row may take; what takes longer may still be kept, and the same id may be sent again."""

UNSETTLED = frozenset({"not_yet", "quarantined"})
"""Refusals that are no outcome: a command that is kept is tried again."""

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Asked(Message):
    """The body of a command: the procedure that it is about, and what is asked."""

    procedure: Identifier
    command: dict[str, Any]


def routes(desk: Desk, identity: Counted, watch: ClockWatch) -> APIRouter:
    """Return the route of commands."""
    router = APIRouter()
    schema = {"requestBody": {"content": {"application/json": {"schema": Asked.model_json_schema()}}}}

    @router.post("/api/commands", openapi_extra=schema)
    async def give(request: Request) -> Response:
        """Give a command, once under each Idempotency-Key."""
        id_ = command_id(request)
        body = await read_body(request, COMMAND_LIMIT)
        asked = read_json(body, Asked)
        asker = await identity.signed(request, body, asked.procedure)
        line = check(desk, asked)
        if not is_submission(line, asked.command["type"], asker.actor):
            identity.count(request, asker.actor)
        made = {**unsent(id_, asked, asker), "origin": trail.of(desk.vault, request)}
        if asked.command["type"] in line.arriving:
            watch.require_right()
            kept = await keep(desk, line, made)
            return await answer_kept(desk, line, kept)
        return await answer_once(desk, line, made)

    return router


def command_id(request: Request) -> str:
    """Return the client's id of its command. Raise Problem without a good one.

    The draft writes it as a quoted string (RFC 9651, section 3.3.3); the bare id is taken as the same.
    """
    id_ = request.headers.get("idempotency-key", "")
    if id_[:1] == id_[-1:] == '"':
        id_ = id_[1:-1]
    if not _KEY.fullmatch(id_):
        zh = "请在 Idempotency-Key 中给出指令编号（1 至 64 位字母、数字、_、-）"
        raise Problem("no_idempotency_key", zh, "give the command's id in Idempotency-Key: 1 to 64 of A-Za-z0-9_-")
    return id_


def check(desk: Desk, asked: Asked) -> Line:
    """Return the line of a command that it can read. Raise BadInput, before anything is kept."""
    kind = asked.command.get("type")
    line = desk.lines.get(str(kind).partition(".")[0])
    if line is None:
        raise BadInput("没有这种指令，请检查 type", "there is no such command: see its type")
    try:
        encode(asked.command)
    except NotCanonical as error:
        raise BadInput(f"内容超出规范格式：{error.zh}", f"outside the canonical profile: {error}") from error
    line.command(asked.command)
    return line


def unsent(id_: str, asked: Asked, asker: Asker) -> dict[str, Any]:
    """Return the fields of an arrival, all but when it arrived."""
    return {
        "id": id_,
        "stream": asked.procedure,
        "actor": asker.actor,
        "evidence": asker.evidence,
        "command": asked.command,
    }


async def keep(desk: Desk, line: Line, made: dict[str, Any]) -> Arrival:
    """Commit the arrival row and return the arrival as it is kept, with its first time. Raise Problem if it is not."""

    def sign(at: datetime) -> Arrival:
        return Arrival(received_at=at, **made)

    try:
        async with asyncio.timeout(KEEP_SECONDS):
            return await desk.keeping.keep(line.name, made["stream"], sign)
    except Exception as error:
        if not isinstance(error, TimeoutError) and not is_fault(error):
            raise
        zh, en = "未能确认收存，请以同一指令编号重新提交", "not known to be kept: send it again under the same id"
        raise Problem("no_answer", zh, en) from error


async def send(desk: Desk, line: str, arrival: Arrival, until: datetime) -> Outcome | None:
    """Send a command and return its outcome, or None for a fault of the service's. Raise BusTimeout."""
    try:
        result = await desk.bus.call(line, "command", desk.door.command(arrival), until)
    except BusFault:
        return None
    return Outcome.model_validate_json(orjson.dumps(result["outcome"])) if "outcome" in result else None


async def answer_kept(desk: Desk, line: Line, arrival: Arrival) -> Response:
    """Answer a command that is kept: its outcome, or 202 for it to be fetched when there is one."""
    key = arrival.actor.account, arrival.id
    desk.waited_for.add(key)
    try:
        outcome = await send(desk, line.name, arrival, desk.clock.now() + WAIT)
    except BusTimeout:
        outcome = None
    finally:
        desk.waited_for.discard(key)
    if outcome is None or unsettled(outcome):
        return json({"id": arrival.id}, 202)
    return told(outcome)


async def answer_once(desk: Desk, line: Line, made: dict[str, Any]) -> Response:
    """Answer a command that is not kept and expires with the wait for its answer."""
    now = desk.clock.now()
    arrival = Arrival(received_at=now, until=now + WAIT, **made)
    try:
        outcome = await send(desk, line.name, arrival, now + WAIT)
    except BusTimeout as error:
        raise no_answer() from error
    if outcome is None:
        raise Problem(
            "fault", "平台故障，请以同一指令编号重试", "a fault of the platform's: try again under the same id"
        )
    return told(outcome)


def unsettled(outcome: Outcome) -> bool:
    """Whether a refusal is none for good, so that the same command may have another answer later."""
    return outcome.refusal is not None and outcome.refusal.code in UNSETTLED


def told(outcome: Outcome) -> Response:
    """Return the response that tells an outcome. Raise the Problem of a refusal, with the outcome in it."""
    body = outcome.model_dump(mode="json")
    if outcome.refusal is not None:
        raise problem_of(outcome.refusal, outcome=body)
    return json(body)
