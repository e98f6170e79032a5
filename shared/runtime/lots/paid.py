"""Which lot of a line each payment of a deposit was recorded for: one payment is for one lot (L10)."""

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select


def make_table(metadata: MetaData) -> Table:
    """Return the query table of payments, by the digest of each one's reference."""
    return Table(
        "payment",
        metadata,
        Column("payment", String, primary_key=True),
        Column("stream", String, nullable=False),
        comment="The lot that each payment of a deposit was recorded for first; rebuilt from the journal.",
    )


def keep(connection: Connection, table: Table, payment: str, stream: str) -> None:
    """Keep that a payment was recorded for a lot, unless it was for one before."""
    if _lot_of(connection, table, payment) is None:
        connection.execute(insert(table).values(payment=payment, stream=stream))


def another(connection: Connection, table: Table, payment: str, stream: str) -> str | None:
    """Return the other lot that a payment is recorded for; None where there is none."""
    found = _lot_of(connection, table, payment)
    return None if found == stream else found


def _lot_of(connection: Connection, table: Table, payment: str) -> str | None:
    return connection.execute(select(table.c.stream).where(table.c.payment == payment)).scalar()
