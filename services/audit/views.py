"""What the audit answers: policy, checkpoints and proofs to everyone; streams to who may have them; findings."""

from collections.abc import Mapping
from typing import Any

from services.audit.asked import SUPERVISION, OfFindings, OfPosition, OfStreams, require_supervision
from services.audit.covering import PROMISE, covering
from services.audit.journals import records
from services.audit.replays import evidence, redecided, replayed
from services.audit.witnesses import Witness
from shared.kernel.canonical import digest, instant
from shared.kernel.errors import NotEntitled, NotYet
from shared.ledger.checkpoint import parse
from shared.ledger.keys import ED25519, Verifier
from shared.ledger.proof import Receipt
from shared.ledger.text import encode_base64
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.queries import PAGE, Answering, arguments, watchers_only
from shared.runtime.tools import Tools
from shared.store import ledger_checkpoints as checkpoints
from shared.store import ledger_intake as kept
from shared.store import ledger_read as ledger
from shared.store.database import Connection
from shared.store.ledger_intake import Found
from shared.store.ledger_read import Stored
from shared.store.ledger_tables import metadata as metadata  # noqa: PLC0414 - these are this service's tables


def policy(tools: Tools, _connection: Connection, _query: Query) -> dict[str, Any]:
    """Return this installation's trust policy (c2sp.org/tlog-policy): its log, its witnesses, how many are needed."""
    key = tools.keyring.public(keys.LEDGER).public_bytes_raw()
    witnesses = [Witness.of(text) for text in tools.settings.witnesses]
    lines = [f"log {Verifier(tools.settings.origin, ED25519, key).vkey}"]
    lines += [f"witness {one.name} {one.key.vkey} {one.url.removesuffix('/add-checkpoint')}" for one in witnesses]
    if witnesses:
        names = " ".join(one.name for one in witnesses)
        lines += [f"group witnesses {tools.settings.witnesses_needed} {names}", "quorum witnesses"]
    else:
        lines.append("quorum none")
    return {"policy": "".join(f"{line}\n" for line in lines)}


def checkpoint(tools: Tools, connection: Connection, _query: Query) -> dict[str, Any]:
    """Return the newest checkpoint, witnessed if any is: the note, what it says and who cosigned it."""
    best = checkpoints.newest_witnessed(connection, tools.settings.witnesses_needed)
    sealed = best or checkpoints.newest(connection)
    if sealed is None:
        raise NotYet("账本尚无检查点", "there is no checkpoint yet")
    head = parse(sealed.note)
    return {
        "checkpoint": sealed.note.decode(),
        "origin": head.origin,
        "size": head.size,
        "root": encode_base64(head.root),
        "witnesses": list(sealed.witnesses),
        "at": instant(sealed.at),
    }


def proof(tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the offline receipt 回执 of one record: its inclusion proof and checkpoint as one file.

    The leaf, which is public, goes along as `extra`.
    """
    asked = arguments(OfPosition, query)
    found = ledger.entry_at(connection, asked.service, asked.position)
    if found is None:
        raise NotYet("账本尚未收到该记录，请稍候", "the ledger has not received this record yet; ask again in a moment")
    index, entry = found
    sealed = covering(connection, index + 1, tools.clock.now(), needed=tools.settings.witnesses_needed)
    hashes = tuple(Stored(connection).prover().inclusion(index, sealed.size))
    receipt = Receipt(index, hashes, sealed.note, entry.leaf)
    return {"proof": receipt.encode().decode(), "witnesses": list(sealed.witnesses)}


def findings(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return a page of what broke a rule, oldest first; a gap that has been filled since is marked settled."""
    require_supervision(query)
    page = kept.findings(connection, arguments(OfFindings, query).after, PAGE)
    _, _, positions = ledger.head(connection)
    return {
        "findings": [_finding(found, positions) for found in page],
        "after": page[-1].number if len(page) == PAGE else None,
    }


def streams(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return each service's last position; or, to the platform alone, a page of one service's streams.

    Versions of streams count what is handed in before a deadline, and their names tell of drafts.
    """
    require_supervision(query)
    asked = arguments(OfStreams, query)
    if asked.service is None:
        return {"services": ledger.head(connection)[2]}
    if query.actor.role != "system":
        raise NotEntitled("各项目的名称和版次仅供平台自身使用", "streams and versions are for the platform itself")
    page = ledger.streams(connection, asked.service, asked.after, PAGE)
    listed = [{"stream": name, "version": version} for name, version in page]
    return {"streams": listed, "after": page[-1][0] if len(page) == PAGE else None}


def unwitnessed(tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return what too few witnesses have cosigned: how many entries, since when, of which journals from where on."""
    if query.actor.role not in SUPERVISION | {"operator"}:
        raise watchers_only()
    size, _, positions = ledger.head(connection)
    best = checkpoints.newest_witnessed(connection, tools.settings.witnesses_needed)
    covered = best.positions if best else {}
    first = checkpoints.oldest_from(connection, (best.size if best else 0) + 1)
    open_ = {name: [covered.get(name, 0) + 1, last] for name, last in positions.items() if last > covered.get(name, 0)}
    return {
        "size": size,
        "witnessed": best.size if best else 0,
        "since": None if first is None else instant(first.at),
        "overdue": first is not None and tools.clock.now() - first.at > PROMISE,
        "positions": open_,
    }


def _finding(found: Found, positions: Mapping[str, int]) -> dict[str, Any]:
    item = found.finding
    settled = item.code == "gap" and positions.get(item.service or "", 0) >= (item.last or 0)
    return {
        "number": found.number,
        "at": instant(found.at),
        "code": item.code,
        "zh": item.zh,
        "en": item.en,
        "service": item.service,
        "first": item.first,
        "last": item.last,
        "digest": digest(item.body) if item.body else None,
        "settled": settled,
    }


QUERIES: Mapping[str, Answering] = {
    "policy": policy,
    "checkpoint": checkpoint,
    "proof": proof,
    "evidence": evidence,
    "replay": replayed,
    "redecide": redecided,
    "findings": findings,
    "streams": streams,
    "unwitnessed": unwitnessed,
    "records": records,
}
