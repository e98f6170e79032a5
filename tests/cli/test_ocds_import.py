"""The import field by field: what is mapped, what is refused, and where the clerk is sent."""

import json

import pytest

from services.bidding.domain.commands import DraftTender
from services.registry.domain.commands import RegisterParty
from tests.cli.notices import codes, faults, notice, read

COMPANY = {"id": "C", "name": "甲公司", "roles": ["tenderer"]}
SECOND_CODE = "91370500MA3C000013"


def test_a_complete_notice_becomes_a_draft_as_it_is() -> None:
    made = read(notice())

    assert faults(made) == []
    (tender,) = made.tenders
    assert tender.draft["estimate_fen"] == 1_200_000_050
    assert tender.draft["region"] == "370502"
    assert tender.draft["made"] == []
    assert tender.draft["source"] == {"kind": "ocds", "id": "ocds-213czf-1"}
    DraftTender.model_validate_json(json.dumps({"type": "bidding.draft_tender", **tender.draft}))


def test_each_lot_becomes_a_draft_of_its_own_with_its_own_value() -> None:
    lots = [{"id": "1", "title": "一标段", "value": {"amount": 10, "currency": "CNY"}}, {"id": 2}]

    made = read(notice(tender__lots=lots))

    first, second = made.tenders
    assert first.procedure != second.procedure
    assert (first.draft["lot"]["title"], first.draft["estimate_fen"]) == ("一标段", 1000)
    assert (second.draft["lot"]["id"], second.draft["estimate_fen"]) == ("2", None)


def test_a_package_a_record_package_and_json_lines_hold_the_same_drafts() -> None:
    one, other = notice(), notice(ocid="ocds-213czf-2")
    lines = b"\n".join(json.dumps(release).encode() for release in (one, other))

    package = read({"uri": "u", "releases": [one, other]})
    records = read({"records": [{"ocid": one["ocid"], "compiledRelease": one}, {"ocid": "2", "releases": [other]}]})

    assert package.tenders[0].draft == records.tenders[0].draft == read(lines).tenders[0].draft
    assert len(package.tenders) == len(records.tenders) == len(read(lines).tenders) == 2


def test_a_fault_in_one_release_keeps_the_whole_file_out() -> None:
    made = read({"releases": [notice(), notice(ocid="ocds-213czf-2", tender__title=None)]})

    assert faults(made) == [("$.releases[1].tender.title", "bad_length")]
    assert made.tenders == ()
    assert made.parties == ()


def test_several_releases_of_one_process_must_be_compiled_first() -> None:
    made = read({"releases": [notice(), notice(id="2", tag=["tenderUpdate"])]})

    assert faults(made) == [("$.releases[1].ocid", "several_releases")]


def test_a_record_with_links_only_must_be_compiled_first() -> None:
    made = read({"records": [{"ocid": "1", "releases": [{"url": "https://x.example/1", "date": "2026"}]}]})

    assert faults(made) == [("$.records[0].compiledRelease", "not_compiled")]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"ocid": None}, "$.ocid", "schema_required"),
        ({"date": "2026-11-22"}, "$.date", "schema_format"),
        ({"tag": ["tender", "gift"]}, "$.tag[1]", "schema_enum"),
        ({"buyer": {"id": "X"}}, "$.buyer.name", "schema_required"),
        ({"tender": None}, "$.tender", "no_tender"),
        ({"tender__title": "题" * 2001}, "$.tender.title", "bad_length"),
        ({"tender__mainProcurementCategory": None}, "$.tender.mainProcurementCategory", "no_category"),
        ({"tender__mainProcurementCategory": "advice"}, "$.tender.mainProcurementCategory", "schema_enum"),
        ({"tender__value__amount": -1}, "$.tender.value.amount", "bad_amount"),
        ({"tender__value__amount": 0.001}, "$.tender.value.amount", "bad_amount"),
        ({"tender__value__amount": 1e300}, "$.tender.value.amount", "bad_amount"),
        ({"tender__value__amount": "12"}, "$.tender.value.amount", "schema_type"),
        ({"tender__lots": [{"title": "无编号"}]}, "$.tender.lots[0].id", "schema_required"),
        ({"parties__0__identifier__id": "91350000MA347WHE49"}, "$.parties[0].identifier.id", "bad_identifier"),
        ({"parties__0__identifier__scheme": "uscc"}, "$.parties[0].identifier", "bad_identifier"),
        ({"parties__0__name": " "}, "$.parties[0].name", "no_name"),
        (
            {"bids": {"details": [{"tenderers": [{"id": "?"}]}]}},
            "$.bids.details[0].tenderers[0].name",
            "schema_required",
        ),
    ],
)
def test_what_cannot_be_imported_is_listed_by_its_path(changes: dict[str, object], path: str, code: str) -> None:
    made = read(notice(**changes))

    assert (path, code) in faults(made)
    assert made.tenders == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe{}", "not_utf8"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"{", "not_json"),
        (b'{"ocid": 1, "ocid": 2}', "not_json"),
        (b'{"ocid": NaN}', "not_json"),
        (b'{"ocid": ' + b"9" * 5000 + b"}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "too_deep"),
        (rb'{"ocid": "\ud800"}', "not_text"),
        (rb'{"\udfff": "x"}', "not_text"),
        (rb'{"ocid": "a\u0000b"}', "not_text"),
        (b"[]", "not_ocds"),
        (b'{"releases": []}', "nothing_in_it"),
        (b'{"releases": [1]}', "not_a_release"),
        (b'{"records": {"a": 1}}', "nothing_in_it"),
        (b'{"records": [null]}', "not_a_record"),
        (b'{"ocid": "x"}\n{', "not_json"),
    ],
)
def test_what_is_no_notice_at_all_is_told_so(data: bytes, code: str) -> None:
    made = read(data)

    assert code in {found for _, found in faults(made)}
    assert all(finding.zh and finding.en for finding in made.findings)


