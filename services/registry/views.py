"""The registry's query tables: what they hold of each event, what decisions read of them, and who is told what.

No table holds a token: who holds one is computed when it is asked for, and forgotten.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Connection, MetaData, RowMapping, String, Table, insert, select, tuple_, update

from services.registry.calendars import show_calendar, show_calendars
from services.registry.domain import events
from services.registry.domain.credential import Applicant, valid_until, vouch
from services.registry.domain.law import in_force
from services.registry.domain.rights import OFFICE, has_right_to_stream
from services.registry.domain.state import KnownParty
from services.registry.domain.values import AccountId, Suspension, TenderId
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.codes import USCC, PartyId
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Event, Message
from shared.kernel.record import Record
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.queries import PAGE, Answering, arguments, nothing_there
from shared.seal.credential import issue, tender_key, token_of
from shared.seal.statement import Party
from shared.seal.wire import Bytes32, text
from shared.store import calendars
from shared.store.tables import Number

if TYPE_CHECKING:
    from shared.runtime.handling import Tools

metadata = MetaData()

party = Table(
    "party",
    metadata,
    Column("stream", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("uscc", String, unique=True),
    Column("position", Number, nullable=False),
    Column("suspended_until", String),
    Column("reason", String),
    Column("article", String),
    comment="Parties as of `position`; the last three columns are the suspension that was not lifted, or null.",
)

identifier = Table(
    "identifier",
    metadata,
    Column("scheme", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("stream", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="The identifiers of parties; each belongs to one.",
)

account = Table(
    "account",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("region", String, nullable=False),
    Column("party", String, index=True),
    Column("public_key", String, nullable=False),
    Column("open", Boolean, nullable=False),
    comment="Accounts with the key that each signs with now.",
)

account_key = Table(
    "account_key",
    metadata,
    Column("public_key", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="Every key that any account has or had; none is ever used again.",
)


def project(connection: Connection, record: Record, event: Event, _state: object = None) -> None:
    """Bring the tables up to an event; what the state after it is does not matter here."""
    match event:
        case events.PartyRegistered():
            row = {"stream": record.stream, "kind": event.kind, "name": event.name, "position": record.position}
            connection.execute(insert(party).values(**row))
            _add_identifiers(connection, record, event.identifiers)
        case events.IdentifierAdded():
            _add_identifiers(connection, record, (event.identifier,))
        case events.PartySuspended():
            until = instant(event.until)
            _change_party(connection, record, suspended_until=until, reason=event.reason, article=event.article)
        case events.SuspensionLifted():
            _change_party(connection, record, suspended_until=None, reason=None, article=None)
        case events.AccountOpened():
            connection.execute(insert(account).values(open=True, **event.model_dump(exclude={"type"})))
            _add_key(connection, record, event)
        case events.KeyChanged():
            _change_account(connection, event.account, public_key=event.public_key)
            _add_key(connection, record, event)
        case events.AccountClosed():
            _change_account(connection, event.account, open=False)
        case events.CalendarPublished():
            calendars.keep(connection, event.body.encode(), event.revision)
        case _:
            pass  # disclosures and refusals are in the journal; no query needs a table of them


def operators(connection: Connection) -> int:
    """Return how many operator accounts are open."""
    query = select(account.c.account).where(account.c.role == "operator", account.c.open)
    return len(connection.execute(query).all())


def taken(connection: Connection, identifiers: Collection[PartyId]) -> tuple[PartyId, ...]:
    """Return those of the identifiers that a party has."""
    pairs = [(item.scheme, item.id) for item in identifiers]
    query = select(identifier.c.scheme, identifier.c.id)
    rows = connection.execute(query.where(tuple_(identifier.c.scheme, identifier.c.id).in_(pairs)))
    found = {(scheme, id_) for scheme, id_ in rows}
    return tuple(item for item in identifiers if (item.scheme, item.id) in found)


def key_used(connection: Connection, public_key: str) -> bool:
    """Return whether any account has or had this key."""
    query = select(account_key.c.account).where(account_key.c.public_key == public_key)
    return connection.execute(query).first() is not None


def known_party(connection: Connection, stream: str) -> KnownParty | None:
    """Return what a decision may know of a party, or None if there is none."""
    row = connection.execute(select(party.c.position, party.c.uscc).where(party.c.stream == stream)).first()
    if row is None:
        return None
    roles = _roles(connection, stream)
    return KnownParty(stream=stream, position=row.position, has_uscc=row.uscc is not None, roles=roles)


def parties_with_uscc(connection: Connection) -> list[tuple[str, Party]]:
    """Return every party that could hold a token, with its stream."""
    query = select(party.c.stream, party.c.uscc, party.c.name).where(party.c.uscc.is_not(None))
    rows = connection.execute(query.order_by(party.c.stream))
    return [(stream, Party(scheme=USCC, id=uscc, name=name)) for stream, uscc, name in rows]


def bidder_keys(connection: Connection, stream: str) -> tuple[str, ...]:
    """Return every key that the party's bidder accounts have had, oldest first."""
    query = select(account_key.c.public_key).join(account, account.c.account == account_key.c.account)
    own = query.where(account.c.party == stream, account.c.role == "bidder")
    return tuple(connection.execute(own.order_by(account_key.c.position)).scalars())


class OfAccount(Message):
    """Asks for one account."""

    id: AccountId


class OfPage(Message):
    """Asks for parties after a stream's name."""

    after: str = ""


class OfCredential(Message):
    """Asks for a credential in a tender for a one-time key (Ed25519)."""

    tender: TenderId
    public_key: Bytes32


