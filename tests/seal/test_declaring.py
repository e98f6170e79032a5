"""What a statement may say besides: consortium and declarations; what does not say them has the bytes it always had."""

import pytest
from pydantic import ValidationError

from shared.kernel.canonical import decode
from shared.seal.keys import new_signing_key
from shared.seal.marks import mark
from shared.seal.statement import (
    Consortium,
    Declared,
    Document,
    Offer,
    Party,
    Related,
    Statement,
    Trace,
    sign_offer,
    signature_holds,
)

LEAD, PARTNER = Party(scheme="X-TEST", id="a", name="甲"), Party(scheme="X-TEST", id="b", name="乙")
AGREEMENT = Document(name="联合体协议.pdf", size=3, sha256="a" * 64)


def offer(**more: object) -> Offer:
    plain = {
        "tender": "t", "lot": "l", "bid": "b", "token": "k", "party": LEAD, "price_fen": 100, "days": 0, "quality": ""
    }  # fmt: skip
    return Offer.model_validate({**plain, **more})


def test_what_is_not_said_is_not_written() -> None:
    plain = {"bid", "days", "documents", "factors", "lot", "party", "price_fen", "quality", "tender", "token", "v"}

    assert set(decode(offer().to_bytes())) == plain
    assert set(decode(offer(price_fen=None).to_bytes())) == plain - {"price_fen"}


def test_what_is_said_is_signed_and_read_back() -> None:
    consortium = Consortium(members=(PARTNER,), agreement=AGREEMENT.name)
    declared = Declared(
        persons_in_charge=(mark("t", "王某"),),
        controllers=(Related(scheme="CN-USCC", id="91350000MA347WHE48"),),
        traces=(Trace(kind="author", mark=mark("t", "李某")),),
    )
    statement = sign_offer(
        offer(documents=(AGREEMENT,), consortium=consortium, declared=declared), new_signing_key(bytes)
    )

    again = Statement.from_bytes(statement.to_bytes())

    assert again == statement
    assert signature_holds(again)
    assert not signature_holds(again.model_copy(update={"consortium": None}))
    assert not signature_holds(again.model_copy(update={"declared": None}))


@pytest.mark.parametrize(
    "consortium",
    [
        {"members": ()},
        {"members": (PARTNER, PARTNER)},
        {"members": (LEAD,)},
        {"members": (PARTNER,), "agreement": "no-such-file.pdf"},
    ],
)
def test_a_consortium_has_other_members_each_once_and_an_agreement_among_the_documents(
    consortium: dict[str, object],
) -> None:
    with pytest.raises(ValidationError):
        offer(consortium=consortium, documents=(AGREEMENT,))


def test_a_mark_is_the_same_for_the_same_name_in_the_same_tender_alone() -> None:
    assert mark("t", "Wang  Wu 3705") == mark("t", "WANG wu 3705")  # white space and case do not tell people apart
    assert mark("t", "王五") != mark("t", "王六")
    assert mark("t", "王五") != mark("u", "王五")
