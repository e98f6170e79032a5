"""Where requests came from: sealed to one length, read back by the door alone, and shown with what was asked."""

import base64
import json

import orjson
import pytest
from cryptography.fernet import Fernet

from services.portal.trail import sealed, shown
from shared.store.vault import Vault


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key())


def stored(origin: str) -> dict[str, object]:
    request = {
        "command": {"type": "bidding.sign_in"},
        "received_at": "2026-12-01T01:00:00.000000Z",
        "actor": {"account": "token", "role": "token"},
        **({"origin": origin} if origin else {}),
    }
    return {"version": 7, "id": "c1", "request": base64.b64encode(orjson.dumps(request)).decode()}


def test_what_is_kept_of_an_address_says_nothing_and_is_of_one_length(vault: Vault) -> None:
    short, long = sealed(vault, "10.0.0.1", ""), sealed(vault, "2001:db8::8a2e:370:7334", "Mozilla/5.0 " * 100)
    odd = sealed(vault, "10.0.0.1", '浏览器"\\' * 60)

    assert len(short) == len(long) == len(odd)
    assert "10.0.0.1" not in short
    assert base64.urlsafe_b64decode(short).find(b"10.0.0.1") == -1


def test_the_door_reads_it_back_with_what_was_asked(vault: Vault) -> None:
    (step,) = shown(vault, [stored(sealed(vault, "10.0.0.1", "ggzy"))])

    assert step == {
        "version": 7,
        "command": "bidding.sign_in",
        "at": "2026-12-01T01:00:00.000000Z",
        "account": "token",
        "role": "token",
        "address": "10.0.0.1",
        "program": "ggzy",
    }


def test_the_platforms_own_steps_come_from_nowhere(vault: Vault) -> None:
    (step,) = shown(vault, [stored("")])

    assert (step["address"], step["program"]) == (None, None)
    assert json.dumps(step)
