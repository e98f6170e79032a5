"""The client against a door that verifies, refuses, loses answers and keeps commands waiting."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.client import Asker, Client
from cli.command import Here
from cli.output import Misused, Refused, Unanswered
from shared.seal.keys import new_signing_key
from shared.seal.wire import raw
from tests.cli.door import NOW, Door, problem
from tests.seal.world import dice

COMMAND = {"type": "bidding.close_reception"}


def test_a_command_signed_by_the_account_is_done(here: Here, door: Door) -> None:
    outcome = here.client.command(here.asker(), "p1", COMMAND, "id-1")

    assert outcome["events"][0]["type"] == "bidding.close_reception.v1"
    assert door.given == [("id-1", COMMAND)]


def test_the_platforms_clock_is_the_one_that_counts(here: Here) -> None:
    assert here.client.now() == NOW


def test_another_key_does_not_speak_for_the_account(here: Here) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(raw(new_signing_key(dice(5))))

    with pytest.raises(Refused, match="not_authentic"):
        here.client.command(Asker.account("bidder-1", stranger), "p1", COMMAND, "id-1")


def test_a_lost_answer_is_asked_for_again_under_the_same_id(here: Here, door: Door) -> None:
    door.lose = 3

    outcome = here.client.command(here.asker(), "p1", COMMAND, "id-1")

    assert outcome["id"] == "id-1"
    assert len(door.given) == 1


def test_a_command_that_is_kept_is_fetched_by_its_id(here: Here, door: Door) -> None:
    door.keep = 4

    outcome = here.client.command(here.asker(), "p1", COMMAND, "id-1")

    assert outcome["id"] == "id-1"
    assert len(door.given) == 1


def test_a_command_that_stays_undecided_is_told_so(here: Here, door: Door) -> None:
    door.keep = 1000

    with pytest.raises(Unanswered, match="has not decided yet"):
        here.client.command(here.asker(), "p1", COMMAND, "id-1")


def test_a_refusal_is_told_in_both_languages_with_its_article(here: Here, door: Door) -> None:
    door.decide = lambda _procedure, _command: problem(409, "out_of_phase", article="招标投标法 第三十四条")

    with pytest.raises(Refused) as refused:
        here.client.command(here.asker(), "p1", COMMAND, "id-1")

    assert refused.value.zh == "拒绝 out_of_phase"
    assert refused.value.details == {"code": "out_of_phase", "article": "招标投标法 第三十四条", "status": 409}
    assert not isinstance(refused.value, Unanswered)


def test_a_refusal_inside_an_outcome_is_a_refusal(here: Here, door: Door) -> None:
    refusal = {"code": "not_entitled", "zh": "无权", "en": "not yours", "article": "平台规则"}
    door.decide = lambda _procedure, _command: (200, {"id": "x", "events": [], "refusal": refusal})

    with pytest.raises(Refused, match="not yours"):
        here.client.command(here.asker(), "p1", COMMAND, "id-1")


@pytest.mark.parametrize("status", [429, 503, 500])
def test_a_platform_in_trouble_has_not_refused(here: Here, door: Door, status: int) -> None:
    door.decide = lambda _procedure, _command: problem(status, "no_answer")

    with pytest.raises(Unanswered, match="no_answer"):
        here.client.command(here.asker(), "p1", COMMAND, "id-1")


def test_a_platform_too_busy_to_tell_the_time_is_asked_again(here: Here, door: Door) -> None:
    door.busy = 2

    outcome = here.client.command(here.asker(), "p1", COMMAND, "id-1")

    assert (outcome["id"], door.busy) == ("id-1", 0)


def test_nobody_at_the_address_is_told_with_the_address() -> None:
    with pytest.raises(Unanswered, match=r"no answer from http://127\.0\.0\.1:9"):
        Client("http://127.0.0.1:9", pause=lambda _seconds: None).now()


@pytest.mark.parametrize("url", ["no address", "ftp://127.0.0.1"])
def test_what_is_no_address_is_misuse(url: str) -> None:
    with pytest.raises(Misused, match="not the address"):
        Client(url, pause=lambda _seconds: None).now()


def test_a_page_that_is_not_json_is_not_taken_for_an_answer(here: Here, door: Door) -> None:
    door.files["/api/procedures/p1"] = b"<html>"

    with pytest.raises(Unanswered, match="not JSON"):
        here.client.get("/api/procedures/p1")


def test_what_is_not_there_is_nothing_to_find_and_a_refusal_to_get(here: Here) -> None:
    assert here.client.find("/ledger/checkpoint") is None
    with pytest.raises(Refused, match="not_found"):
        here.client.get("/api/procedures/p9")


def test_what_is_being_made_is_waited_for(here: Here, door: Door) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        door.files["/api/procedures/p1/bundle"] = b"zip"

    client = Client(door.url, pause=pause)
    door.not_yet.add("/api/procedures/p1/bundle")

    assert client.await_bytes("/api/procedures/p1/bundle") == b"zip"
    assert waits == [1.0]
    client.close()


def test_what_is_not_there_is_not_waited_for(here: Here) -> None:
    with pytest.raises(Refused, match="not_found"):
        here.client.await_bytes("/api/procedures/p1/bundle")


def test_a_download_goes_to_a_file_and_a_refused_one_is_told(here: Here, door: Door, tmp_path: Path) -> None:
    door.files["/api/blobs/a"] = b"bytes" * 1000
    door.busy = 1

    with (tmp_path / "a").open("w+b") as sink:
        here.client.download("/api/blobs/a", sink, here.asker())
        read = sink.read()
        with pytest.raises(Refused, match="not_found"):
            here.client.download("/api/blobs/b", sink, here.asker())

    assert read == b"bytes" * 1000
