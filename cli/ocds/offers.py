"""What a release says of offers already made: who bid, how often, at what price. None of it becomes a bid here."""

from collections import Counter
from collections.abc import Mapping

from cli.ocds.findings import Findings, member, objects
from cli.ocds.parties import Entry, directory, resolve
from cli.ocds.reading import Release

ENOUGH = 3  # 招标投标法 第二十八条


def bidders(release: Release) -> list[Entry]:
    """Return those who bid or won: named in bids or as tenderers, or parties in such a role; each once."""
    known = directory(release)
    found = {entry.path: entry for entry in _named(release, known)}
    for entry in known.values():
        if {"tenderer", "supplier"} & set(entry.body.get("roles") or []):
            found.setdefault(entry.path, entry)
    return list(found.values())


def note_offers(release: Release, findings: Findings) -> None:
    """Note that offers are not imported, and what would stand in their way at an opening."""
    details = objects(member(release.body, "bids"), "details")
    who = bidders(release)
    if details:
        _note_prices(release, findings)
        _note_repeated(release, findings)
    if who and len(who) < ENOUGH:
        findings.warn(
            f"{release.path}.bids" if details else f"{release.path}.parties",
            "fewer_than_three",
            f"只有 {len(who)} 个投标人；不足三个的不得开标，应当重新招标（招标投标法 第二十八条）",
            f"only {len(who)} bidder(s): with fewer than three no bid is opened [招标投标法 第二十八条]",
        )


def _named(release: Release, known: Mapping[str, Entry]) -> list[Entry]:
    tender = member(release.body, "tender")
    listed = [
        (f"{release.path}.bids.details[{at}].tenderers[{place}]", one)
        for at, bid in enumerate(objects(member(release.body, "bids"), "details"))
        for place, one in enumerate(objects(bid, "tenderers"))
    ]
    for place, one in enumerate(objects(tender, "tenderers")):
        listed.append((f"{release.path}.tender.tenderers[{place}]", one))
    return [resolve(path, reference, known) for path, reference in listed]


def _note_prices(release: Release, findings: Findings) -> None:
    details = objects(member(release.body, "bids"), "details")
    priced = sum(member(bid, "value").get("amount") is not None for bid in details)
    without = "均无价格" if not priced else f"其中 {priced} 份有价格"
    findings.warn(
        f"{release.path}.bids.details",
        "offers_not_imported",
        f"原文有 {len(details)} 份报价，{without}；报价不导入，投标须由投标人自行密封递交",
        f"{len(details)} offers in the source, {priced or 'none'} with a price; offers are not imported:"
        " each bidder seals and sends its own",
    )


def _note_repeated(release: Release, findings: Findings) -> None:
    counted = Counter(entry.path for entry in _named(release, directory(release)))
    for path, times in counted.items():
        if times > 1:
            findings.warn(
                path,
                "several_offers_of_one",
                f"同一主体有 {times} 份报价；本平台每个标段每个投标人只有一份有效投标（实施条例 第五十一条）",
                f"{times} offers of one party; here one bid of a bidder stands for a lot [实施条例 第五十一条]",
            )
