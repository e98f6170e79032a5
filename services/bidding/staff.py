"""Who the registry says may not act: bidding's own copy, so that the door is not alone in knowing who was removed."""

from shared.kernel.record import Record
from shared.kernel.request import Actor
from shared.store import work
from shared.store.database import Connection

REMOVED = "account-that-may-not-act"
"""The kind of the work rows, by account. A name is never given again, so that a row stays."""


def learn(connection: Connection, record: Record) -> None:
    """Take in that an account is closed, or was opened for reading or administering alone."""
    match record.type.removeprefix("registry."):
        case "account_closed.v1":
            work.put(connection, REMOVED, record.data["account"])
        case "staff_account_opened.v1" if "act" not in record.data["rights"]:
            work.put(connection, REMOVED, record.data["account"])
        case _:
            pass


def is_removed(connection: Connection, actor: Actor) -> bool:
    """Whether an actor is an account that may not act, as far as the registry has told.

    Of a pseudonym the registry says at the opening what stood against its party's accounts.
    """
    return actor.role not in {"token", "system"} and work.get(connection, REMOVED, actor.account) is not None
