"""A door, a wallet and someone who asks, for the tests of commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.client import Client
from cli.command import Here
from cli.wallet import Wallet
from tests.cli.door import Door, opened


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as made:
        yield made


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    return Wallet(tmp_path / "home")


@pytest.fixture
def here(door: Door, wallet: Wallet) -> Iterator[Here]:
    """Give a bidder's own machine; its client does not really wait."""
    made = Here(url=door.url, home=wallet.home, account="bidder-1")
    door.accounts["bidder-1"] = made.wallet.make_account_key("bidder-1")
    made.__dict__["client"] = Client(door.url, pause=lambda _seconds: None)
    yield made
    made.client.close()


@pytest.fixture
def office(door: Door, wallet: Wallet) -> dict[str, str]:
    """Give a platform with an operator and an agency, as the environment of who imports there."""
    for account, role in (("op", "operator"), ("agency", "agency")):
        door.accounts[account] = wallet.make_account_key(account)
        door.pages[f"/api/accounts/{account}"] = {"account": account, "role": role}
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home)}


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    """Give the environment of an agency's own machine."""
    door.accounts["agency"] = wallet.make_account_key("agency")
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "agency"}
