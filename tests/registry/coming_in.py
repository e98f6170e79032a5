"""Staff, certificates, passwords and sessions, on every database: inherited once for SQLite and once for PostgreSQL."""

import hashlib
from datetime import timedelta
from typing import Any

from services.registry import tables
from services.registry.domain.commands import (
    BindCertificate,
    CloseAccount,
    ErasePerson,
    OpenStaffAccount,
    RevokeCertificate,
    SetPassword,
)
from services.registry.domain.values import account_stream
from services.registry.views import project
from shared.kernel.outcome import Outcome
from shared.kernel.request import SYSTEM, Actor
from shared.runtime.lines import lines
from shared.seal.wire import text
from shared.store.rebuild import rebuild
from tests.registry.authority import RSA, Body, root
from tests.registry.office import Office, OfficeCases, asked, bidder, credential
from tests.registry.world import AT, BRIDGE, OPERATOR, code, key

PASSWORD = "正确的马电池订书钉-42"
NAME, NUMBER = "王小明", "110101199003071233"
FAILED = "not_entitled"


def told(office: Office, actor: Actor, name: str = NAME) -> str:
    """Tell the registry who somebody is; return the digest."""
    answer = office.ask("keep_person", actor, name=name, phone="13800138000", identity_number=NUMBER)
    return str(answer["answer"]["person"])


def staff(office: Office, own: Actor, account: str, number: int, **changes: Any) -> Outcome:
    """Open an account for a member of staff of the actor's party."""
    fields = {"role": "bidder", "region": "370502", "party": own.party, "public_key": key(number), "rights": ("act",)}
    person = changes.pop("person", None) or told(office, own)
    command = OpenStaffAccount(account=account, **{**fields, "person": person, **changes})
    return office.give(command, own, stream=account_stream(account))


def trust(office: Office, *bodies: Body, revoked: bytes = b"") -> None:
    """Let an installation trust authorities."""
    folder = office.tools.settings.data / "trust"
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(bodies):
        (folder / f"{number}.pem").write_text(body.pem)
    if revoked:
        (folder / "revoked.crl").write_bytes(revoked)


def show(office: Office, own: Actor, body: Body, *, holder: Body | None = None) -> Any:
    """Show a certificate, with the proof that its key is at hand."""
    proof = (holder or body).sign(f"ggzy-certificate/v1\n{own.account}\n{body.fingerprint}".encode())
    return office.ask("keep_certificate", own, account=own.account, certificate=body.pem, proof=text(proof))


def bind(office: Office, own: Actor, body: Body, **changes: Any) -> Outcome:
    show(office, own, body, **changes)
    return office.give(BindCertificate(fingerprint=body.fingerprint), own, stream=account_stream(own.account))


def answered(office: Office, account: str, body: Body, nonce: str = "", holder: Body | None = None) -> Any:
    """Answer a challenge; return all that comes back."""
    nonce = nonce or office.ask("challenge", SYSTEM, account=account)["answer"]["nonce"]
    signature = (holder or body).sign(f"ggzy-login/v1\n{account}\n{nonce}".encode())
    arguments: dict[str, Any] = {
        "account": account,
        "nonce": nonce,
        "fingerprint": body.fingerprint,
        "signature": text(signature),
    }
    return office.ask("log_in_by_certificate", SYSTEM, **arguments)


def entered(office: Office, session: str) -> Any:
    """Ask, as the door does, whose session this is."""
    until, _, secret = session.rpartition(".")
    return office.ask("session", SYSTEM, until=until, digest=hashlib.sha256(secret.encode()).hexdigest())


def code_of(answer: Any) -> str:
    return str(answer.get("refusal", {}).get("code", ""))


def refused(outcome: Outcome) -> str:
    return outcome.refusal.code if outcome.refusal else ""


