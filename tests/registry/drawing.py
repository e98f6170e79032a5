"""Draws of experts on every database: inherited once for SQLite and once for PostgreSQL."""

from base64 import b64decode
from datetime import timedelta

from services.registry import LINE
from services.registry.domain.draws import COMMITTING, REVEALING, WITNESSING
from services.registry.domain.expert_commands import CommitDraw, DeclineSeat, SetExpertStanding, TieExpert
from services.registry.domain.expert_values import draw_stream, expert_stream
from shared.kernel.decider import Decision, redecide
from shared.kernel.outcome import Outcome
from shared.kernel.request import Actor
from shared.procedure.drawn import verify_draw
from shared.procedure.recusal import Ground
from tests.registry.draws import (
    PUBLIC,
    STREAM,
    awarded,
    commit_as,
    drawn,
    experts,
    file_of,
    give_draw,
    refused,
    reveal_as,
    stage,
    witnessed,
)
from tests.registry.library import AGENCY, BIDDER, digest, enrol, request
from tests.registry.office import Office, OfficeCases, records
from tests.registry.world import AT, OPERATOR, SUPERVISOR, key, open_account

AFTER = timedelta(microseconds=1)


class Drawing(OfficeCases):
    """A draw from its request to its announcement."""

    def test_anyone_makes_a_draw_again_from_its_file(self, office: Office) -> None:
        drawn(office)

        file = file_of(office)

        assert (len(file.chosen), file.root) == (5, "ab" * 32)
        assert verify_draw(file).overall == "recomputed"
        forged = file.model_copy(update={"chosen": tuple(reversed(file.chosen))})
        assert verify_draw(forged).overall == "failed at step 7"

    def test_recusal_comes_first_and_only_those_who_fit_are_considered(self, office: Office) -> None:
        experts(office, 7)
        for number, changes in (
            (8, {"employers": (BIDDER,)}),
            (9, {"specialities": ("造价",)}),
            (10, {"region": "370600"}),
        ):
            office.give(open_account(f"e{number:02}", role="expert", party=None, public_key=key(300 + number)))
            outcome = office.give(enrol(number, **changes), stream=expert_stream(f"e{number:02}"))
            assert refused(outcome) == ("not_entitled" if number == 10 else "")
        kin = TieExpert(tied_to=BIDDER, ground=Ground.KIN)
        office.give(kin, Actor(account="e07", role="expert"), stream=expert_stream("e07"))
        pause = SetExpertStanding(standing="paused", reason="出差", article="平台规则")
        office.give(pause, Actor(account="e06", role="expert"), stream=expert_stream("e06"))

        few = office.give(request(), AGENCY, stream=STREAM)
        office.give(request(reserve=0), AGENCY, stream=STREAM)

        pool = records(office, STREAM)[-2].data["pool"]
        assert refused(few) == "breaks_clause"
        assert [one["id"] for one in pool["library"]] == ["e01", "e02", "e03", "e04", "e05", "e07", "e08"]
        assert [(one["expert"], one["ground"]) for one in pool["exclusions"]] == [
            ("e07", "kin"), ("e08", "employment"),
        ]  # fmt: skip

    def test_who_was_called_for_one_speciality_is_not_considered_for_another_of_the_same_tender(
        self, office: Office
    ) -> None:
        """Ten know both; seven of them are called first, in reserve too."""
        experts(office, specialities=("市政工程", "造价"))
        give_draw(office)
        called = {*records(office, STREAM)[-1].data["called"]}
        one = request(draw="D2", speciality="造价", seats=1, reserve=2)

        other = request(draw="D3", speciality="造价", seats=1, reserve=2, tender="T2")
        again = request(draw="D4", seats=1, reserve=2)
        for asked in (one, other, again):
            assert not refused(office.give(asked, AGENCY, stream=draw_stream(asked.wanted.draw)))

        pools = [records(office, draw_stream(name))[-2].data["pool"] for name in ("D2", "D3", "D4")]
        considered = [{one["id"] for one in pool["library"]} for pool in pools]
        everyone = {f"e{number:02}" for number in range(1, 11)}
        assert len(called) == 7
        assert considered == [everyone - called, everyone, everyone]

    def test_the_platform_is_bound_before_anyone_else_and_reveals_last(self, office: Office) -> None:
        drawn(office)

        types = [record.type.split(".")[1] for record in records(office, STREAM)]
        parties = [record.data.get("party") for record in records(office, STREAM)]

        assert types == [
            "draw_pooled", "draw_committed", "draw_committed", "draw_committed", "draw_bound", "draw_revealed",
            "draw_revealed", "draw_revealed", "experts_drawn",
        ]  # fmt: skip
        assert parties[1:4] + parties[5:8] == ["platform", "agency", "supervisor", "agency", "supervisor", "platform"]

    def test_the_platforms_nonce_is_nowhere_before_the_last_reveal(self, office: Office) -> None:
        experts(office)
        office.give(request(), AGENCY, stream=STREAM)
        for actor in (AGENCY, SUPERVISOR):
            commit_as(office, actor)
        witnessed(office)
        reveal_as(office, AGENCY)
        before = office.everything()

        reveal_as(office, SUPERVISOR)

        platform = next(shown.nonce for shown in file_of(office).reveals if shown.party == "platform")
        assert platform not in before
        assert platform in office.everything()

    def test_nobody_reveals_before_all_are_bound_nor_anything_else_than_it_committed_to(self, office: Office) -> None:
        experts(office)
        office.give(request(), AGENCY, stream=STREAM)
        other = AGENCY.model_copy(update={"account": "agency-2"})
        copied = CommitDraw(attempt="D1-1", digest=digest("agency"))

        assert refused(commit_as(office, other)) == "not_entitled"
        assert refused(commit_as(office, SUPERVISOR.model_copy(update={"region": "370502"}))) == "not_entitled"
        assert refused(commit_as(office, AGENCY)) == ""
        assert refused(commit_as(office, AGENCY)) == "out_of_phase"
        assert refused(office.give(copied, SUPERVISOR, stream=STREAM)) == "bad_input"
        assert refused(reveal_as(office, AGENCY)) == "out_of_phase"
        commit_as(office, SUPERVISOR)
        assert refused(reveal_as(office, AGENCY)) == "out_of_phase"
        witnessed(office, position=1)
        assert stage(office)[1] == "binding"
        witnessed(office)
        assert refused(reveal_as(office, AGENCY, of="supervisor")) == "bad_input"
        assert refused(reveal_as(office, AGENCY)) == ""
        assert refused(reveal_as(office, AGENCY)) == "out_of_phase"

    def test_who_lets_its_time_pass_is_named_and_the_draw_is_done_again_with_the_same_pool(
        self, office: Office
    ) -> None:
        experts(office)
        office.give(request(), AGENCY, stream=STREAM)
        commit_as(office, AGENCY)
        office.clock.at = AT + COMMITTING - AFTER
        office.handled.due()
        before = stage(office)
        office.clock.at = AT + COMMITTING
        office.handled.due()

        lapsed, pooled, _ = records(office, STREAM)[-3:]
        assert before == ("D1-1", "committing", ["supervisor"])
        assert stage(office) == ("D1-2", "committing", ["agency", "supervisor"])
        assert (lapsed.data["stage"], lapsed.data["missing"]) == ("committing", ["supervisor"])
        assert pooled.data["pool"]["library"] == records(office, STREAM)[0].data["pool"]["library"]
        assert refused(commit_as(office, SUPERVISOR)) == "out_of_phase"

    def test_a_missing_reveal_ends_the_attempt_too(self, office: Office) -> None:
        experts(office)
        office.give(request(), AGENCY, stream=STREAM)
        for actor in (AGENCY, SUPERVISOR):
            commit_as(office, actor)
        witnessed(office)
        reveal_as(office, SUPERVISOR)
        office.clock.at = AT + max(COMMITTING, REVEALING)
        office.handled.due()

        assert stage(office) == ("D1-2", "committing", ["agency", "supervisor"])
        (lapsed,) = [record for record in records(office, STREAM) if record.type == "registry.draw_lapsed.v1"]
        assert (lapsed.data["stage"], lapsed.data["missing"]) == ("revealing", ["agency"])

    def test_without_witnesses_the_draw_goes_on_after_five_minutes_and_says_so(self, office: Office) -> None:
        experts(office)
        office.give(request(), AGENCY, stream=STREAM)
        for actor in (AGENCY, SUPERVISOR):
            commit_as(office, actor)
        office.clock.at = AT + WITNESSING - AFTER
        office.handled.due()
        waiting = stage(office)[1]
        office.clock.at = AT + WITNESSING
        office.handled.due()
        for actor in (AGENCY, SUPERVISOR):
            assert not refused(reveal_as(office, actor))

        (bound,) = [record for record in records(office, STREAM) if record.type == "registry.draw_bound.v1"]
        assert (waiting, bound.data["anchor"]) == ("binding", None)
        assert verify_draw(file_of(office)).overall == "recomputed"

    def test_who_declines_is_replaced_by_the_next_until_the_reserve_is_used_up(self, office: Office) -> None:
        drawn(office)
        called = records(office, STREAM)[-1].data["called"]

        def decline(name: str) -> Outcome:
            return office.give(DeclineSeat(expert=name, reason="生病"), OPERATOR, stream=STREAM)

        own = Actor(account=called[0], role="expert")
        assert refused(office.give(DeclineSeat(expert=called[1], reason="r"), own, stream=STREAM)) == "not_entitled"
        assert refused(decline(called[-1])) == "bad_input"
        assert refused(office.give(DeclineSeat(expert=called[0], reason="r"), own, stream=STREAM)) == ""
        assert refused(decline(called[0])) == "out_of_phase"
        assert file_of(office).chosen == tuple(called[1:6])
        assert refused(decline(called[1])) == ""
        assert refused(decline(called[2])) == "breaks_clause"
        assert verify_draw(file_of(office)).overall == "recomputed"

    def test_names_are_the_offices_until_the_tender_has_its_result(self, office: Office) -> None:
        drawn(office)

        before = [office.ask("draw_file", actor, draw="D1") for actor in (AGENCY, PUBLIC)]
        status = office.ask("draw", AGENCY, draw="D1")["answer"]
        secret = office.ask("draw", PUBLIC, draw="D1")
        awarded(office)
        awarded(office)

        assert {answer["refusal"]["code"] for answer in (*before, secret)} == {"not_found"}
        assert not any(f"'e{number:02}'" in repr(status) for number in range(11))
        assert file_of(office, PUBLIC).chosen == file_of(office).chosen
        assert [record.type for record in records(office, STREAM)].count("registry.draw_announced.v1") == 1

    def test_the_library_is_the_offices_and_an_expert_sees_its_own_entry(self, office: Office) -> None:
        experts(office, 3)

        own = office.ask("experts", Actor(account="e02", role="expert"))["answer"]["experts"]

        assert len(office.ask("experts", OPERATOR)["answer"]["experts"]) == 3
        assert [row["expert"] for row in own] == ["e02"]
        assert office.ask("experts", AGENCY)["refusal"]["code"] == "not_entitled"

    def test_every_decision_about_experts_and_draws_is_made_again_the_same(self, office: Office) -> None:
        drawn(office)
        office.give(DeclineSeat(expert=file_of(office).chosen[0], reason="生病"), OPERATOR, stream=STREAM)
        awarded(office)

        for stream in (STREAM, expert_stream("e01")):
            answer = office.ask("requests", stream=stream)["answer"]["requests"]
            made = [LINE.event(record) for record in records(office, stream)]
            starts = [item["version"] - 1 for item in answer]
            spans = zip(starts, [*starts[1:], len(made)], strict=True)
            decisions = [
                Decision(LINE.requests.validate_json(b64decode(item["request"])), tuple(made[first:last]))
                for item, (first, last) in zip(answer, spans, strict=True)
            ]
            assert sum(len(decision.events) for decision in decisions) == len(made) > 0
            redecide(LINE.audited(), decisions, LINE.refused)
