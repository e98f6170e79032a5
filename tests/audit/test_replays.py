"""Replay and redecide: what a stream was at any instant, for whom, and whether its decisions come out again."""

from datetime import timedelta

from sqlalchemy import text

from shared.kernel.canonical import instant
from tests.audit.bureau import Bureau
from tests.store.till import AT, asked, closing

ONE = "witness.example/w1"


def test_replay_is_the_fold_of_the_records_alone(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 50), asked("c", 40), closing("d"), asked("e"))
    bureau.relay()
    with bureau.till.read() as connection:
        state = bureau.handler._states.load(connection, ["t1"])["t1"]

    told = bureau.told("replay", "supervisor", service="till", stream="t1", key=bureau.stream_key("t1").hex())

    assert told["state"] == state.state.model_dump(mode="json") == {"held": 100, "open": False}
    assert (told["version"], told["phase"]) == (5, "till")
    assert [event["type"].split(".")[1] for event in told["events"]] == [
        "coin_put", "request_refused", "coin_put", "till_closed", "request_refused",
    ]  # fmt: skip


def test_replay_stops_at_an_instant_and_shows_what_a_role_could_see_then(bureau: Bureau) -> None:
    for number, arrival in enumerate([asked("a", 60), asked("b", 30), closing("c")]):
        bureau.clock.at = AT + timedelta(minutes=number)
        bureau.do(arrival)
    bureau.relay()
    noon, key = instant(AT + timedelta(seconds=90)), bureau.stream_key("t1").hex()

    at_noon = bureau.told("replay", "supervisor", stream="t1", at=noon, role="bidder", key=key)
    first = bureau.told("replay", "supervisor", stream="t1", version=1, key=key)
    whole = bureau.told("replay", "public", stream="t1")

    assert at_noon["state"] == {"held": 90, "open": True}
    assert [event["visible"] for event in at_noon["events"]] == [False, False]
    assert (first["version"], first["state"]) == (1, {"held": 60, "open": True})
    assert [event["visible"] for event in whole["events"]] == [True] * 3
    assert (whole["version"], whole["state"]) == (None, None)
    assert {event["position"] for event in whole["events"]} == {None}


def test_beyond_what_there_is_who_holds_the_key_is_told_how_much_there_is(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 30))
    bureau.relay()
    key, before = bureau.stream_key("t1").hex(), instant(AT - timedelta(days=1))

    beyond = bureau.ask("replay", "supervisor", stream="t1", version=3, key=key)["refusal"]
    early = bureau.ask("replay", "supervisor", stream="t1", at=before, key=key)["refusal"]

    assert (beyond["code"], beyond["zh"]) == ("not_found", "该项目目前只有2版")
    assert (early["code"], early["zh"]) == ("not_found", "该时刻之前没有记录")


def test_while_it_is_a_secret_nobody_replays_it_but_who_holds_the_key(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 1000))
    bureau.relay()
    key = bureau.stream_key("t1").hex()

    public = bureau.told("replay", "public", stream="t1")
    watched = bureau.told("replay", "supervisor", stream="t1")
    keyed = bureau.told("replay", "agency", stream="t1", key=key)
    own = bureau.told("replay", "agency", "ann", stream="t1")

    for told in (public, watched):
        assert [event["type"] for event in told["events"]] == ["till.request_refused.v1"]
        assert (told["version"], told["state"], told["events"][0]["version"]) == (None, None, None)
    assert (keyed["version"], keyed["state"]) == (2, {"held": 60, "open": True})
    assert len(own["events"]) == 2


def test_where_nothing_is_hidden_numbers_are_told_to_who_holds_the_key_all_the_same(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), closing("b"))
    bureau.relay()

    told = bureau.told("replay", "supervisor", stream="t1")

    assert len(told["events"]) == 2
    assert (told["version"], told["state"], told["events"][0]["position"]) == (None, None, None)


