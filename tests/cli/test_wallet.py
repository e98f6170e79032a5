"""The wallet: closed to others, replaced whole, and left by nobody's name."""

from pathlib import Path

import pytest

from cli.output import Misused
from cli.wallet import Wallet


def test_every_folder_and_file_is_the_owners_alone(wallet: Wallet) -> None:
    wallet.write({"k_b": "secret"}, "bids", "bidder-1", "p1", "bid-1")

    paths = [wallet.home, *wallet.home.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


def test_an_accounts_key_is_made_once(wallet: Wallet) -> None:
    assert wallet.make_account_key("agency") == wallet.make_account_key("agency")
    assert wallet.make_account_key("agency") != wallet.make_account_key("supervisor")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "a" * 65, "投标", "a\0"])
def test_no_name_leads_out_of_the_wallet(wallet: Wallet, name: str) -> None:
    with pytest.raises(Misused):
        wallet.write({}, "bids", name)


def test_what_is_not_there_is_named(wallet: Wallet) -> None:
    with pytest.raises(Misused, match=r"account keygen nobody`, or copy it to .*accounts/nobody\.json"):
        wallet.account_key("nobody")


def test_a_file_that_holds_no_key_is_named_with_its_fields(wallet: Wallet) -> None:
    wallet.write({"a": 1}, "accounts", "agency")

    for read in (wallet.account_key, wallet.make_account_key):
        with pytest.raises(Misused, match="private_key：缺少此项"):
            read("agency")


def test_a_damaged_file_is_named_and_not_overwritten(wallet: Wallet) -> None:
    path = wallet.write({"a": 1}, "accounts", "agency")
    path.write_text("{")

    with pytest.raises(Misused, match="damaged"):
        wallet.make_account_key("agency")
    assert path.read_text() == "{"


def test_a_file_beside_the_wallet_can_be_saved_too(wallet: Wallet, tmp_path: Path) -> None:
    wallet.save(tmp_path / "receipt.json", "{}")

    assert (tmp_path / "receipt.json").read_text() == "{}"
    assert not wallet.home.exists()
