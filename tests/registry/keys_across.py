"""Keys that are renewed or lost between a bid and its opening, on whatever database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from services.registry.domain.commands import (
    ChangeKey,
    CloseAccount,
    ReportKeyLost,
    RevokeCertificate,
)
from services.registry.domain.values import disclosure_stream
from shared.kernel.outcome import Outcome
from shared.kernel.request import SYSTEM, Actor
from shared.seal.wire import raw, text
from tests.registry.authority import root
from tests.registry.coming_in import bind, refused, staff, trust
from tests.registry.office import Office, OfficeCases, bidder, credential, keys_collected, records
from tests.registry.world import AT, BRIDGE, OPERATOR, key, open_account

LOST = ReportKeyLost(reason="U盾遗失")


class Openings(OfficeCases):
    """Renewed and lost keys, between the submission of a bid and its opening."""

    def _holder(self, office: Office, own: Actor, happens: Callable[[], None]) -> dict[str, Any]:
        token = credential(office, own, "T1").token
        office.clock.at += timedelta(hours=1)
        happens()
        office.clock.at += timedelta(hours=1)
        office.handled.learn([keys_collected(token)])
        (record,) = records(office, disclosure_stream("T1"))
        (holder,) = record.data["holders"]
        return dict(holder)

    def test_a_renewed_key_leaves_what_the_old_one_signed(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)

        holder = self._holder(
            office, own, lambda: self._done(office.give(ChangeKey(public_key=key(8)), own, stream="account-bidder-1"))
        )

        assert holder["account_keys"] == [key(101), key(8)]
        assert "revoked" not in holder

    def test_a_lost_key_is_disclosed_with_the_instant_from_which_it_signs_nothing(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        since = AT + timedelta(hours=1)

        def lose() -> None:
            self._done(office.give(LOST, own, stream="account-bidder-1"))
            self._done(office.give(ChangeKey(public_key=key(8)), OPERATOR, stream="account-bidder-1"))

        holder = self._holder(office, own, lose)

        assert holder["account_keys"] == [key(101), key(8)]
        assert holder["revoked"] == [{"public_key": key(101), "since": f"{since:%Y-%m-%dT%H:%M:%S}.000000Z"}]
        assert office.ask("account", SYSTEM, id="bidder-1")["answer"]["public_key"] == key(8)

    def test_a_lost_key_opens_no_door(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)

        office.give(LOST, own, stream="account-bidder-1")

        assert office.ask("account", SYSTEM, id="bidder-1")["answer"]["public_key"] == ""
        command = open_account("bidder-1c", party=own.party, public_key=key(101))
        assert refused(office.give(command)) == "breaks_clause"

    def test_the_keys_of_renewed_and_of_lost_certificates_are_disclosed_alike(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        authority = root()
        trust(office, authority)
        old, new = authority.issue(), authority.issue()
        bind(office, own, old)

        def lose() -> None:
            self._done(bind(office, own, new))
            lost = RevokeCertificate(fingerprint=old.fingerprint, reason="遗失")
            self._done(office.give(lost, own, stream="account-bidder-1"))

        holder = self._holder(office, own, lose)

        public = [text(body.key.public_key().public_bytes_raw()) for body in (old, new)]
        assert holder["account_keys"] == [key(101), *public]
        assert [item["public_key"] for item in holder["revoked"]] == public[:1]
        assert raw(public[0]) in old.certificate.public_bytes(Encoding.DER)

    def test_the_keys_of_a_member_of_staff_who_left_are_disclosed_and_sign_nothing_since(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        staff(office, own, "staff-2", 2)
        since = AT + timedelta(hours=1)

        holder = self._holder(
            office, own, lambda: self._done(office.give(CloseAccount(), own, stream="account-staff-2"))
        )

        assert holder["account_keys"] == [key(101), key(2)]
        assert holder["revoked"] == [{"public_key": key(2), "since": f"{since:%Y-%m-%dT%H:%M:%S}.000000Z"}]

    def _done(self, outcome: Outcome) -> None:
        assert not refused(outcome), outcome.refusal
