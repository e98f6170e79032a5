"""What the registry writes down is the same again after a round through JSON, and has one spelling in bytes."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import given as for_all
from hypothesis import strategies as st
from stdnum.cn import uscc

from services.registry import LINE
from services.registry.domain.commands import BlacklistParty, RegistryCommand
from services.registry.domain.events import RegistryEvent
from services.registry.domain.state import Disclosure, Facts, KnownParty
from services.registry.domain.values import ALL_RIGHTS, AccountRole, Certificate, Holder, Kind, Listing, ListingKind
from shared.kernel.codes import USCC, PartyId
from shared.kernel.message import Event, Message
from shared.kernel.record import read, write
from shared.kernel.request import Actor, Request
from shared.seal.wire import text
from tests.registry.world import AT

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_of(parts: tuple[str, str, str]) -> PartyId:
    stem = "".join(parts)
    return PartyId(scheme=USCC, id=stem + uscc.calc_check_digit(stem))


def word(alphabet: str, low: int, high: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=low, max_size=high)


def many(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=4).map(tuple)


codes = st.tuples(word(LETTERS, 2, 2), word("0123456789", 6, 6), word(LETTERS, 9, 9)).map(uscc_of)
parties = codes | st.builds(PartyId, scheme=st.just("GB-COH"), id=word("0123456789ABC", 1, 20))
names = word("东营路桥有限公司 aé·", 1, 40).map(lambda name: name.strip() or "路")
ids = word("abcXYZ019_-", 1, 50)
keys = st.binary(min_size=32, max_size=32).map(text)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is added
holders = st.builds(
    Holder, token=digests, scheme=st.just(USCC), id=codes.map(lambda code: code.id), name=names, account_keys=many(keys)
)
roles = st.sampled_from(get_args(AccountRole))

listings = st.builds(
    Listing, number=st.integers(1, 99), kind=st.sampled_from(get_args(ListingKind)), reason=names, article=names,
    authority=names, since=instants, until=instants,
)  # fmt: skip
certificates = st.builds(
    Certificate, fingerprint=digests, serial=st.just("1f"), issuer=names, organisation=names,
    identifier=codes.map(lambda code: code.id), algorithm=st.just("ed25519"), public_key=st.none() | keys,
    not_before=instants, not_after=instants,
)  # fmt: skip

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "identifier": parties, "additional": many(parties), "identifiers": st.lists(parties, min_size=1).map(tuple),
    "name": names, "kind": st.sampled_from(get_args(Kind)), "reason": names, "article": names, "until": instants,
    "account": ids, "role": roles, "region": st.sampled_from(["", "370502"]), "party": st.none() | ids,
    "public_key": keys, "tender": ids, "tokens": many(digests), "tender_key": keys, "holders": many(holders),
    "unknown": many(digests), "command_type": ids, "command_digest": digests, "code": ids,
    "authority": names, "number": st.integers(1, 99), "since": instants, "listing": listings, "person": digests,
    "rights": st.lists(st.sampled_from(ALL_RIGHTS), min_size=1, max_size=3).map(tuple), "fingerprint": digests,
    "certificate": certificates,
    "year": st.integers(1949, 2999), "revision": st.integers(1, 99), "digest": digests, "body": names,
}  # fmt: skip

facts = st.builds(
    Facts,
    operators=st.integers(0, 99),
    taken=many(parties),
    key_used=st.booleans(),
    party=st.none()
    | st.builds(KnownParty, stream=ids, position=st.integers(1, 99), has_uscc=st.booleans(), roles=many(roles)),
    disclosure=st.none() | st.builds(Disclosure, tender=ids, tender_key=keys, holders=many(holders)),
)


def _field(cls: Any, name: str) -> st.SearchStrategy[Any]:
    """Return values of a field; `kind` is another thing of a party than of an entry in the blacklist."""
    return st.sampled_from(get_args(ListingKind)) if (cls, name) == (BlacklistParty, "kind") else FIELDS[name]


def messages(union: Any) -> st.SearchStrategy[Any]:
    """Return values of every class of a discriminated union."""
    return st.one_of(
        *(
            st.builds(cls, **{name: _field(cls, name) for name in cls.model_fields if name != "type"})
            for cls in get_args(get_args(union)[0])
        )
    )


@for_all(messages(RegistryCommand))
def test_a_command_reads_back_the_same(command: Message) -> None:
    assert LINE.commands.validate_json(command.canonical()) == command


@for_all(messages(RegistryEvent))
def test_an_event_reads_back_the_same_from_its_record(event: Event) -> None:
    record = write(
        service="registry", position=1, stream="s", version=1, id="e", event=event, at=AT, received_at=AT,
        actor=Actor(account="op-1", role="operator"), command_id="c", command_digest="0" * 64, cause=None,
        rulebook=None, salt=b"s" * 32,
    )  # fmt: skip

    assert LINE.event(read(record.raw)) == event


@for_all(messages(RegistryCommand), facts)
def test_a_stored_request_reads_back_the_same(command: Any, found: Facts) -> None:
    actor = Actor(account="op-1", role="operator")
    request = Request[Any, Any](id="c", stream="s", actor=actor, received_at=AT, command=command, facts=found)

    assert LINE.requests.validate_json(request.canonical()).canonical() == request.canonical()