class ComingIn(OfficeCases):
    """Who comes in, and what is left of who went."""

    def test_a_member_of_staff_leaves_and_the_others_go_on(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        for number in (2, 3):
            assert not refused(staff(office, own, f"staff-{number}", number))
        second, third = (own.model_copy(update={"account": f"staff-{number}"}) for number in (2, 3))

        closed = office.give(CloseAccount(), own, stream="account-staff-2")

        assert not refused(closed)
        assert code_of(asked(office, second)) == "not_entitled"
        assert credential(office, third, "T1").token == credential(office, own, "T1").token

    def test_what_a_member_of_staff_may_not_do_it_does_not(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        staff(office, own, "reader", 2, rights=("read",))
        reader = own.model_copy(update={"account": "reader"})
        other, _ = bidder(office, 2, code(2))

        assert code_of(asked(office, reader)) == "not_entitled"
        assert code_of(office.ask("keep_person", reader, name=NAME)) == "not_entitled"
        assert refused(staff(office, reader, "more", 3, person=told(office, own))) == "not_entitled"
        assert refused(office.give(CloseAccount(), other, stream="account-reader")) == "not_entitled"
        assert refused(staff(office, other, "foreign", 4, party=own.party)) == "not_entitled"

    def test_a_party_sees_its_staff_and_no_other_does(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        staff(office, own, "staff-2", 2)
        other, _ = bidder(office, 2, code(2))

        listed = office.ask("staff", own, party=party)["answer"]["staff"]

        assert [(row["account"], row["rights"]) for row in listed] == [
            ("bidder-1", ["act", "administer", "read"]), ("staff-2", ["act"]),
        ]  # fmt: skip
        assert code_of(office.ask("staff", other, party=party)) == "not_found"

    def test_a_persons_name_stands_in_no_record_and_is_erased(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        person = told(office, own)
        staff(office, own, "staff-2", 2, person=person)
        other, _ = bidder(office, 2, code(2))

        shown = office.ask("person", own, person=person)["answer"]
        everything = office.everything()
        again = staff(office, own, "staff-3", 3, person=person)
        office.give(CloseAccount(), own, stream="account-staff-2")
        erased = office.give(ErasePerson(), stream="account-staff-2")

        assert (shown["name"], shown["accounts"]) == (NAME, ["staff-2"])
        assert NAME not in everything
        assert NUMBER not in everything
        assert refused(again) == "not_found"
        assert not refused(erased)
        for actor in (own, OPERATOR, other):
            assert code_of(office.ask("person", actor, person=person)) == "not_found"

    def test_a_password_opens_a_session_and_stands_nowhere(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        office.ask("keep_password", own, password=PASSWORD)
        before = office.ask("log_in_by_password", SYSTEM, account=own.account, password=PASSWORD)
        office.give(SetPassword(), own, stream="account-bidder-1")

        session = office.ask("log_in_by_password", SYSTEM, account=own.account, password=PASSWORD)["answer"]["session"]

        assert code_of(before) == FAILED
        assert entered(office, session)["answer"]["account"] == own.account
        everything = office.everything()
        for trace in (PASSWORD, "argon2id", session.rpartition(".")[2]):
            assert trace not in everything

    def test_no_answer_tells_whether_there_is_an_account(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)

        for name in ("log_in_by_password", "challenge"):
            arguments: dict[str, Any] = {"password": "wrong"} if name == "log_in_by_password" else {}
            there = office.ask(name, SYSTEM, account=own.account, **arguments)
            not_there = office.ask(name, SYSTEM, account="nobody", **arguments)
            assert there.get("refusal") == not_there.get("refusal")
            assert there.get("answer", {}).get("until") == not_there.get("answer", {}).get("until")

    def test_wrong_passwords_make_one_wait_longer_each_time_and_the_right_one_ends_it(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        office.ask("keep_password", own, password=PASSWORD)
        office.give(SetPassword(), own, stream="account-bidder-1")

        def attempt(password: str, account: str = own.account) -> str:
            return code_of(office.ask("log_in_by_password", SYSTEM, account=account, password=password))

        assert [attempt("wrong") for _ in range(4)] == [FAILED, FAILED, FAILED, "not_yet"]
        assert attempt(PASSWORD) == "not_yet"
        office.clock.at += timedelta(seconds=1)
        assert [attempt("wrong"), attempt("wrong")] == [FAILED, "not_yet"]
        office.clock.at += timedelta(seconds=1)
        assert attempt(PASSWORD) == "not_yet"
        office.clock.at += timedelta(seconds=1)
        assert attempt(PASSWORD) == ""
        assert [attempt("wrong") for _ in range(3)] == [FAILED] * 3
        assert [attempt("wrong", "nobody") for _ in range(4)] == [FAILED, FAILED, FAILED, "not_yet"]

    def test_a_session_lasts_thirty_minutes_and_can_be_ended(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        office.ask("keep_password", own, password=PASSWORD)
        office.give(SetPassword(), own, stream="account-bidder-1")
        first, second = (
            office.ask("log_in_by_password", SYSTEM, account=own.account, password=PASSWORD)["answer"]["session"]
            for _ in range(2)
        )
        until, _, secret = first.rpartition(".")

        office.ask("end_session", SYSTEM, until=until, digest=hashlib.sha256(secret.encode()).hexdigest())
        office.clock.at = AT + timedelta(minutes=30) - timedelta(microseconds=1)
        lasting = entered(office, second)
        office.clock.at += timedelta(microseconds=1)

        assert "answer" in lasting
        assert code_of(entered(office, first)) == code_of(entered(office, second)) == "not_found"
        assert code_of(entered(office, until + ".AAAA")) == "not_found"

    def test_a_certificate_answers_a_challenge_once_and_within_two_minutes(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        authority = root()
        trust(office, authority)
        body = authority.issue(key=RSA)

        assert not refused(bind(office, own, body))
        nonce = office.ask("challenge", SYSTEM, account=own.account)["answer"]["nonce"]
        late = office.ask("challenge", SYSTEM, account=own.account)["answer"]["nonce"]
        given = answered(office, own.account, body, nonce)

        assert entered(office, given["answer"]["session"])["answer"]["account"] == own.account
        assert code_of(answered(office, own.account, body, nonce)) == FAILED
        assert code_of(answered(office, own.account, body, nonce[:-1])) == FAILED
        assert code_of(answered(office, own.account, body, holder=authority.issue())) == FAILED
        assert code_of(answered(office, "nobody", body)) == FAILED
        office.clock.at = AT + timedelta(minutes=2) - timedelta(microseconds=1)
        assert "answer" in answered(office, own.account, body, late)
        later = office.ask("challenge", SYSTEM, account=own.account)["answer"]["nonce"]
        office.clock.at += timedelta(minutes=2)
        assert code_of(answered(office, own.account, body, later)) == FAILED

    def test_only_a_trusted_certificate_of_the_own_party_in_own_hands_is_bound(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        other, _ = bidder(office, 2, code(2))
        authority = root()
        trust(office, authority)
        body = authority.issue()

        assert refused(bind(office, own, root().issue())) == "breaks_clause"
        assert refused(bind(office, own, authority.issue(code(2).id))) == "breaks_clause"
        assert refused(bind(office, own, body, holder=authority.issue())) == "not_entitled"
        assert refused(bind(office, own, authority.issue(until=AT - timedelta(seconds=1)))) == "breaks_clause"
        command = BindCertificate(fingerprint="0" * 64)
        assert refused(office.give(command, own, stream="account-bidder-1")) == "not_found"
        assert refused(bind(office, own, body)) == ""
        assert refused(bind(office, own, body)) == "out_of_phase"
        assert refused(bind(office, other, body)) == "breaks_clause"
        assert code_of(show(office, other.model_copy(update={"account": "bidder-1"}), body)) == ""
        assert (
            code_of(office.ask("keep_certificate", other, account="bidder-1", certificate="x", proof="")) == "not_found"
        )

    def test_a_revoked_certificate_ends_its_sessions_and_lets_nobody_in(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        authority = root()
        trust(office, authority)
        lost, kept = authority.issue(), authority.issue()
        for body in (lost, kept):
            bind(office, own, body)
        sessions = [answered(office, own.account, body)["answer"]["session"] for body in (lost, kept)]

        command = RevokeCertificate(fingerprint=lost.fingerprint, reason="遗失")
        outcome = office.give(command, own, stream="account-bidder-1")

        assert not refused(outcome)
        assert [code_of(entered(office, session)) for session in sessions] == ["not_found", ""]
        assert code_of(answered(office, own.account, lost)) == FAILED
        assert "answer" in answered(office, own.account, kept)
        assert refused(bind(office, own, lost)) == "breaks_clause"

    def test_what_the_authority_revoked_lets_nobody_in_from_then_on(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        authority = root()
        trust(office, authority)
        body = authority.issue()
        bind(office, own, body)
        before = answered(office, own.account, body)

        trust(office, revoked=authority.revoke(body))

        assert "answer" in before
        assert code_of(answered(office, own.account, body)) == FAILED

    def test_passwords_and_persons_outlive_a_rebuilding_of_the_tables(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        office.ask("keep_password", own, password=PASSWORD)
        office.give(SetPassword(), own, stream="account-bidder-1")
        person = told(office, own)
        staff(office, own, "staff-2", 2, person=person)

        rebuild(office.tools.database, lines()["registry"], tables.metadata, project)

        assert "answer" in office.ask("log_in_by_password", SYSTEM, account=own.account, password=PASSWORD)
        assert office.ask("person", own, person=person)["answer"]["accounts"] == ["staff-2"]
