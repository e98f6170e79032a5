"""What a bid says: the statement that stands first in its body, signed by the party itself."""

import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.kernel.canonical import MAX_INTEGER
from shared.seal.keys import BadSignature, sign, signing_public, unsigned, verify
from shared.seal.wire import BidIds, Bytes32, Bytes64, Digest, Id, Wire

STATEMENT_DOMAIN = "ggzy-statement/v1"
_FORBIDDEN_IN_NAMES = frozenset('/\\:*?"<>|')


def _file_name(name: str) -> str:
    """Refuse what could leave a folder, or show as something else than it is (control and format characters)."""
    if name in {".", ".."} or name != name.strip() or _FORBIDDEN_IN_NAMES & set(name):
        raise ValueError("not a plain file name")
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        raise ValueError("a file name holds no control or format characters")
    return name


def _distinct(documents: "tuple[Document, ...]") -> "tuple[Document, ...]":
    if len({document.name for document in documents}) != len(documents):
        raise ValueError("two documents have the same name")
    return documents


def _absent(value: object) -> bool:
    return value is None


def _no_twice(parties: "tuple[Party, ...]") -> "tuple[Party, ...]":
    if len({(party.scheme, party.id) for party in parties}) != len(parties):
        raise ValueError("the same party is named twice")
    return parties


FileName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_file_name)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$")]
Integer = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]


class Party(Wire):
    """Who bids: an identifier under a named scheme (as `CN-USCC`), and the name to read out at the opening."""

    scheme: Id
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Factor(Wire):
    """A value that a declared evaluation formula asks for; ratios are decimal text, never floats."""

    code: Id
    value: Integer | DecimalText


class Document(Wire):
    """One file of the bid; its bytes follow the statement, in the order of the list."""

    name: FileName
    size: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    sha256: Digest


class Consortium(Wire):
    """联合体: the members besides the party that signs and leads, and which document is their joint agreement."""

    members: Annotated[tuple[Party, ...], Field(min_length=1, max_length=20), AfterValidator(_no_twice)]
    agreement: FileName | None = None


class Related(Wire):
    """Another party that controls, holds or manages this one, by its identifier under a scheme."""

    scheme: Id
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Trace(Wire):
    """Who or what made the bid, as a mark (`shared.seal.marks`): equal marks of two bids speak of the same one.

    `author` wrote its files, `agent` acts for the party, `staff` is named for the project, `device` made the files.
    """

    kind: Literal["author", "agent", "staff", "device"]
    mark: Digest


class Declared(Wire):
    """What a bid declares of who makes it: marks of their persons in charge (单位负责人), who controls them, traces.

    They are the party's own and, of a consortium, every member's.
    """

    persons_in_charge: Annotated[tuple[Digest, ...], Field(max_length=21)] = ()
    controllers: Annotated[tuple[Related, ...], Field(max_length=50)] = ()
    traces: Annotated[tuple[Trace, ...], Field(max_length=200)] = ()


class Offer(BidIds):
    """What the party offers, not yet signed: price in fen, 工期 in days (0 where none is asked), 质量 as text.

    What was written before there were the last two, and a price that may be left out (of an application, or of
    technical proposals), has the same bytes as ever: what is absent is not written.
    """

    v: Literal[1] = 1
    party: Party
    price_fen: Annotated[int, Field(gt=0, le=MAX_INTEGER)] | None = Field(default=None, exclude_if=_absent)
    days: Annotated[int, Field(ge=0, le=36_500)]
    quality: Annotated[str, StringConstraints(max_length=500)]
    factors: Annotated[tuple[Factor, ...], Field(max_length=200)] = ()
    documents: Annotated[tuple[Document, ...], Field(max_length=1_000), AfterValidator(_distinct)] = ()
    consortium: Consortium | None = Field(default=None, exclude_if=_absent)
    declared: Declared | None = Field(default=None, exclude_if=_absent)

    @model_validator(mode="after")
    def _consortium_is_whole(self) -> Self:
        if self.consortium is None:
            return self
        if (self.party.scheme, self.party.id) in {(one.scheme, one.id) for one in self.consortium.members}:
            raise ValueError("the party that leads a consortium is not among its other members")
        if self.consortium.agreement not in {None, *(document.name for document in self.documents)}:
            raise ValueError("the joint agreement is one of the bid's documents")
        return self


class PartySignature(Wire):
    """The signature of the party's account key, with its public half; whether it is the party's, registry says."""

    public_key: Bytes32
    signature: Bytes64


class Statement(Offer):
    """An offer with the party's signature over the canonical bytes of everything else in it.

    Its digest stands for the whole plaintext: it names every document by size and SHA-256, and a body holds
    nothing else.
    """

    party_signature: PartySignature


def sign_offer(offer: Offer, account_key: str) -> Statement:
    """Return the offer signed with the party's account key (Ed25519, domain ggzy-statement/v1)."""
    signature = PartySignature(
        public_key=signing_public(account_key), signature=sign(account_key, STATEMENT_DOMAIN, offer.to_bytes())
    )
    return Statement.model_validate({**dict(offer), "party_signature": signature})


def signature_holds(statement: Statement) -> bool:
    """Tell whether the statement's signature is that of the key it carries."""
    by = statement.party_signature
    try:
        verify(by.public_key, STATEMENT_DOMAIN, unsigned(statement, "party_signature"), by.signature)
    except BadSignature:
        return False
    return True


def span(statement: Statement, name: str) -> tuple[int, int]:
    """Return offset and size of a document in the plaintext. Raise KeyError if there is none of that name."""
    offset = 4 + len(statement.to_bytes())
    for document in statement.documents:
        if document.name == name:
            return offset, document.size
        offset += document.size
    raise KeyError(name)


def plaintext_size(statement: Statement) -> int:
    """Return the size in bytes of the body's plaintext: length, statement and documents."""
    return 4 + len(statement.to_bytes()) + sum(document.size for document in statement.documents)
