"""Rights: what each role sees of the registry, and whom the registry vouches for."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from services.registry import LINE
from services.registry.domain.chain import describe
from services.registry.domain.credential import Applicant, valid_until, vouch
from services.registry.domain.events import (
    AccountClosed,
    BlacklistingLifted,
    CalendarPublished,
    CertificateBound,
    CertificateRevoked,
    CredentialsDisclosed,
    IdentifierAdded,
    IdentitiesDisclosed,
    KeyChanged,
    KeyRevoked,
    PartyBlacklisted,
    PartyPlaced,
    PartySuspended,
    PasswordSet,
    PersonErased,
    PersonInChargeDeclared,
    PersonInChargeErased,
    RegistryEvent,
    RelationDeclared,
    RelationEnded,
    RequestRefused,
    StaffAccountOpened,
    SuspensionLifted,
)
from services.registry.domain.expert_events import (
    DrawAnnounced,
    DrawBound,
    DrawCommitted,
    DrawLapsed,
    DrawPooled,
    DrawRevealed,
    ExpertChanged,
    ExpertEnrolled,
    ExpertsDrawn,
    ExpertStandingSet,
    ExpertTied,
    SeatDeclined,
)
from services.registry.domain.expert_values import Pool
from services.registry.domain.rights import has_right_to_stream
from services.registry.domain.state import Drawing
from services.registry.domain.values import Listing, Relation, Suspension
from shared.kernel.errors import BreaksClause, NotEntitled
from shared.kernel.request import Actor, Role
from shared.procedure.recusal import Ground
from shared.seal.credential import Facts
from shared.seal.statement import Party
from tests.registry.authority import root
from tests.registry.library import BIDDER, qualification, wanted
from tests.registry.world import ABROAD, AT, BRIDGE, BRIDGE_STREAM, INSTANT, key, opened, registered, suspended

PARTY = Party(scheme=BRIDGE.scheme, id=BRIDGE.id, name="东营路桥有限公司")
PUBLIC = {
    "PartySuspended", "SuspensionLifted", "PartyBlacklisted", "BlacklistingLifted", "CredentialsDisclosed",
    "CalendarPublished", "DrawCommitted", "DrawBound", "DrawRevealed", "DrawLapsed", "DrawAnnounced",
}  # fmt: skip
LISTING = Listing(
    number=1, kind="discredited", reason="拖欠农民工工资", article="保障农民工工资支付条例 第四十八条",
    authority="东营市人力资源和社会保障局", since=AT, until=AT + timedelta(days=365),
)  # fmt: skip
POOLED = DrawPooled(
    draw="D1-1", attempt=1, agency="agency-1", wanted=wanted(), pool_digest="0" * 64, commit_by=AT,
    pool=Pool(library=(), ties=(), exclusions=(), pool_digest="0" * 64),
)  # fmt: skip
EVERY: list[RegistryEvent] = [
    registered(),
    IdentifierAdded(identifier=ABROAD),
    suspended(),
    SuspensionLifted(reason="r", article="a"),
    opened(),
    KeyChanged(account="bridge-1", public_key=key(2)),
    AccountClosed(account="bridge-1"),
    PartyPlaced(region="370502"),
    PartyBlacklisted(listing=LISTING),
    BlacklistingLifted(number=1, reason="r", article="a"),
    PersonInChargeDeclared(person="0" * 64, since=AT),
    PersonInChargeErased(person="0" * 64),
    RelationDeclared(
        relation=Relation(
            number=1, side="controls", other=ABROAD, kind="holding", since=AT, until=None, by_office=False
        )
    ),
    RelationEnded(number=1, until=AT, reason="r"),
    StaffAccountOpened(
        account="bridge-2", role="bidder", region="", party=None, public_key=key(2), person="0" * 64, rights=("act",)
    ),
    PasswordSet(account="bridge-1"),
    KeyRevoked(account="bridge-1", public_key=key(2), since=AT, reason="r"),
    CertificateBound(account="bridge-1", certificate=describe(root().issue().certificate)),
    CertificateRevoked(account="bridge-1", fingerprint="0" * 64, public_key=None, since=AT, reason="r"),
    PersonErased(account="bridge-1", person="0" * 64),
    ExpertEnrolled(expert="e01", qualification=qualification()),
    ExpertChanged(expert="e01", qualification=qualification()),
    ExpertTied(expert="e01", tied_to=BIDDER, ground=Ground.KIN, ended=None),
    ExpertStandingSet(expert="e01", standing="paused", reason="r", article="a"),
    POOLED,
    DrawCommitted(draw="D1-1", party="agency", digest="0" * 64),
    DrawBound(draw="D1-1", root="0" * 64, anchor=None, reveal_by=AT),
    DrawRevealed(draw="D1-1", party="agency", nonce="0" * 64),
    ExpertsDrawn(draw="D1-1", called=("e01",), chosen=("e01",)),
    DrawLapsed(draw="D1-1", stage="committing", missing=("agency",)),
    SeatDeclined(draw="D1-1", expert="e01", reason="r", chosen=("e02",)),
    DrawAnnounced(draw="D1-1"),
    CredentialsDisclosed(tender="T1", tender_key=key(3), holders=(), unknown=()),
    IdentitiesDisclosed(line="land", lot="T1", holders=(), unknown=()),
    CalendarPublished(year=2027, revision=1, digest="0" * 64, body="{}"),
    RequestRefused(command_type="registry.open_account", command_digest="0" * 64, code="bad_input", article="a"),
]


def applicant(**changes: Any) -> Applicant:
    given = {"role": "bidder", "region": "370502", "party": PARTY, "suspension": None, "roles": ("bidder",)}
    return Applicant(**{**given, **changes})


@pytest.mark.parametrize("event", EVERY, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("role", get_args(Role))
def test_the_office_sees_all_and_the_public_suspensions_and_disclosures(event: RegistryEvent, role: Role) -> None:
    office = role in {"operator", "supervisor", "system"}

    assert LINE.visible(event, role, None) == (office or type(event).__name__ in PUBLIC)


@pytest.mark.parametrize(
    ("actor", "stream", "right"),
    [
        (Actor(account="sup-1", role="supervisor"), BRIDGE_STREAM, True),
        (Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM), BRIDGE_STREAM, True),
        (Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM), "account-bridge-1", True),
        (Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM), "account-bridge-2", False),
        (Actor(account="other-1", role="bidder"), BRIDGE_STREAM, False),
        (Actor(account="0" * 64, role="token", party=BRIDGE_STREAM), BRIDGE_STREAM, False),
        (Actor(account="anyone", role="public"), "disclosure-T1", True),
        (Actor(account="anyone", role="public"), "calendar-2027", True),
        (Actor(account="anyone", role="public"), "refused", False),
    ],
)
def test_a_stream_is_given_to_the_office_and_to_its_own(actor: Actor, stream: str, right: bool) -> None:
    assert has_right_to_stream(actor, stream) == right


def test_the_registry_vouches_for_a_bidder_and_never_for_a_deposit() -> None:
    assert vouch(applicant(), AT) == (
        PARTY,
        Facts(not_suspended=True, region="370502", deposit=False, not_blacklisted=True),
    )


def test_it_vouches_for_bidders_only() -> None:
    with pytest.raises(NotEntitled):
        vouch(applicant(role="tenderer"), AT)


def test_it_vouches_for_no_party_without_a_unified_code() -> None:
    with pytest.raises(NotEntitled):
        vouch(applicant(party=None), AT)


def test_it_vouches_for_no_operator_of_the_platform() -> None:
    with pytest.raises(BreaksClause) as refusal:
        vouch(applicant(roles=("bidder", "operator")), AT)

    assert refusal.value.article == "电子招标投标办法 第二十三条"


def test_it_vouches_for_nobody_who_is_tied_to_the_operator() -> None:
    with pytest.raises(BreaksClause) as refusal:
        vouch(applicant(of_operator=True), AT)

    assert refusal.value.article == "电子招标投标办法 第二十三条"


def test_it_vouches_again_from_the_instant_at_which_a_suspension_ends() -> None:
    suspension = Suspension(reason="串通投标", article="招标投标法 第五十三条", until=AT)

    with pytest.raises(BreaksClause) as refusal:
        vouch(applicant(suspension=suspension), AT - INSTANT)

    assert refusal.value.article == "招标投标法 第五十三条"
    assert vouch(applicant(suspension=suspension), AT)


@pytest.mark.parametrize(("at", "listed"), [(-INSTANT, False), (timedelta(), True), (timedelta(days=365), False)])
def test_it_vouches_for_no_party_while_it_is_blacklisted(at: timedelta, *, listed: bool) -> None:
    if not listed:
        assert vouch(applicant(listings=(LISTING,)), AT + at)
        return
    with pytest.raises(BreaksClause) as refusal:
        vouch(applicant(listings=(LISTING,)), AT + at)

    assert refusal.value.article == LISTING.article
    assert LISTING.authority in refusal.value.zh


@pytest.mark.parametrize("role", get_args(Role))
def test_who_was_considered_and_who_sits_is_told_once_the_draw_is_announced(role: Role) -> None:
    drawing = Drawing(pooled=POOLED, waits_until=AT)
    secret: list[Any] = [POOLED, ExpertsDrawn(draw="D1-1", called=("e01",), chosen=("e01",))]

    for event in secret:
        office = role in {"operator", "supervisor", "system"}
        assert LINE.visible(event, role, drawing) == office
        assert LINE.visible(event, role, drawing.model_copy(update={"announced": True}))


def test_every_event_is_tried() -> None:
    assert {type(event) for event in EVERY} | {PartySuspended} == set(get_args(get_args(RegistryEvent)[0]))


def test_a_credential_is_good_for_ninety_days_and_does_not_tell_its_instant() -> None:
    morning, night = AT, AT.replace(hour=23, minute=59)

    assert valid_until(morning) == valid_until(night) == datetime(2027, 3, 2, tzinfo=UTC)
    assert valid_until(night) - night >= timedelta(days=90)