def show_account(_tools: "Tools", connection: Connection, query: Query) -> Any:
    """Return an account as the door needs it; to the office and to the account itself."""
    name = arguments(OfAccount, query).id
    row = _account(connection, name)
    if row is None or (query.actor.role not in OFFICE and query.actor.account != name):
        raise nothing_there()
    shown = {name: row[name] for name in ("account", "role", "region", "party", "public_key", "open")}
    return {**shown, "suspended": in_force(_suspension(row), query.at)}


def show_party(_tools: "Tools", connection: Connection, query: Query) -> Any:
    """Return a party by an identifier; to the office and to the party's own accounts."""
    asked = arguments(PartyId, query)
    named = select(party).join(identifier, identifier.c.stream == party.c.stream)
    of_id = named.where(identifier.c.scheme == asked.scheme, identifier.c.id == asked.id)
    row = connection.execute(of_id).mappings().first()
    if row is None or (query.actor.role not in OFFICE and query.actor.party != row["stream"]):
        raise nothing_there()
    return _shown(connection, row)


def show_parties(_tools: "Tools", connection: Connection, query: Query) -> Any:
    """Return parties by the names of their streams, a page at a time; to the office. `next` goes on, or null."""
    if query.actor.role not in OFFICE:
        raise NotEntitled("仅限运营机构和监督部门", "for the operator and the supervisor only")
    later = select(party).where(party.c.stream > arguments(OfPage, query).after)
    rows = connection.execute(later.order_by(party.c.stream).limit(PAGE)).mappings().all()
    listed = [_shown(connection, row) for row in rows]
    return {"parties": listed, "next": rows[-1]["stream"] if len(rows) == PAGE else None}


def issue_credential(tools: "Tools", connection: Connection, query: Query) -> Any:
    """Return a signed credential for a one-time key. Nothing of it is written or logged, here or anywhere."""
    asked = arguments(OfCredential, query)
    row = _account(connection, query.actor.account)
    if row is None or not row["open"] or query.actor.role != "bidder":
        raise NotEntitled("没有开通的投标人账户", "no open account of a bidder")
    holder, facts = vouch(_applicant(connection, row), query.at)
    token = token_of(tender_key(tools.keyring.secret(keys.TOKENS), asked.tender), holder)
    credential = issue(
        text(tools.keyring.secret(keys.CREDENTIALS)),
        tender=asked.tender,
        token=token,
        public_key=asked.public_key,
        facts=facts,
        until=valid_until(query.at),
    )
    return credential.model_dump(mode="json")


def entitled(_tools: "Tools", _connection: Connection, query: Query, stream: str) -> bool:
    """Whether the asker is to have a whole stream."""
    return has_right_to_stream(query.actor, stream)


QUERIES: Mapping[str, Answering] = {
    "account": show_account,
    "party": show_party,
    "parties": show_parties,
    "issue_credential": issue_credential,
    "calendars": show_calendars,
    "calendar": show_calendar,
}


def _add_identifiers(connection: Connection, record: Record, added: Collection[PartyId]) -> None:
    where = {"stream": record.stream, "position": record.position}
    connection.execute(insert(identifier), [{**where, "scheme": item.scheme, "id": item.id} for item in added])
    for item in added:
        if item.scheme == USCC:
            _change_party(connection, record, uscc=item.id)


def _add_key(connection: Connection, record: Record, event: events.AccountOpened | events.KeyChanged) -> None:
    row = {"public_key": event.public_key, "account": event.account, "position": record.position}
    connection.execute(insert(account_key).values(**row))


def _change_party(connection: Connection, record: Record, **values: str | None) -> None:
    changed = update(party).where(party.c.stream == record.stream)
    connection.execute(changed.values(position=record.position, **values))


def _change_account(connection: Connection, name: str, **values: str | bool) -> None:
    connection.execute(update(account).where(account.c.account == name).values(**values))


def _account(connection: Connection, name: str) -> RowMapping | None:
    """Return an account's row with that of its party, if it has one."""
    columns = [column for column in party.columns if column.name not in account.columns]
    query = select(account, *columns).outerjoin(party, party.c.stream == account.c.party)
    return connection.execute(query.where(account.c.account == name)).mappings().first()


def _roles(connection: Connection, stream: str) -> tuple[Any, ...]:
    query = select(account.c.role).where(account.c.party == stream, account.c.open).distinct()
    return tuple(connection.execute(query.order_by(account.c.role)).scalars())


def _suspension(row: RowMapping) -> Suspension | None:
    if row["suspended_until"] is None:
        return None
    return Suspension(reason=row["reason"], article=row["article"], until=parse_instant(row["suspended_until"]))


def _applicant(connection: Connection, row: RowMapping) -> Applicant:
    uscc = row["uscc"]
    return Applicant(
        role=row["role"],
        region=row["region"],
        party=None if uscc is None else Party(scheme=USCC, id=uscc, name=row["name"]),
        suspension=_suspension(row),
        roles=_roles(connection, row["party"]) if row["party"] else (),
    )


def _shown(connection: Connection, row: RowMapping) -> dict[str, Any]:
    query = select(identifier.c.scheme, identifier.c.id).where(identifier.c.stream == row["stream"])
    listed = connection.execute(query.order_by(identifier.c.position, identifier.c.scheme))
    suspension = _suspension(row)
    return {
        **{name: row[name] for name in ("stream", "kind", "name")},
        "identifiers": [{"scheme": scheme, "id": id_} for scheme, id_ in listed],
        "suspension": None if suspension is None else suspension.model_dump(mode="json"),
    }
