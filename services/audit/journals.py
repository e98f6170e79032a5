"""The query by which a service that lost records of its journal is given them again, each with its proof."""

from typing import Any

from services.audit.asked import OfJournal
from services.audit.covering import covering
from services.audit.replays import shown
from shared.kernel.errors import NotEntitled
from shared.platform.door import Query
from shared.runtime.queries import PAGE, arguments
from shared.runtime.tools import Tools
from shared.store import ledger_read as ledger
from shared.store.database import Connection
from shared.store.ledger_read import Stored


def records(tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return a page of a service's records from a position on, under one checkpoint; to the platform alone.

    `heads` are the last positions of all services. Where the service has no more records there is no checkpoint.
    """
    if query.actor.role != "system":
        raise NotEntitled("仅限平台自身", "for the platform itself only")  # rows of all streams, of sealed phases too
    asked = arguments(OfJournal, query)
    _, _, heads = ledger.head(connection)
    found = ledger.of_service(connection, asked.service, asked.first, PAGE)
    if not found:
        return {"heads": heads, "checkpoint": None, "records": []}
    size = max(index for index, _ in found) + 1
    sealed = covering(connection, size, tools.clock.now(), needed=tools.settings.witnesses_needed)
    prover = Stored(connection).prover()
    listed = [shown(*item, prover.inclusion(item[0], sealed.size)) for item in found]
    return {"heads": heads, "checkpoint": sealed.note.decode(), "records": listed}
