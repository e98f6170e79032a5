"""What the handler finds for a decision, and the one secret of a tender."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pydantic import Field

from services.bidding.domain.access.values import Linked
from services.bidding.domain.events import CoversRevealed, ReceptionClosed
from services.bidding.domain.outages.messages import Silence
from services.bidding.domain.remedies.events import TenderTerminated
from services.bidding.domain.rows import Checkpoint, Covers, Holder, Sanctioned, UnsealedBid
from services.bidding.domain.values import absent
from shared.kernel.message import Message, Sha256
from shared.procedure.drawn import DrawFile
from shared.procedure.seating import Known
from shared.seal.wire import Bytes32, Bytes65, raw


class Disclosure(Message):
    """What the registry disclosed: the tender's token key and the holders of its tokens."""

    tender_key: Bytes32
    holders: tuple[Holder, ...]


class Facts(Message):
    """What a decision may rely on besides command and state; each field serves the commands named.

    `rulebook`, `calendar`, `meaning_public_key`: publish_tender. `registry_key` (its public half), `not_suspended`,
    `uploaded` (see `hidden_upload`): deliver_sealed. `pending_arrivals`: close_reception and
    end_key_collection. `witness`: note_witness. `unsealed`: record_unsealing. `disclosure`: note_disclosure.
    `calendar_year` (the file of the year as it was last published): recount_deadlines; what was stored before there
    was such a command does not have it, so it is left out where there is none. `linked` (each procedure that the
    draft names), `operators` (who may not bid here, as `scheme:id`), `admission_salt` and `covers`: publish_tender.
    `silence` (the time without service in which the deadline passed): close_reception, and deliver_sealed after it.
    `draw` (of the tender's experts, or of who is next) and `members` (whoever may sit): form_committee, replace_member.
    `draws` (all that were held for it, in the order of their results, where there are several): the same.
    `sanctioned` (what stands against candidates): award_tender, drop_candidate.
    `removed` says of who asks that the registry closed its account, or opened it not to act; there are no other facts.
    """

    rulebook: Sha256 | None = None
    calendar: Sha256 | None = None
    meaning_public_key: Bytes65 | None = None
    registry_key: Bytes32 | None = None
    not_suspended: bool = False
    uploaded: Sha256 | None = None
    pending_arrivals: int = 0
    witness: Checkpoint | None = None
    unsealed: tuple[UnsealedBid, ...] | None = None
    disclosure: Disclosure | None = None
    calendar_year: Sha256 | None = Field(default=None, exclude_if=lambda digest: digest is None)
    linked: tuple[Linked, ...] = Field(default=(), exclude_if=absent)
    operators: tuple[str, ...] = Field(default=(), exclude_if=absent)
    admission_salt: Bytes32 | None = Field(default=None, exclude_if=absent)
    covers: Covers | None = Field(default=None, exclude_if=absent)
    draw: DrawFile | None = Field(default=None, exclude_if=lambda draw: draw is None)
    silence: Silence | None = Field(default=None, exclude_if=absent)
    members: tuple[Known, ...] = Field(default=(), exclude_if=lambda members: not members)
    draws: tuple[DrawFile, ...] = Field(default=(), exclude_if=absent)
    sanctioned: tuple[Sanctioned, ...] = Field(default=(), exclude_if=absent)
    removed: bool = Field(default=False, exclude_if=lambda removed: not removed)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The tender's private meaning key and the seed of its covers (base64url), held until they are released."""

    meaning_key: str | None = field(default=None, repr=False)
    cover_seed: str | None = field(default=None, repr=False)


@lru_cache(maxsize=8)  # a fact of a delivery, and at once again for the decision
def hidden_upload(meaning_key: str, command: str, *, complete: bool) -> str:
    """Return what the stored request of a delivery says of the body that it names: HMAC-SHA-256 under the meaning key.

    `complete` is true where it names none. In the clear, a body that is missing would tell a reader of the requests
    that this was a bid; the command's id makes each of them another.
    """
    said = f"ggzy-upload/v1|{command}|{'complete' if complete else 'truncated'}"
    return hmac.digest(raw(meaning_key), said.encode(), "sha256").hex()


def released(events: Iterable[object]) -> Secrets:
    """Return the secrets that a record discloses, for its decisions to be made again."""
    events = list(events)
    keys = (event.meaning_key for event in events if isinstance(event, ReceptionClosed | TenderTerminated))
    seeds = (event.seed for event in events if isinstance(event, CoversRevealed))
    return Secrets(meaning_key=next(filter(None, keys), None), cover_seed=next(seeds, None))
