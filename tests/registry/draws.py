"""Steps of a draw of experts: what each party gives, and what is seen of it then."""

from base64 import b64encode
from typing import Any

import orjson

from services.registry.domain.expert_commands import CommitDraw, RevealDraw
from services.registry.domain.expert_values import draw_stream, expert_stream
from shared.kernel.message import Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import write
from shared.kernel.request import SYSTEM, Actor
from shared.procedure.drawn import DrawFile
from shared.runtime.calls import Told
from tests.registry.library import AGENCY, digest, enrol, nonce, request
from tests.registry.office import Office
from tests.registry.world import AT, SUPERVISOR, key, open_account

PUBLIC = Actor(account="public", role="public")
STREAM = draw_stream("D1")


def experts(office: Office, count: int = 10, **changes: Any) -> None:
    for number in range(1, count + 1):
        account = open_account(f"e{number:02}", role="expert", party=None, public_key=key(300 + number))
        assert not refused(office.give(account))
        assert not refused(office.give(enrol(number, **changes), stream=expert_stream(f"e{number:02}")))


def refused(outcome: Outcome) -> str:
    return outcome.refusal.code if outcome.refusal else ""


def commit_as(office: Office, actor: Actor, attempt: str = "D1-1") -> Outcome:
    return office.give(CommitDraw(attempt=attempt, digest=digest(actor.role, attempt)), actor, stream=STREAM)


def reveal_as(office: Office, actor: Actor, attempt: str = "D1-1", of: str = "") -> Outcome:
    shown = nonce(of or actor.role).hex()
    return office.give(RevealDraw(attempt=attempt, nonce=shown), actor, stream=STREAM)


def witnessed(office: Office, position: int = 1000) -> None:
    said = {
        "origin": "ledger",
        "size": 9,
        "root": b64encode(bytes.fromhex("ab" * 32)).decode(),
        "witnesses": ["w1", "w2"],
        "heads": {"registry": position},
    }
    key_ = "audit.checkpoint_witnessed"
    office.handled.learn([Told(key_, {"kind": "said"}, orjson.dumps(said))])


class Awarded(Event):
    """As much of bidding's event as the registry reads."""

    type: str = "bidding.tender_awarded.v1"


def awarded(office: Office) -> None:
    record = write(
        service="bidding", position=9, stream="T1", version=9, id="e9", event=Awarded(), at=AT, received_at=AT,
        actor=SYSTEM, command_id="c", command_digest="0" * 64, cause=None, rulebook=None, salt=b"s" * 32,
    )  # fmt: skip
    office.handled.learn([Told(record.type, {"kind": "record"}, record.raw)])


def drawn(office: Office) -> None:
    """Bring a draw to its result."""
    experts(office)
    give_draw(office)


def give_draw(office: Office) -> None:
    """Ask for the draw and bring it to its result."""
    assert not refused(office.give(request(), AGENCY, stream=STREAM))
    for actor in (AGENCY, SUPERVISOR):
        assert not refused(commit_as(office, actor))
    witnessed(office)
    for actor in (AGENCY, SUPERVISOR):
        assert not refused(reveal_as(office, actor))


def file_of(office: Office, actor: Actor = SUPERVISOR) -> DrawFile:
    return DrawFile.model_validate_json(orjson.dumps(office.ask("draw_file", actor, draw="D1")["answer"]))


def stage(office: Office) -> Any:
    shown = office.ask("draw", AGENCY, draw="D1")["answer"]
    return shown["attempt"], shown["stage"], shown["missing"]
