"""What each route answers, as the API's description states it: shapes, problems, who may ask, headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.portal import evidence, shapes
from shared.kernel.outcome import Outcome
from shared.procedure.drawn import DrawFile
from shared.seal.credential import Credential

Asking = Literal["open", "anyone", "signed", "key"]
"""By whom: by nobody in particular; by anyone, told by its role; by who signs; by who knows the address."""

JSON, TEXT, BYTES = "application/json", "text/plain", "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one route answers: `problems` are codes besides those that every route of its kind has."""

    id: str
    tag: str
    by: Asking = "anyone"
    shape: Any = None
    media: tuple[str, ...] = (JSON,)
    status: int = 200
    problems: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    also: Mapping[int, Any] = field(default_factory=dict)


HISTORY = "HistoryPage"
"""The shape that is made of every line's events."""

COMMAND = "CommandGiven"
"""The shape of a command, made of every line's commands."""

CREDENTIAL = "CredentialWanted"

MISSING = ("not_found",)
REFUSALS = ("out_of_phase", "breaks_clause", "not_yet", "quarantined", "not_entitled", "command_id_reused")
ENTERING = ("malformed", "too_large", "too_slow")
TUS = ("Tus-Resumable",)
STANDS = ("Upload-Offset", "Upload-Expires", *TUS)
PLACED = (*TUS, "Location", "Upload-Offset", "Upload-Expires")
UPLOAD = ("tus_version", "malformed")

_OF = "/api/procedures/{id}"