def test_nobody_without_the_key_counts_versions_by_asking_from_which_on_its_own_event_is_there(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 1000, role="supervisor"))
    bureau.relay()

    for version in (1, 2, 3):
        assert bureau.refusal("replay", "supervisor", stream="t1", version=version) == "not_entitled"
        assert bureau.refusal("replay", "supervisor", stream="t9", version=version) == "not_entitled"
        guessed = {"version": version, "key": "00" * 32}
        assert bureau.refusal("replay", "supervisor", stream="t1", **guessed) == "not_found"
        assert bureau.refusal("replay", "supervisor", stream="t9", **guessed) == "not_found"


def test_only_supervision_looks_through_other_eyes_or_counts_versions(bureau: Bureau) -> None:
    bureau.do(asked("a"), closing("b"))
    bureau.relay()

    assert bureau.refusal("replay", "agency", stream="t1", role="supervisor") == "not_entitled"
    assert bureau.refusal("replay", "public", stream="t1", version=1) == "not_entitled"
    assert bureau.told("replay", "supervisor", stream="t1", **{"as": "public"})["role"] == "public"
    assert bureau.refusal("replay", "supervisor", stream="t1", at="yesterday") == "bad_input"
    assert bureau.refusal("replay", "supervisor", stream="nowhere") == "not_found"


def test_without_the_services_own_tables_replay_is_the_same(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), closing("b"))
    bureau.relay()
    before = bureau.told("replay", "supervisor", stream="t1")

    with bureau.till.write() as connection:
        connection.execute(text("DROP TABLE till"))
    with bureau.tools.database.write() as connection:
        for name in ("finding", "waiting", "checkpoint", "cosignature", "tile", "ledger_head"):
            kept = connection.execute(text(f"SELECT positions FROM {name}")).all() if name == "ledger_head" else None
            assert kept is None or len(kept) == 1
            if name != "ledger_head":
                connection.execute(text(f"DROP TABLE {name}"))

    assert bureau.told("replay", "supervisor", stream="t1") == before


def test_decisions_made_again_agree(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 50), asked("c", 40), closing("d"), asked("e", role="public"))
    bureau.relay()

    told = bureau.told("redecide", "supervisor", stream="t1", requests=bureau.requests("t1"))

    assert told == {"service": "till", "stream": "t1", "ok": True, "decisions": 5, "difference": None}


def test_a_plausible_record_that_was_never_decided_is_found(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 30))
    forge(bureau, b'"fen":30', b'"fen":35')
    bureau.relay()

    folded = bureau.told("replay", "system", stream="t1")
    told = bureau.told("redecide", "supervisor", stream="t1", requests=bureau.requests("t1"))

    assert folded["state"]["held"] == 95
    assert not told["ok"]
    assert "decision 1 (b)" in told["difference"]


def test_a_request_that_is_missing_or_not_the_recorded_one_is_found(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 30))
    bureau.relay()
    first, second = bureau.requests("t1")

    missing = bureau.told("redecide", "supervisor", stream="t1", requests=[first])
    swapped = bureau.told("redecide", "supervisor", stream="t1", requests=[first, {**first, "version": 2}])
    later = bureau.told("redecide", "supervisor", stream="t1", requests=[first, second, {**second, "version": 3}])

    assert missing["difference"].startswith("version 2: the request of this decision is missing")
    assert swapped["difference"].startswith("version 2: the stored request is not the one")
    assert later["ok"]
    assert bureau.refusal("redecide", "agency", stream="t1", requests=[]) == "not_entitled"
    assert bureau.refusal("redecide", "supervisor", stream="t1") == "bad_input"


def forge(bureau: Bureau, what: bytes, instead: bytes) -> None:
    """Rewrite a record in the service's own journal, digest and leaf included, before it is relayed."""
    from hashlib import sha256

    with bureau.till.write() as connection:
        connection.execute(text("DROP TRIGGER journal_no_UPDATE"))
        for position, record, leaf in connection.execute(text("SELECT position, record, leaf FROM journal")).all():
            if what in record:
                forged = record.replace(what, instead)
                digests = [sha256(data).hexdigest().encode() for data in (record, forged)]
                connection.execute(
                    text("UPDATE journal SET record = :record, leaf = :leaf WHERE position = :position"),
                    {"record": forged, "leaf": leaf.replace(*digests), "position": position},
                )
