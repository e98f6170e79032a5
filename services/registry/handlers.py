"""What the registry's commands need besides themselves: facts from its tables, holders of tokens, and projection."""

import hmac
from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from services.registry import LINE, finding, library, private, proofs, relations, views
from services.registry.domain import expert_commands, law
from services.registry.domain.commands import (
    AddIdentifier,
    BindCertificate,
    BootstrapOperator,
    DeclarePersonInCharge,
    DiscloseCredentials,
    DiscloseIdentities,
    OpenAccount,
    OpenStaffAccount,
    PublishCalendar,
    RegisterParty,
)
from services.registry.domain.draws import PARTIES, PLATFORM
from services.registry.domain.expert_values import Anchor, attempt_id
from services.registry.domain.sanctions import sanctions
from services.registry.domain.state import Disclosure, Drawing, Facts
from services.registry.domain.values import Holder, Identity, disclosure_stream, identities_stream
from shared.kernel.message import Command, Event
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.platform import keys
from shared.procedure.draw import commit
from shared.runtime.tools import Tools
from shared.seal.credential import tender_key, token_of
from shared.seal.statement import Party
from shared.seal.wire import text
from shared.store import journal, work

TENDER_AWARDED = "bidding.tender_awarded.v1"
WITNESSED = "audit.checkpoint_witnessed"
RECEPTION_CLOSED = "bidding.reception_closed.v1"
KEYS_COLLECTED = "bidding.keys_collected.v1"
"""From this event on nobody can bid in the tender any more, and its tokens are disclosed."""

IDENTITIES_DUE = ".identities_due.v1"
"""How a line of lots says, after its own name, that a lot is over and its bidders may be named to the offices."""


