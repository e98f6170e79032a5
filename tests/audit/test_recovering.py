"""What a journal has lost is given by the audit alone, with proofs; what they do not show is not written."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from shared.kernel.errors import NotYet
from shared.kernel.request import Role
from shared.ledger.text import decode_base64, encode_base64
from shared.messaging.bus import BusTimeout
from shared.platform import keys
from shared.platform.door import Door
from shared.runtime.calls import Asked
from shared.runtime.handling import Handled
from shared.runtime.queries import PAGE
from shared.runtime.recovering import Recovered, bring_back
from shared.runtime.tools import Tools
from shared.store import journal
from shared.store.journal import Written
from shared.store.migrate import migrate
from shared.store.recover import NotRecovered
from tests.audit.bureau import TILL, Bureau, message_of
from tests.audit.journal import Journal
from tests.runtime.test_guarding import Port
from tests.store import till
from tests.store.till import asked

Page = dict[str, Any]
ROLES: tuple[Role, ...] = ("public", "bidder", "supervisor", "operator")


class Bus:
    """Carries questions to the audit's views; `spoil` changes what comes back."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.spoil: Callable[[Page], None] = lambda _page: None
        self.away = False
        self.resent: list[tuple[str, Mapping[str, Any]]] = []

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        if method == "resend":
            self.resent.append((service, kwargs))
        if self.away or method == "resend":
            raise BusTimeout(service)
        answer = self.bureau.viewed.answer(Asked(**kwargs))
        assert answer is not None
        if answer.get("answer", {}).get("records"):
            self.spoil(answer["answer"])
        return answer


class Shop:
    """A till beside the audit, whose database can be put back to what it was."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, self.bus = bureau, Bus(bureau)
        self.lost: list[Written] = []
        self.settings = bureau.tools.settings
        keyring = keys.Keyring(self.settings.data / "keys")
        keyring.make([keys.vault("till")], os.urandom)
        self.door = Door(keyring.signing(keys.DOOR))
        self.file = self.settings.data / "db" / "till.db"
        self.open()
        migrate(self.handled.tools.database, views=till.metadata)

    def open(self) -> None:
        tools = Tools("till", self.settings)
        tools.clock = self.bureau.clock
        self.handled = Handled(TILL, tools, Port())

    def put(self, *names: str) -> None:
        self.handled.answer([Asked(**self.door.command(asked(name, 0))) for name in names])

    def back_up(self) -> None:
        self.handled.tools.database.close()
        shutil.copy(self.file, self.file.with_suffix(".old"))

    def restore(self) -> None:
        self.handled.tools.database.close()
        shutil.copy(self.file.with_suffix(".old"), self.file)
        self.open()

    def relay(self) -> None:
        self.bureau.house.take(message_of(item.record, item.leaf) for item in self.written())
        self.bureau.house.second()

    def written(self) -> list[Written]:
        with self.handled.tools.database.read() as connection:
            return journal.positions(connection, 1, 1000)

    def recover(self) -> Recovered:
        return asyncio.run(bring_back(self.handled, self.bus))  # type: ignore[arg-type]  # the one method used


@pytest.fixture
def shop(bureau: Bureau) -> Iterator[Shop]:
    """Return a till that has lost two of its three records."""
    made = Shop(bureau)
    made.put("a")
    made.back_up()
    made.put("b", "c")
    made.relay()
    made.lost = made.written()
    made.restore()
    yield made
    made.handled.tools.database.close()


def test_what_is_missing_comes_back_and_the_others_are_asked_to_tell_theirs_again(shop: Shop) -> None:
    shop.bureau.house.take(Journal("bank", seed=3).several(4))
    shop.bureau.house.second()

    done = shop.recover()

    assert shop.written() == shop.lost
    assert done == Recovered(2, {"bank": 1})
    assert shop.bus.resent == [("bank_views", {"first": 1, "last": 4})]
    assert shop.recover() == Recovered(0, {})


def test_more_comes_back_than_one_answer_holds(bureau: Bureau) -> None:
    shop = Shop(bureau)
    shop.back_up()
    shop.put(*(f"c{number}" for number in range(PAGE + 5)))
    shop.relay()
    shop.restore()

    done = shop.recover()

    assert done.records == len(shop.written()) == PAGE + 5
    shop.handled.tools.database.close()


def test_a_journal_with_a_history_of_its_own_is_left_as_it_is(shop: Shop) -> None:
    shop.put("another")
    before = shop.written()

    with pytest.raises(NotRecovered, match="journal and ledger differ at position 2"):
        shop.recover()

    assert shop.written() == before


def test_a_journal_that_is_ahead_of_the_ledger_lacks_nothing(shop: Shop) -> None:
    shop.put("d", "e", "f", "g")

    assert shop.recover() == Recovered(0, {})


def other_bytes(page: Page) -> None:
    raw = decode_base64(page["records"][-1]["record"]).replace(b'"fen":0', b'"fen":1')
    page["records"][-1]["record"] = encode_base64(raw)


def other_leaf(page: Page) -> None:
    page["records"][-1]["leaf"] = page["records"][0]["leaf"]


def other_place(page: Page) -> None:
    page["records"][-1]["index"] -= 1


def other_tree(page: Page) -> None:
    name, size, root, rest = page["checkpoint"].split("\n", 3)
    page["checkpoint"] = "\n".join([name, size, encode_base64(bytes(32)), rest])
    assert root not in page["checkpoint"]


def no_record(page: Page) -> None:
    page["records"][-1]["record"] = encode_base64(b"{}")


def left_out(page: Page) -> None:
    del page["records"][1:2]


@pytest.mark.parametrize(
    "spoil", [other_bytes, other_leaf, other_place, other_tree, no_record, left_out], ids=lambda one: one.__name__
)
def test_what_the_ledger_does_not_hold_is_not_written(shop: Shop, spoil: Callable[[Page], None]) -> None:
    shop.bus.spoil = spoil
    before = shop.written()

    with pytest.raises(NotRecovered):
        shop.recover()

    assert shop.written() == before


def test_an_audit_that_is_away_or_has_not_signed_yet_is_asked_again_later(shop: Shop, bureau: Bureau) -> None:
    shop.bus.away = True
    with pytest.raises(NotYet, match="does not answer"):
        shop.recover()
    shop.bus.away = False
    shop.recover()
    shop.back_up()
    shop.put("d")
    bureau.house.take(message_of(item.record, item.leaf) for item in shop.written())
    shop.restore()

    with pytest.raises(NotYet, match="no checkpoint covers"):
        shop.recover()

    bureau.house.second()
    assert shop.recover().records == 1


def test_rows_of_all_streams_are_given_to_the_platform_alone(shop: Shop, bureau: Bureau) -> None:
    for role in ROLES:
        assert bureau.refusal("records", role, service="till", first=1) == "not_entitled"

    told = bureau.told("records", "system", service="till", first=3)
    none = bureau.told("records", "system", service="till", first=4)

    assert [item["position"] for item in told["records"]] == [3]
    assert none == {"heads": {"till": 3}, "checkpoint": None, "records": []}
