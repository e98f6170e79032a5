"""The queries about accounts: what one is, which staff a party has, and credentials for its bids."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from services.registry.domain.credential import Applicant, valid_until, vouch
from services.registry.domain.law import in_force
from services.registry.domain.rights import OFFICE
from services.registry.domain.values import AccountId, TenderId
from services.registry.finding import account_row, administers, listings, rights_of, roles_of, suspension_of
from services.registry.relations import tied_to_operator
from services.registry.tables import account, staff
from shared.kernel.codes import USCC
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Identifier, Message
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.seal.credential import issue, tender_key, token_of
from shared.seal.statement import Party
from shared.seal.wire import Bytes32, text


class OfAccount(Message):
    """Asks for one account."""

    id: AccountId


class OfStaff(Message):
    """Asks for the accounts of a party."""

    party: Identifier


class OfCredential(Message):
    """Asks for a credential in a tender, or in a lot of a `line`, for a one-time key (Ed25519)."""

    tender: TenderId
    public_key: Bytes32
    line: Identifier | None = None


def show_account(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return an account as the door needs it; to the office and to the account itself."""
    name = arguments(OfAccount, query).id
    row = account_row(connection, name)
    if row is None or (query.actor.role not in OFFICE and query.actor.account != name):
        raise nothing_there()
    shown = {name: row[name] for name in ("account", "role", "region", "party", "public_key", "open")}
    rights = list(rights_of(connection, name))
    return {**shown, "rights": rights, "suspended": in_force(suspension_of(row), query.at)}


def show_staff(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a party's accounts, closed too, with each person's digest; to the office and its administrators."""
    stream = arguments(OfStaff, query).party
    if query.actor.role not in OFFICE and not administers(connection, query.actor, stream):
        raise nothing_there()
    columns = account.c.account, account.c.role, account.c.region, account.c.open, staff.c.person
    joined = select(*columns).outerjoin(staff, staff.c.account == account.c.account)
    rows = connection.execute(joined.where(account.c.party == stream).order_by(account.c.account)).mappings()
    names = ("account", "role", "region", "open", "person")
    listed = [{name: row[name] for name in names} for row in rows.all()]
    return {"staff": [{**item, "rights": list(rights_of(connection, item["account"]))} for item in listed]}


def issue_credential(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a signed credential for a one-time key. Nothing of it is written or logged, here or anywhere."""
    asked = arguments(OfCredential, query)
    row = account_row(connection, query.actor.account)
    if row is None or not row["open"] or query.actor.role != "bidder":
        raise NotEntitled("没有开通的投标人账户", "no open account of a bidder")
    tied = bool(row["party"]) and tied_to_operator(tools, connection, row["party"], query.at)
    holder, facts = vouch(_applicant(connection, row, of_operator=tied), query.at)
    token = token_of(tender_key(tools.keyring.secret(keys.TOKENS), asked.tender, asked.line or ""), holder)
    credential = issue(
        text(tools.keyring.secret(keys.CREDENTIALS)),
        tender=asked.tender,
        token=token,
        public_key=asked.public_key,
        facts=facts,
        until=valid_until(query.at),
    )
    return credential.model_dump(mode="json")


def _applicant(connection: Connection, row: RowMapping, *, of_operator: bool) -> Applicant:
    uscc = row["uscc"]
    return Applicant(
        role=row["role"],
        region=row["region"],
        party=None if uscc is None else Party(scheme=USCC, id=uscc, name=row["name"]),
        suspension=suspension_of(row),
        roles=roles_of(connection, row["party"]) if row["party"] else (),
        listings=listings(connection, row["party"]) if row["party"] else (),
        rights=rights_of(connection, row["account"]),
        of_operator=of_operator,
    )
