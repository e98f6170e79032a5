"""Two verifiers that share nothing, one of them written from docs/ledger.md alone, say the same of every bundle."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from shared.ledger import stored_zip
from shared.ledger.errors import Malformed
from shared.ledger.policy import parse_policy
from shared.ledger.verify import verify_bundle
from tests.ledger import example
from tests.ledger.factories import LOG, WITNESSES
from tests.second import containers, contents, logs, notes, policies, proofs
from tests.second.scene import FILES, MADE, MEMBERS, REFUSED, Case, step

pytestmark = pytest.mark.system  # it needs node, which `make test` installs

VERIFY = Path(__file__).parent / "verify.js"
EXAMPLE = example.FOLDER
CASES = [*containers.CASES, *contents.CASES, *proofs.CASES, *notes.CASES, *policies.CASES, *logs.CASES]
UNANIMOUS = "".join(
    [
        f"log {LOG.verifier.vkey}\n",
        *(f"witness w{n} {witness.verifier.vkey}\n" for n, witness in enumerate(WITNESSES, start=1)),
        "group everybody all w1 w2 w3\nquorum everybody\n",
    ]
).encode()

Said = list[tuple[str, str]]
Run = Callable[..., subprocess.CompletedProcess[str]]


LONGEST = 200
"""Lines. What is longer is not read, and a verifier that nobody reads proves nothing."""


def test_the_second_verifier_is_short_enough_to_be_read() -> None:
    assert len(VERIFY.read_text("utf-8").splitlines()) <= LONGEST


@pytest.fixture(scope="module")
def run() -> Run:
    """Run the second verifier with these words."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing: install Debian's package nodejs")

    def running(*words: Path | str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([node, VERIFY, *words], capture_output=True, encoding="utf-8", timeout=200, check=False)

    return running


def first(case: Case) -> str:
    try:
        policy = None if case.policy is None else parse_policy(case.policy)
    except Malformed:
        return REFUSED
    return verify_bundle(case.bundle, policy, None if case.log is None else case.log.get).overall


def second(answer: str) -> str:
    said = json.loads(answer)
    details = [found["detail"] for found in said["steps"] if found["ok"] is False]
    if details and details[0].startswith(("TypeError", "ReferenceError")):
        return f"a fault of the program: {details[0]}"
    return str(said["overall"])


def written(cases: Sequence[Case], folder: Path) -> Path:
    """Write every case's files, and the list of them that the second verifier takes."""
    questions: list[dict[str, str]] = []
    for number, case in enumerate(cases):
        files = {"bundle": case.bundle, "policy": case.policy}
        files |= {f"log/{path}": data for path, data in (case.log or {}).items()}
        base = folder / str(number)
        for path, data in files.items():
            if data is not None:
                (base / path).parent.mkdir(parents=True, exist_ok=True)
                (base / path).write_bytes(data)
        asked = {"bundle": True, "policy": case.policy is not None, "log": case.log is not None}
        questions.append({name: str(base / name) for name, given in asked.items() if given})
    (folder / "list.json").write_text(json.dumps(questions))
    return folder / "list.json"


def both(cases: Sequence[Case], run: Run, folder: Path) -> Said:
    """Return what the first and the second verifier say of each case; the second is started once."""
    answers = run("--batch", written(cases, folder))
    assert answers.stderr == ""
    return list(zip(map(first, cases), map(second, answers.stdout.strip().split("\n")), strict=True))


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def flips(draw: random.Random) -> Iterator[Case]:
    """Yield bundles with a bit flipped: anywhere, in a member of a zip made anew, in a file of the log."""
    for bit in draw.sample(range(8 * len(MADE)), 600):
        yield Case(f"bit {bit}", step(1), flipped(MADE, bit), UNANIMOUS)
    for _ in range(600):
        name = draw.choice(list(MEMBERS))
        bit = draw.randrange(8 * len(MEMBERS[name]))
        data = stored_zip.pack({**MEMBERS, name: flipped(MEMBERS[name], bit)})
        yield Case(f"{name}, bit {bit}", "", data, UNANIMOUS)
    for _ in range(100):
        name = draw.choice(list(FILES))
        bit = draw.randrange(8 * len(FILES[name]))
        yield Case(f"log/{name}, bit {bit}", step(7), MADE, UNANIMOUS, {**FILES, name: flipped(FILES[name], bit)})


def test_both_say_what_the_page_says_of_every_case_made_by_hand(run: Run, tmp_path: Path) -> None:
    said = both(CASES, run, tmp_path)

    assert [
        (case.name, case.expected, *pair) for case, pair in zip(CASES, said, strict=True) if {*pair} != {case.expected}
    ] == []
    assert len({case.name for case in CASES}) == len(CASES)


def test_any_flipped_bit_is_found_by_both_at_the_same_step(run: Run, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    cases = list(flips(random.Random(seed)))

    said = both(cases, run, tmp_path)

    missed = [
        (case.name, *pair)
        for case, pair in zip(cases, said, strict=True)
        if len({*pair}) > 1 or not pair[0].startswith(case.expected or "failed at step")
    ]
    assert missed == [], f"seed {seed}"


@pytest.mark.parametrize("case", [containers.FAULT, contents.FAULT], ids=lambda case: case.name)
def test_both_report_what_is_made_to_stop_them(case: Case, run: Run, tmp_path: Path) -> None:
    assert both([case], run, tmp_path) == [(case.expected, case.expected)]


def test_the_worked_example_is_verified_from_the_command_line(run: Run) -> None:
    answer = run(EXAMPLE / "bundle.zip", "--policy", EXAMPLE / "policy", "--log", EXAMPLE / "log")

    said = json.loads(answer.stdout)
    assert (answer.returncode, said["overall"], said["failed_step"]) == (0, "verified", None)
    assert [(found["number"], found["ok"]) for found in said["steps"]] == [(number, True) for number in range(1, 8)]


def test_what_fails_is_told_with_its_step_and_another_exit_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(MADE[:-1])

    answer = run(tmp_path / "bundle")

    said = json.loads(answer.stdout)
    assert (answer.returncode, said["overall"], said["failed_step"]) == (1, "failed at step 1", 1)
    assert [(found["number"], found["ok"]) for found in said["steps"]] == [(1, False)]


def test_a_bundle_of_an_unknown_signer_is_not_verified(run: Run) -> None:
    answer = run(EXAMPLE / "bundle.zip")

    said = json.loads(answer.stdout)
    assert (answer.returncode, said["overall"], said["failed_step"]) == (1, "consistent, signer unknown", None)
    assert [found["ok"] for found in said["steps"]] == [True] * 5 + [None] * 2


@pytest.mark.parametrize(
    "words",
    [
        [],
        [EXAMPLE / "bundle.zip"] * 2,
        ["--police", "a"],
        ["absent"],
        [EXAMPLE / "bundle.zip", "--policy", EXAMPLE / "bundle.zip"],
    ],
    ids=str,
)
def test_a_wrong_question_is_misuse(words: list[Path | str], run: Run) -> None:
    assert run(*words).returncode == 2