ROUTES: Mapping[str, Told] = {
    "GET /api/time": Told(id="time", tag="platform", by="open", shape=shapes.Time),
    "GET /api/keys": Told(id="keys", tag="platform", by="open", shape=dict[str, str]),
    "GET /api/health": Told(
        id="health", tag="platform", by="open", shape=shapes.Health, also={503: shapes.Health}
    ),
    "POST /api/commands": Told(
        id="command", tag="commands", by="signed", shape=Outcome, also={202: shapes.Kept}, asks=("Idempotency-Key",),
        problems=(
            *REFUSALS, "no_idempotency_key", "malformed", "not_found", "too_large", "too_slow", "clock_off", "fault",
        ),
    ),
    "GET /api/outcomes/{id}": Told(id="outcome", tag="commands", by="signed", shape=Outcome, problems=MISSING),
    "POST /api/credentials": Told(
        id="credential", tag="parties", by="signed", shape=Credential,
        problems=("malformed", "too_large", "too_slow", "not_entitled", "breaks_clause", "not_found", "not_yet"),
    ),
    "GET /api/accounts/{id}": Told(
        id="account", tag="parties", by="signed", shape=shapes.Account, problems=(*MISSING, "not_entitled"),
    ),
    "GET /api/parties": Told(
        id="parties", tag="parties", by="signed", shape=shapes.Parties, problems=("not_entitled",), tells=("Link",),
    ),
    "GET /api/parties/{scheme}/{id}": Told(
        id="party", tag="parties", by="signed", shape=shapes.Party, problems=MISSING
    ),
    "GET /api/parties/{party}/staff": Told(
        id="staff", tag="parties", by="signed", shape=shapes.Staff, problems=MISSING
    ),
    "GET /api/parties/{party}/relations": Told(
        id="relations", tag="parties", by="signed", shape=shapes.Relations, problems=MISSING
    ),
    "GET /api/blacklist": Told(
        id="blacklist", tag="parties", shape=shapes.Blacklist, tells=("Link",)
    ),
    "POST /api/login/challenge": Told(
        id="challenge", tag="login", by="open", shape=shapes.Challenge, problems=ENTERING
    ),
    "POST /api/login/certificate": Told(
        id="loginByCertificate", tag="login", by="open", shape=shapes.Session, problems=(*ENTERING, "not_authentic"),
    ),
    "POST /api/login/password": Told(
        id="loginByPassword", tag="login", by="open", shape=shapes.Session, problems=(*ENTERING, "not_authentic"),
    ),
    "POST /api/logout": Told(id="logout", tag="login", by="signed", shape=shapes.Document),
    "POST /api/passwords": Told(
        id="passwordKept", tag="login", by="signed", shape=shapes.Left, problems=(*ENTERING, *MISSING)
    ),
    "POST /api/certificates": Told(
        id="certificateKept", tag="login", by="signed", shape=shapes.Fingerprint, problems=(*ENTERING, *MISSING)
    ),
    "POST /api/people": Told(
        id="personKept", tag="parties", by="signed", shape=shapes.PersonKept, problems=(*ENTERING, "not_entitled"),
    ),
    "GET /api/people/{person}": Told(
        id="person", tag="parties", by="signed", shape=shapes.Person, problems=MISSING
    ),
    "GET /api/experts": Told(
        id="experts", tag="experts", by="signed", shape=shapes.Experts, problems=("not_entitled",), tells=("Link",),
    ),
    "GET /api/draws/{draw}": Told(id="draw", tag="experts", shape=shapes.Draw, problems=MISSING),
    "GET /api/draws/{draw}/file": Told(id="drawFile", tag="experts", shape=DrawFile, problems=MISSING),
    "GET /api/calendars": Told(id="calendars", tag="law", shape=shapes.Years),
    "GET /api/calendars/{year}": Told(id="calendar", tag="law", shape=shapes.WholeYear, problems=MISSING),
    "GET /api/procedures": Told(
        id="procedures", tag="procedures", shape=shapes.Procedures, problems=MISSING, tells=("Link",)
    ),
    f"GET {_OF}": Told(id="procedure", tag="procedures", shape=shapes.Procedure, problems=MISSING),
    f"GET {_OF}/history": Told(id="history", tag="procedures", shape=HISTORY, problems=MISSING, tells=("Link",)),
    f"GET {_OF}/opening": Told(id="opening", tag="procedures", shape=shapes.Procedure, problems=MISSING),
    f"GET {_OF}/envelopes": Told(
        id="envelopes", tag="procedures", shape=shapes.Envelopes, problems=(*MISSING, "not_entitled")
    ),
    f"GET {_OF}/rulebook": Told(id="rulebook", tag="procedures", shape=shapes.Rulebook, problems=MISSING),
    f"GET {_OF}/alarms": Told(
        id="alarms", tag="procedures", shape=shapes.Alarms, problems=(*MISSING, "not_entitled")
    ),
    f"GET {_OF}/live": Told(
        id="live", tag="live", media=("text/event-stream",), problems=(*MISSING, "too_many_watchers"),
    ),
    f"GET {_OF}/replay": Told(
        id="replay", tag="evidence", by="signed", shape=evidence.Replay,
        problems=(*MISSING, "not_entitled", "quarantined", "not_yet"),
    ),
    f"GET {_OF}/redecide": Told(
        id="redecide", tag="evidence", by="signed", shape=evidence.Redecided,
        problems=(*MISSING, "not_entitled", "quarantined", "not_yet"),
    ),
    f"GET {_OF}/trail": Told(
        id="trail", tag="evidence", by="signed", shape=evidence.Trail,
        problems=(*MISSING, "not_entitled", "quarantined", "no_answer"),
    ),
    f"GET {_OF}/bundle": Told(
        id="bundle", tag="evidence", media=("application/zip",),
        problems=(*MISSING, "not_entitled", "quarantined", "not_yet"), tells=("Content-Disposition",),
    ),
    "GET /api/blobs/{sha256}": Told(
        id="blob", tag="files", media=(BYTES,), problems=(*MISSING, "no_such_range"), asks=("Range",),
        tells=("Content-Disposition",),
    ),
    "OPTIONS /api/uploads": Told(
        id="uploadOffer", tag="files", by="open", media=(), status=204,
        tells=(*TUS, "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    ),
    "POST /api/uploads": Told(
        id="uploadBegin", tag="files", by="signed", media=(), status=201, problems=(*UPLOAD, "too_large"),
        asks=(*TUS, "Upload-Length", "Upload-Metadata"), tells=PLACED,
    ),
    "HEAD /api/uploads/{id}": Told(
        id="uploadLook", tag="files", by="key", media=(), problems=(*UPLOAD, *MISSING), asks=TUS,
        tells=(*STANDS, "Upload-Length"),
    ),
    "PATCH /api/uploads/{id}": Told(
        id="uploadAppend", tag="files", by="key", media=(), status=204, asks=(*TUS, "Upload-Offset"), tells=STANDS,
        problems=(
            *UPLOAD, *MISSING, "unsupported_media_type", "wrong_offset", "too_large", "upload_busy", "wrong_digest",
        ),
    ),
    "GET /api/events": Told(
        id="events", tag="live", by="open", media=("text/event-stream",), problems=("too_many_watchers",),
    ),
    "GET /api/ledger/policy": Told(id="policy", tag="evidence", by="open", media=(TEXT,)),
    "GET /api/ledger/proof": Told(
        id="proof", tag="evidence", by="open", media=(TEXT,), problems=(*MISSING, "not_yet")
    ),
    "GET /api/ledger/findings": Told(
        id="findings", tag="evidence", by="signed", shape=evidence.Findings, problems=("not_entitled",),
        tells=("Link",),
    ),
    "GET /api/ledger/unwitnessed": Told(
        id="unwitnessed", tag="evidence", by="signed", shape=evidence.Unwitnessed, problems=("not_entitled",),
    ),
    "GET /ledger/{path}": Told(
        id="ledgerFile", tag="evidence", by="open", media=(BYTES, TEXT), asks=("Range",),
        problems=(*MISSING, "no_such_range"),
    ),
}  # fmt: skip
"""Every route by method and path; one that is not here is described without its answer, and fails the tests."""