def test_a_fault_in_json_lines_is_found_by_its_line() -> None:
    data = json.dumps(notice()).encode() + b'\n\n{"ocid": }\n'

    assert faults(read(data)) == [("line 3: $", "not_json")]


def test_the_clerks_category_is_used_where_the_notice_has_none_and_marked_as_made() -> None:
    made = read(notice(tender__mainProcurementCategory=None), category="goods")

    assert made.tenders[0].draft["category"] == "goods"
    assert made.tenders[0].draft["made"] == ["category"]


def test_a_floor_price_is_forbidden_and_left_out() -> None:
    made = read(notice(tender__minValue={"amount": 5, "currency": "CNY"}))

    assert not made.blocked
    assert "floor_price" in codes(made)


def test_a_lot_whose_id_is_no_name_gets_another_and_is_marked() -> None:
    made = read(notice(tender__lots=[{"id": "一 标/段"}]))

    assert made.tenders[0].draft["lot"]["id"].startswith("lot-")
    assert made.tenders[0].draft["made"] == ["lot"]


def test_one_identifier_under_two_names_is_refused() -> None:
    same = {"scheme": "CN-USCC", "id": "91350000MA347WHE48"}
    made = read(
        notice(parties__0__roles=["buyer"], tender__tenderers=[{"id": "X", "name": "乙公司", "identifier": same}])
    )

    assert faults(made) == [("$.tender.tenderers[0].name", "two_names")]


def test_the_chinese_code_goes_before_other_identifiers() -> None:
    also = [{"scheme": "CN-USCC", "id": "9135 0000 MA34 7WHE 48"}]
    identifier = {"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"}
    made = read(notice(parties__0__identifier=identifier, parties__0__additionalIdentifiers=also))

    assert str(made.parties[0]) == "CN-USCC:91350000MA347WHE48"
    assert "compacted" in codes(made)


def test_parties_are_bodies_that_the_registry_reads() -> None:
    (party,) = read(notice()).parties

    body = {"type": "registry.register_party", "identifier": {"scheme": party.scheme, "id": party.id}}
    command = RegisterParty.model_validate_json(json.dumps({**body, "name": party.name, "kind": party.kind}))

    assert command.kind == "public_body"


def test_with_fewer_than_three_bidders_the_clerk_is_warned() -> None:
    parties = [*notice()["parties"], COMPANY]

    assert "fewer_than_three" in codes(read(notice(parties=parties)))


def test_a_record_of_another_process_than_its_release_is_refused() -> None:
    made = read({"records": [{"ocid": "ocds-213czf-9", "compiledRelease": notice()}]})

    assert faults(made) == [("$.records[0].ocid", "two_processes")]


def test_two_parties_under_one_id_are_refused() -> None:
    twice = notice()
    twice["parties"].append({**twice["parties"][0], "name": "另一单位"})

    assert (f"$.parties[{len(twice['parties']) - 1}].id", "two_parties") in faults(read(twice))


def test_a_wrong_value_of_the_whole_is_told_where_it_stands_not_at_the_only_lot() -> None:
    made = read(notice(tender__value={"amount": 0.001, "currency": "CNY"}, tender__lots=[{"id": "1"}]))

    assert faults(made) == [("$.tender.value.amount", "bad_amount")]


def test_a_line_that_is_no_json_is_told_by_its_own_number() -> None:
    made = read(json.dumps(notice()).encode() + b'\n{"ocid": broken')

    (fault,) = [finding for finding in made.findings if finding.blocking]
    assert fault.path == "line 2: $"
    assert "not JSON at column 10" in fault.en
