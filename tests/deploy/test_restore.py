"""The restore drill: a tender is half way, everything is lost, and it goes on from the backup to its contract."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.demo.cast import Cast
from cli.demo.notices import FILES, NOTICES, plan_of
from cli.demo.play import Play
from cli.demo.telling import Progress
from cli.output import Refused
from shared.ledger.checkpoint import parse
from tests.deploy.deployed import DeployedRabbitMQ
from tests.deploy.stage import DeployedStage
from tests.deploy.test_runbook import LINES
from tests.servers.postgres import PrivatePostgres

pytestmark = [
    pytest.mark.soak,  # minutes of playing, backing up and destroying
    pytest.mark.skipif(
        bool({"AMQP_URI", "DATABASE_URL"} & set(os.environ)), reason="servers of one's own are needed, to be lost"
    ),
]


REFUSED_TO_SIGN = "leaves was signed, and there are only"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DeployedStage]:
    with (
        DeployedRabbitMQ() as rabbitmq,
        PrivatePostgres() as postgres,
        DeployedStage(tmp_path / "data", rabbitmq, postgres) as made,
    ):
        yield made


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text("kept elsewhere\n")
    return path


def half_way(stage: DeployedStage) -> tuple[Play, list[str]]:
    """Play a real notice until most of its bids are in; return the play and its bidders."""
    cast = Cast(stage)
    cast.assemble()
    plan = plan_of(NOTICES / FILES[0])
    bidders = cast.bidders([party for party in plan.parties if party.kind == "enterprise"])
    play = Play(stage, cast, plan.tenders[0], Progress(quiet=True))
    play._announce()
    for number, bidder in enumerate(bidders[:-1]):
        play._bid(bidder, number)
    return play, bidders


def to_the_end(play: Play, bidders: list[str]) -> dict[str, Any]:
    """Hand the last bid in, open, and award; return the tender's page."""
    play._bid(bidders[-1], len(bidders) - 1)
    play._reach_deadline(bidders)
    play._open(bidders)
    play._award()
    return play._page()


def verified(stage: DeployedStage) -> str:
    """Return what `ggzy verify` says of the ledger that is there, by the key that the witness keeps."""
    vkey = (stage.data / "witness.logs").read_text().strip()
    return stage.ggzy("verify", "--log", str(stage.data / "ledger"), "--vkey", vkey, "--json")


def test_a_tender_goes_on_from_the_backup_to_its_contract(
    stage: DeployedStage, passphrase: Path, tmp_path: Path
) -> None:
    play, bidders = half_way(stage)
    before, page = stage.checkpoint(), play._page()
    stage.back_up(tmp_path / "backup", passphrase)

    stage.destroy()
    stage.make_servers_anew()
    stage.restore(tmp_path / "backup", passphrase)
    verified(stage)
    stage.restart_platform()

    assert play._page() == page
    assert stage.checkpoint().startswith(before.partition(b"\n\n")[0])
    shown = to_the_end(play, bidders)
    assert shown["phase"] == "contracted"
    assert len(shown["opening_record"]["rows"]) == len(bidders)
    assert {row["outcome"] for row in shown["opening_record"]["rows"]} == {"unsealed"}
    verified(stage)
    policy = tmp_path / "policy"
    policy.write_bytes(stage.client.fetch("/api/ledger/policy"))
    stage.checkpoint()
    stage.ggzy("verify", "--log", str(stage.data / "ledger"), "--policy", str(policy))


