"""The port of bidding over a database of its own, for what it hears and finds."""

import os
from pathlib import Path
from typing import Any

from services.bidding import views
from services.bidding.handlers import BiddingPort
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.tools import Tools
from shared.store.migrate import migrate


def port_of(data: Path, **given: Any) -> tuple[BiddingPort, Tools]:
    """Return the service's port over a database of its own."""
    wanted = [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.EVENTS, keys.vault("bidding")]
    keys.Keyring(data / "keys").make(wanted, os.urandom)
    (data / "db").mkdir()
    tools = Tools("bidding", Settings(data=data, **given))
    migrate(tools.database, views=views.metadata)
    return BiddingPort(tools), tools
