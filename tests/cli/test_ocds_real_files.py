"""Two real notices, with all that real notices lack."""

from tests.cli.notices import DEFENCE, SOCIAL, codes, read


def test_the_social_services_notice_becomes_one_draft_with_its_buyer_and_five_bidders() -> None:
    made = read(SOCIAL)

    assert not made.blocked
    (tender,) = made.tenders
    assert tender.draft["title"] == "Tiltak 2 Omsorgstjenester"
    assert tender.draft["category"] == "services"
    assert tender.draft["lot"] == {"id": "LOT-0000", "title": "Tiltak 2 Omsorgstjenester"}
    assert tender.draft["buyer"]["name"] == "Moss kommune - Anskaffelser"
    assert [party.kind for party in made.parties] == ["public_body"] + ["enterprise"] * 5


def test_what_the_social_services_notice_lacks_is_said() -> None:
    made = read(SOCIAL)

    (tender,) = made.tenders
    assert tender.draft["estimate_fen"] is None
    assert tender.draft["made"] == ["region"]
    said = {finding.code: finding for finding in made.findings}
    assert said["offers_not_imported"].en.startswith("5 offers in the source, none with a price")
    assert said["no_period"].path == "$.tender.tenderPeriod"
    assert said["no_region"].zh.startswith("没有行政区划代码")


def test_identifiers_of_other_schemes_are_kept_but_for_the_spaces_at_their_ends() -> None:
    made = read(SOCIAL)

    assert {"GB-COH:984710313", "GB-COH:923661069"} <= {str(party) for party in made.parties}
    trimmed = [finding.path for finding in made.findings if finding.code == "trimmed"]
    assert trimmed == [f"$.parties[{at}].additionalIdentifiers[0].id" for at in (3, 4, 5, 6)]
    foreign = [finding for finding in made.findings if finding.code == "scheme_of_another_country"]
    assert len(foreign) == 6


def test_the_defence_notice_has_one_company_which_can_never_be_opened() -> None:
    made = read(DEFENCE)

    assert not made.blocked
    assert len(made.tenders) == 1
    (company,) = [party for party in made.parties if party.kind == "enterprise"]
    assert company.name == "Elbit Systems of America"
    assert str(company) == "OCDS:ocds-abcd1234-cb945181-3dd9-4953-8001-f73eca747294:ORG-0003"
    assert {"no_identifier", "fewer_than_three", "several_offers_of_one"} <= codes(made)


def test_norwegian_crowns_are_quoted_in_the_source_note_and_never_become_fen() -> None:
    (tender,) = read(DEFENCE).tenders

    assert tender.draft["estimate_fen"] is None
    assert "$.awards[0].value NOK 95000000.0" in tender.draft["description"]
    assert "$.bids.details[10].value NOK 95.0" in tender.draft["description"]


def test_the_same_file_makes_the_same_procedures_again() -> None:
    assert read(SOCIAL) == read(SOCIAL)
    assert read(SOCIAL).tenders[0].procedure == "ocds-4933bbe9aea88b9e84e457b3"