def test_an_older_backup_beside_a_newer_ledger_is_never_signed_on(
    stage: DeployedStage, passphrase: Path, tmp_path: Path
) -> None:
    play, bidders = half_way(stage)
    stage.checkpoint()
    stage.back_up(tmp_path / "backup", passphrase)
    play._bid(bidders[-1], len(bidders) - 1)
    newest = stage.checkpoint()
    shutil.copytree(stage.data / "ledger", tmp_path / "ledger")

    stage.destroy()
    stage.make_servers_anew()
    stage.restore(tmp_path / "backup", passphrase, LEDGER=str(tmp_path / "ledger"))
    stage.restart_platform()
    log = stage.data / "serve-audit.log"

    assert stage.wait("the refusal to sign", lambda: REFUSED_TO_SIGN in log.read_text())
    assert (stage.data / "ledger" / "checkpoint").read_bytes() == newest
    ((signed,),) = stage.postgres.execute("SELECT max(size) FROM audit.checkpoint", "ggzy")
    assert signed < parse(newest).size


def test_a_line_restored_from_an_older_backup_is_given_its_records_again(
    stage: DeployedStage, passphrase: Path, tmp_path: Path
) -> None:
    play, bidders = half_way(stage)
    stage.back_up(tmp_path / "backup", passphrase)
    play._bid(bidders[-1], len(bidders) - 1)
    stage.checkpoint()
    asked = "SELECT position FROM bidding.head"
    ((recorded,),) = stage.postgres.execute(asked, "ggzy")

    stage.stop_platform()
    stage.restore_alone("bidding", tmp_path / "backup")
    ((kept,),) = stage.postgres.execute(asked, "ggzy")
    stage.restart_platform()
    with pytest.raises(Refused) as refused:
        play._agency.give(play.procedure, {"type": "bidding.start_opening"})
    behind = stage.wait("the guard", lambda: stage.client.get("/api/health").get("behind"))
    ((still,),) = stage.postgres.execute(asked, "ggzy")
    said = stage.recover("bidding")

    assert kept < recorded
    assert still == kept
    assert refused.value.details["code"] == "not_yet"
    assert behind == ["bidding"]
    assert said["records"] == recorded - kept
    assert "behind" not in stage.client.get("/api/health")
    play._reach_deadline(bidders)
    play._open(bidders)
    play._award()
    page = play._page()
    assert page["phase"] == "contracted"
    assert {row["outcome"] for row in page["opening_record"]["rows"]} == {"unsealed"}
    verified(stage)
    bundle, policy = tmp_path / "bundle.zip", tmp_path / "policy"
    policy.write_bytes(stage.client.fetch("/api/ledger/policy"))
    stage.checkpoint()
    bundle.write_bytes(stage.client.await_bytes(f"/api/procedures/{play.procedure}/bundle", None))
    stage.ggzy("verify", str(bundle), "--policy", str(policy), "--log", str(stage.data / "ledger"))


def test_the_audit_may_number_its_findings(stage: DeployedStage) -> None:
    asked = "SELECT has_sequence_privilege('audit', 'audit.finding_number_seq', 'USAGE')"

    assert stage.postgres.execute(asked, "ggzy") == [(True,)]


def test_the_runbooks_questions_to_the_database_can_be_asked(stage: DeployedStage) -> None:
    for line in LINES:
        if line.startswith("sql ") and "SELECT" in line:
            stage.postgres.execute(shlex.split(line)[1], "ggzy")


def test_a_backup_that_is_not_whole_is_not_restored(stage: DeployedStage, passphrase: Path, tmp_path: Path) -> None:
    stage.back_up(tmp_path / "backup", passphrase)
    dump = tmp_path / "backup" / "database.dump"
    whole = dump.read_bytes()

    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(subprocess.CalledProcessError):
        stage.restore(tmp_path / "backup", passphrase)
    dump.write_bytes(whole)
    with pytest.raises(subprocess.CalledProcessError):
        stage.restore(tmp_path / "backup", passphrase)  # the database is not empty

    names = {path.name for path in (tmp_path / "backup").iterdir()}
    assert names == {"database.dump", "files.tar", "keys.tar.enc", "NOTE.txt", "SHA256SUMS"}
    assert b"keys/" not in (tmp_path / "backup" / "files.tar").read_bytes()
