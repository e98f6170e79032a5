"""What the registry writes down is the same again after a round through JSON, and has one spelling in bytes."""

from datetime import UTC, date, datetime
from typing import Any, get_args

from hypothesis import given as for_all
from hypothesis import strategies as st
from stdnum.cn import uscc

from services.registry import LINE
from services.registry.domain.commands import BlacklistParty, DeclareRelation, RegistryCommand
from services.registry.domain.events import IdentitiesDisclosed, RegistryEvent
from services.registry.domain.expert_events import DrawCommitted, DrawPooled, DrawRevealed
from services.registry.domain.expert_values import (
    Anchor,
    Considered,
    PastEmployer,
    Pool,
    Qualification,
    Standing,
    Wanted,
)
from services.registry.domain.state import Disclosure, Facts, KnownParty, Shown
from services.registry.domain.values import (
    ALL_RIGHTS,
    AccountRole,
    Certificate,
    Holder,
    Identity,
    Kind,
    Listing,
    ListingKind,
    Relation,
    RelationKind,
    RelationSide,
    Sanction,
)
from shared.kernel.codes import USCC, PartyId
from shared.kernel.message import Event, Message
from shared.kernel.record import read, write
from shared.kernel.request import Actor, Request
from shared.procedure.draw import Expert
from shared.procedure.recusal import Exclusion, Ground, Tie
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
bodies = parties.map(str)
sanctions = st.builds(
    Sanction, cause=st.sampled_from(["suspended", "discredited", "banned"]), article=names, since=instants,
    until=instants,
)  # fmt: skip
holders = st.builds(
    Holder, token=digests, scheme=st.just(USCC), id=codes.map(lambda code: code.id), name=names,
    account_keys=many(keys), person_in_charge=st.none() | digests, controllers=many(bodies),
    controlled=many(bodies), sanctions=many(sanctions),
)  # fmt: skip
roles = st.sampled_from(get_args(AccountRole))

listings = st.builds(
    Listing, number=st.integers(1, 99), kind=st.sampled_from(get_args(ListingKind)), reason=names, article=names,
    authority=names, since=instants, until=instants,
)  # fmt: skip
sides, ties_kinds = st.sampled_from(get_args(RelationSide)), st.sampled_from(get_args(RelationKind))
relations = st.builds(
    Relation, number=st.integers(1, 99), side=sides, other=parties, kind=ties_kinds, since=instants,
    until=st.none() | instants, by_office=st.booleans(),
)  # fmt: skip
certificates = st.builds(
    Certificate, fingerprint=digests, serial=st.just("1f"), issuer=names, organisation=names,
    identifier=codes.map(lambda code: code.id), algorithm=st.just("ed25519"), public_key=st.none() | keys,
    not_before=instants, not_after=instants,
)  # fmt: skip

days = st.dates(date(2000, 1, 1), date(2099, 1, 1))
grounds = st.sampled_from(Ground)
regions = st.sampled_from(["370500", "370502"])
qualifications = st.builds(
    Qualification, specialities=st.lists(names, min_size=1, max_size=3).map(tuple), title=st.just("senior"),
    equivalent=st.booleans(), years=st.integers(0, 80), employers=many(bodies),
    past=many(st.builds(PastEmployer, party=bodies, ended=days)), region=regions,
)  # fmt: skip
wishes = st.builds(
    Wanted, draw=word("abc019_-", 1, 48), tender=ids, line=st.sampled_from(["construction", "procurement"]), on=days,
    speciality=names, region=regions, seats=st.integers(1, 99), reserve=st.integers(0, 99),
    others=st.none() | st.integers(0, 99), parties=many(bodies),
)  # fmt: skip
experts = st.builds(Expert, id=ids, speciality=names, employers=many(bodies), region=regions)
ties = st.builds(Tie, expert=ids, party=bodies, ground=grounds, ended=st.none() | days)
barred = st.builds(Exclusion, expert=ids, party=bodies, ground=grounds, article=names, verified=st.booleans())
pools = st.builds(Pool, library=many(experts), ties=many(ties), pool_digest=digests, exclusions=many(barred))
anchors = st.builds(Anchor, origin=ids, size=st.integers(1, 99), root=digests, cosignatures=many(ids))

identities = st.builds(Identity, token=digests, scheme=st.just("CN-USCC"), id=ids, name=names)

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "identifier": parties, "additional": many(parties), "identifiers": st.lists(parties, min_size=1).map(tuple),
    "name": names, "kind": st.sampled_from(get_args(Kind)), "reason": names, "article": names, "until": instants,
    "account": ids, "role": roles, "region": st.sampled_from(["", "370502"]), "party": st.none() | ids,
    "public_key": keys, "tender": ids, "tokens": many(digests), "tender_key": keys, "holders": many(holders),
    "unknown": many(digests), "command_type": ids, "command_digest": digests, "code": ids,
    "authority": names, "number": st.integers(1, 99), "since": instants, "listing": listings, "person": digests,
    "rights": st.lists(st.sampled_from(ALL_RIGHTS), min_size=1, max_size=3).map(tuple), "fingerprint": digests,
    "certificate": certificates, "side": sides, "other": parties, "relation": relations, "as_of": st.none() | instants,
    "expert": ids, "qualification": qualifications, "tied_to": bodies, "ground": grounds, "ended": st.none() | days,
    "standing": st.sampled_from(get_args(Standing)), "wanted": wishes, "attempt": ids, "nonce": digests,
    "stage": st.sampled_from(["committing", "revealing"]), "draw": ids, "agency": ids, "pool": pools,
    "pool_digest": digests, "commit_by": instants, "reveal_by": instants, "bind_by": st.none() | instants,
    "root": digests, "anchor": st.none() | anchors, "called": many(ids), "chosen": many(ids), "missing": many(ids),
    "year": st.integers(1949, 2999), "revision": st.integers(1, 99), "digest": digests, "body": names,
    "line": ids, "lot": ids,
}  # fmt: skip

OTHERWISE: dict[tuple[Any, str], st.SearchStrategy[Any]] = {
    (BlacklistParty, "kind"): st.sampled_from(get_args(ListingKind)),
    (DeclareRelation, "kind"): ties_kinds,
    (DrawPooled, "attempt"): st.integers(1, 5),
    (DrawCommitted, "party"): ids,
    (DrawRevealed, "party"): ids,
    (IdentitiesDisclosed, "holders"): many(identities),
}

facts = st.builds(
    Facts,
    operators=st.integers(0, 99),
    taken=many(parties),
    key_used=st.booleans(),
    party=st.none()
    | st.builds(KnownParty, stream=ids, position=st.integers(1, 99), has_uscc=st.booleans(), roles=many(roles)),
    disclosure=st.none() | st.builds(Disclosure, tender=ids, tender_key=keys, holders=many(holders)),
    jurisdiction=st.none() | regions,
    administers=st.booleans(),
    person_known=st.booleans(),
    password_waiting=st.booleans(),
    shown=st.none()
    | st.builds(
        Shown,
        certificate=st.none() | certificates,
        fault=st.none() | st.tuples(names, names),
        possessed=st.booleans(),
        used=st.booleans(),
    ),
    expert_account=st.booleans(),
    considered=st.none() | st.builds(Considered, library=many(experts), ties=many(ties)),
    anchor=st.none() | anchors,
    platform_commitment=st.none() | digests,
    platform_nonce=st.none() | digests,
)


def _field(cls: Any, name: str) -> st.SearchStrategy[Any]:
    """Return values of a field; some names mean another thing in one message than in all others."""
    return OTHERWISE[cls, name] if (cls, name) in OTHERWISE else FIELDS[name]


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
