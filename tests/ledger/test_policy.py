"""Trust policies: the grammar of c2sp.org/tlog-policy, and which checkpoints meet one."""

import pytest

from shared.ledger import checkpoint
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import BadSignature, Malformed, QuorumNotMet, Unsigned
from shared.ledger.keys import COSIGNATURE, ED25519, Signer
from shared.ledger.policy import parse_policy
from tests.ledger.factories import LOG, ORIGIN, POLICY_TEXT, STRANGER, TIME, WITNESSES, Log, policy

LOG_LINE = f"log {LOG.verifier.vkey}\n"
W1, W2, W3 = (f"witness w{n} {witness.verifier.vkey}\n" for n, witness in enumerate(WITNESSES, start=1))
ALL = LOG_LINE + W1 + W2 + W3
SAMPLE = Log([b"one", b"two"])


def test_a_policy_is_read_with_comments_blanks_tabs_and_urls() -> None:
    text = (
        f"# 本市信任策略\n\n \t log\t{LOG.verifier.vkey}  https://ledger.example/\t\n"
        f"{W1}  # a comment\nwitness 省局 {WITNESSES[1].verifier.vkey} https://w2.example/\nquorum 省局\n"
    )

    read = policy(text)

    assert read.logs == [LOG.verifier]
    assert read.witnesses == {"w1": WITNESSES[0].verifier, "省局": WITNESSES[1].verifier}
    assert read.quorum == "省局"


@pytest.mark.parametrize(
    ("lines", "enough", "too_few"),
    [
        ("quorum none\n", [[], ["w1"]], []),
        ("quorum w2\n", [["w2"], ["w1", "w2"]], [[], ["w1", "w3"]]),
        ("group g any w1 w2\nquorum g\n", [["w1"], ["w2"]], [[], ["w3"]]),
        ("group g all w1 w2\nquorum g\n", [["w1", "w2"]], [["w1"], ["w2", "w3"]]),
        ("group g 2 w1 w2 w3\nquorum g\n", [["w1", "w3"], ["w1", "w2", "w3"]], [["w2"], []]),
        (
            "group city 1 w1 w2\ngroup both all city w3\nquorum both\n",
            [["w1", "w3"], ["w2", "w3"]],
            [["w1", "w2"], ["w3"], ["city", "w3"]],
        ),
    ],
)
def test_a_quorum_is_met_by_enough_members(lines: str, enough: list[list[str]], too_few: list[list[str]]) -> None:
    read = policy(ALL + lines)

    assert all(read.met_by(names) for names in enough)
    assert not any(read.met_by(names) for names in too_few)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ALL,
        f"{ALL}quorum none\nquorum none\n",
        f"{ALL}quorum w4\n",
        f"quorum w1\n{ALL}",
        f"{ALL}quorum\n",
        f"{ALL}quorum w1 w2\n",
        f"{ALL}{LOG_LINE}quorum none\n",
        f"{ALL}log {Signer('other', ED25519, LOG.seed).verifier.vkey}\nquorum none\n",
        f"{ALL}{W1.replace('w1 ', 'w4 ', 1)}quorum none\n",
        f"{ALL}witness w1 {Signer('x', COSIGNATURE, bytes(32)).verifier.vkey}\nquorum none\n",
        f"{ALL}witness none {Signer('x', COSIGNATURE, bytes(32)).verifier.vkey}\nquorum none\n",
        f"{ALL}witness w4 {Signer('x', ED25519, bytes(32)).verifier.vkey}\nquorum none\n",
        f"{ALL}group g any\nquorum g\n",
        f"{ALL}group g all\nquorum g\n",
        f"{ALL}group g 0 w1\nquorum g\n",
        f"{ALL}group g 02 w1 w2\nquorum g\n",
        f"{ALL}group g 3 w1 w2\nquorum g\n",
        f"{ALL}group g some w1\nquorum g\n",
        f"{ALL}group g any none\nquorum g\n",
        f"{ALL}group g any w4\nquorum g\n",
        f"{ALL}group g any g\nquorum g\n",
        f"{ALL}group w1 any w2\nquorum none\n",
        f"{ALL}group g 2 w1 w1\nquorum g\n",
        f"{ALL}group g any w1\ngroup h all w1 w2\nquorum h\n",
        f"{ALL}trust everybody\nquorum none\n",
        f"{ALL}log\nquorum none\n",
        f"{ALL}log not-a-key\nquorum none\n",
        f"{ALL}\r\nquorum none\n",
        f"{ALL}quorum none\n\0",
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        policy(text)


def test_the_line_at_fault_is_named() -> None:
    with pytest.raises(Malformed, match="policy line 5: 'w9' is not defined above"):
        policy(f"{ALL}quorum w9\n")


def test_names_are_octets() -> None:
    text = ALL.encode().replace(b"witness w1 ", b"witness \xff\xfe ")

    read = parse_policy(text + b"quorum \xff\xfe\n")

    assert read.quorum in read.witnesses
    with pytest.raises(Malformed):
        parse_policy(text + b"quorum \xff\xff\n")


def test_a_checkpoint_with_its_log_and_a_quorum_meets_the_policy() -> None:
    found = policy().check(SAMPLE.note(witnesses=WITNESSES[:2]))

    assert found.checkpoint.size == 2
    assert found.log == LOG.verifier
    assert found.witnesses == {"w1": TIME, "w2": TIME}


def test_too_few_witnesses_are_no_quorum() -> None:
    with pytest.raises(QuorumNotMet, match="w3"):
        policy().check(SAMPLE.note(witnesses=WITNESSES[2:]))


def test_a_stranger_under_the_logs_name_is_not_the_log() -> None:
    with pytest.raises(Unsigned):
        policy().check(SAMPLE.note(signer=STRANGER))


def test_another_logs_signature_does_not_count() -> None:
    other = Signer("other.example", ED25519, bytes([9]) * 32)
    text = POLICY_TEXT + f"log {other.verifier.vkey}\n"
    signed = checkpoint.sign(Checkpoint(ORIGIN, 2, SAMPLE.root()), other)
    cosigned = checkpoint.with_cosignatures(signed, [checkpoint.cosign(signed, w, TIME) for w in WITNESSES])

    with pytest.raises(Unsigned):
        policy(text).check(cosigned)
    with pytest.raises(Unsigned):
        policy(text).check(checkpoint.sign(Checkpoint("unheard.example", 2, SAMPLE.root()), LOG))


def test_a_bad_cosignature_of_a_known_witness_spoils_the_checkpoint() -> None:
    other = Log([b"another tree"]).note()
    wrong = checkpoint.cosign(other, WITNESSES[2], TIME)
    spoiled = checkpoint.with_cosignatures(SAMPLE.note(witnesses=WITNESSES[:2]), [wrong])

    with pytest.raises(BadSignature):
        policy().check(spoiled)


def test_a_policy_of_witnesses_alone_believes_no_log() -> None:
    with pytest.raises(Unsigned):
        policy(W1 + "quorum w1\n").check(SAMPLE.note())