class RegistryPort:
    """The registry's side of the handler."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def facts(self, connection: Any, arrival: Arrival, command: Command, state: Any) -> tuple[Facts, None]:
        """Return what the registry's own tables say that concerns the command; there are no secrets to use."""
        return self._found(connection, arrival, command, state), None

    def project(self, connection: Any, record: Record, event: Event, state: Any) -> None:
        """Bring the query tables up to an event."""
        del state
        views.project(connection, record, event)

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        """Return nothing: the registry hands out no receipts."""
        del record, event
        return ()

    def learn(self, connection: Any, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return the disclosure of a tender's tokens once its keys have been collected, of its experts once awarded."""
        if record.type == TENDER_AWARDED:
            for stream in library.draws_of(connection, record.stream):
                yield stream, {"type": "registry.announce_draw"}
        if record.type == RECEPTION_CLOSED:
            work.put(connection, relations.CLOSED, record.stream, record.data["closed_at"].encode())
        if record.type == f"{record.service}{IDENTITIES_DUE}":
            stream = identities_stream(record.service, record.stream)
            named = {"line": record.service, "lot": record.stream, "tokens": record.data["tokens"]}
            yield stream, {"type": "registry.disclose_identities", **named}
        if record.type == KEYS_COLLECTED:
            tokens = list(dict.fromkeys(bid["token"] for bid in record.data["bids"]))
            command = {"type": "registry.disclose_credentials", "tender": record.stream, "tokens": tokens}
            closed = work.get(connection, relations.CLOSED, record.stream)
            yield disclosure_stream(record.stream), command | ({"as_of": closed.decode()} if closed else {})

    def hear(self, connection: Any, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return the draws that a witnessed checkpoint covers: their parties may reveal for it."""
        needed = max(1, self._tools.settings.witnesses_needed)
        if key != WITNESSED or len(set(said["witnesses"])) < needed:
            return
        covered = int(said["heads"].get("registry", 0))
        root = b64decode(said["root"]).hex()  # as a checkpoint spells it; draws have hexadecimal
        seen = {"origin": said["origin"], "size": said["size"], "root": root, "cosignatures": said["witnesses"]}
        for stream, waiting in work.of_kind(connection, library.BINDING).items():
            position, _, attempt = waiting.decode().partition("|")
            if int(position) <= covered:
                work.put(connection, library.ANCHOR, stream, orjson.dumps(seen))
                yield stream, {"type": "registry.bind_draw", "attempt": attempt}

    def _found(self, connection: Any, arrival: Arrival, command: Command, state: Any) -> Facts:  # noqa: C901, PLR0911 - one table
        match command:
            case DiscloseCredentials():
                return Facts(disclosure=self._disclosure(connection, arrival, command))
            case DiscloseIdentities():
                return Facts(identities=self._identities(connection, command))
            case BootstrapOperator():
                return _of_key(connection, command)
            case OpenAccount() | OpenStaffAccount():
                return self._of_opening(connection, arrival, command)
            case RegisterParty(identifier=first, additional=more, region=region):
                taken = finding.taken(connection, (first, *more))
                return Facts(taken=taken, jurisdiction=region or arrival.actor.region or self._region)
            case PublishCalendar():
                return Facts(jurisdiction=self._region)
        if isinstance(command, expert_commands.EnrolExpert | expert_commands.RequestDraw):
            return self._of_library(connection, command)
        if isinstance(state, Drawing):
            return self._of_draw(connection, arrival, command, state)
        if arrival.stream.startswith("expert-"):
            enrolled = library.expert_region(connection, arrival.stream.removeprefix("expert-"))
            return Facts(jurisdiction=enrolled or self._region)
        if arrival.stream.startswith("party-"):
            return self._of_party(connection, arrival, command)
        return self._of_account(connection, arrival, command)

    def _of_party(self, connection: Any, arrival: Arrival, command: Command) -> Facts:
        """Return the facts of what is done to a party that is there."""
        more: dict[str, Any] = {"jurisdiction": finding.party_region(connection, arrival.stream, self._region)}
        match command:
            case AddIdentifier():
                more["taken"] = finding.taken(connection, (command.identifier,))
            case DeclarePersonInCharge():
                more["person_known"] = relations.can_be_in_charge(self._tools, connection, command.person)
        return Facts(**more, administers=finding.administers(connection, arrival.actor, arrival.stream))

    def _of_library(self, connection: Any, command: expert_commands.EnrolExpert | expert_commands.RequestDraw) -> Facts:
        if isinstance(command, expert_commands.EnrolExpert):
            has_account = library.has_account(connection, command.expert)
            return Facts(jurisdiction=command.qualification.region, expert_account=has_account)
        wanted = command.wanted
        found = library.considered(connection, wanted)
        commitment = self._commitment(attempt_id(wanted.draw, 1))
        return Facts(jurisdiction=wanted.region, considered=found, platform_commitment=commitment)

    def _of_draw(self, connection: Any, arrival: Arrival, command: Command, drawing: Drawing) -> Facts:
        """Return the facts of a draw under way: the platform's nonce for the last reveal alone, never before."""
        more: dict[str, Any] = {"jurisdiction": drawing.pooled.wanted.region}
        match command:
            case expert_commands.BindDraw():
                kept = work.get(connection, library.ANCHOR, arrival.stream)
                more["anchor"] = Anchor.model_validate_json(kept) if kept else None
            case expert_commands.RevealDraw() if len(drawing.reveals) + 2 == len(PARTIES):
                more["platform_nonce"] = self._nonce(drawing.pooled.draw).hex()
            case expert_commands.ExpireDraw():
                following = attempt_id(drawing.pooled.wanted.draw, drawing.pooled.attempt + 1)
                more["platform_commitment"] = self._commitment(following)
        return Facts(**more)

    def _commitment(self, attempt: str) -> str:
        return commit(PLATFORM, self._nonce(attempt), attempt).digest

    def _nonce(self, attempt: str) -> bytes:
        """Return the platform's nonce for an attempt, always the same: no row of it can be lost or read."""
        secret = self._tools.keyring.secret(keys.vault("registry"))
        return hmac.digest(secret, f"ggzy-draw-nonce/v1|{attempt}".encode(), "sha256")

    @property
    def _region(self) -> str:
        return self._tools.settings.region

    def _of_opening(self, connection: Any, arrival: Arrival, command: OpenAccount | OpenStaffAccount) -> Facts:
        """Return the facts of an account to be opened: an office's lies in its own region, another's in its party's."""
        region = command.region or arrival.actor.region
        if command.role not in law.OFFICES:
            region = finding.party_region(connection, command.party or "", self._region)
        found = _of_key(connection, command)
        party = finding.known_party(connection, command.party) if command.party else None
        more: dict[str, Any] = {"party": party, "jurisdiction": region or self._region}
        if isinstance(command, OpenStaffAccount):
            more["administers"] = finding.administers(connection, arrival.actor, command.party)
            kept = private.has(connection, private.PERSON, command.person)
            more["person_known"] = kept and not relations.used(connection, command.person)
        return found.model_copy(update=more)

    def _of_account(self, connection: Any, arrival: Arrival, command: Command) -> Facts:
        """Return the facts of what is done to an account that is there."""
        name = arrival.stream.removeprefix("account-")
        row = finding.account_row(connection, name)
        if row is None:
            return Facts(operators=finding.operators(connection))
        office = row["role"] in law.OFFICES and row["region"]
        place = row["region"] if office else finding.party_region(connection, row["party"] or "", self._region)
        more: dict[str, Any] = {
            "jurisdiction": place,
            "administers": finding.administers(connection, arrival.actor, row["party"]),
            "password_waiting": private.has(connection, private.PASSWORD_WAITING, name),
        }
        if isinstance(command, BindCertificate):
            at = arrival.received_at
            more["shown"] = proofs.examined(self._tools, connection, name, command.fingerprint, at)
            more["party"] = finding.known_party(connection, row["party"], codes=True) if row["party"] else None
        return _of_key(connection, command).model_copy(update=more)

    def _disclosure(self, connection: Any, arrival: Arrival, command: DiscloseCredentials) -> Disclosure:
        """Compute the token of every party and keep those asked for: no table says who holds which."""
        at = command.as_of or arrival.received_at
        web = relations.web(connection, at)
        marked = partial(relations.marked, self._tools, connection, command.tender, at)
        stood = partial(_sanctions, connection, at)
        key = tender_key(self._tools.keyring.secret(keys.TOKENS), command.tender)
        held = [
            (stream, Holder(token=token, **dict(party)))
            for stream, party, token in _held(connection, key, command.tokens)
        ]
        holders = tuple(
            holder.model_copy(
                update={**_keys(connection, stream), **web.around(stream), **marked(stream), **stood(stream)}
            )
            for stream, holder in held
        )
        return Disclosure(tender=command.tender, tender_key=text(key), holders=holders)

    def _identities(self, connection: Any, command: DiscloseIdentities) -> tuple[Identity, ...]:
        key = tender_key(self._tools.keyring.secret(keys.TOKENS), command.lot, command.line)
        held = _held(connection, key, command.tokens)
        return tuple(Identity(token=token, **dict(party)) for _, party, token in held)


def _held(connection: Any, key: bytes, tokens: Sequence[str]) -> Iterable[tuple[str, Party, str]]:
    """Yield the stream, the party and the token of each that holds one of these tokens."""
    asked = set(tokens)
    for stream, party in finding.parties_with_uscc(connection):
        token = token_of(key, party)
        if token in asked:
            yield stream, party, token


def _keys(connection: Any, stream: str) -> dict[str, Any]:
    """Return every key that a party's bidders have had, and which of them were reported lost, since when."""
    had = finding.bidder_keys(connection, stream)
    return {"account_keys": had, "revoked": finding.revoked_keys(connection, had)}


def _sanctions(connection: Any, at: datetime, stream: str) -> dict[str, Any]:
    """Return the sanctions that stood against a party at `at`, from its records: the tables have what stands now."""
    records = (written.record for written in journal.of_stream(connection, stream))
    return {"sanctions": sanctions(((record.received_at, LINE.event(record)) for record in records), at)}


def _of_key(connection: Any, command: Command) -> Facts:
    key = getattr(command, "public_key", None)
    used = key is not None and finding.key_owner(connection, key) is not None
    return Facts(operators=finding.operators(connection), key_used=used)
