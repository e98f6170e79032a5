"""The evidence of what was played: each procedure's bundle, fetched and verified, and the whole log."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cli.demo.cast import AGENCY
from cli.demo.play import Ended
from cli.demo.stage import Stage
from cli.output import Refused
from shared.ledger.bundle import numbered, read
from shared.ledger.checkpoint import parse
from shared.ledger.directory import folder, verify_log
from shared.ledger.policy import Policy, parse_policy
from shared.ledger.verify import BundleReport, verify_bundle

OF_THE_AGENCY = frozenset({"qualified", "sold"})
"""The phases in which not all of a record is public: its agency is given the whole.

The supervisor would have the requests too, which is put on the stream's own record.
"""

HANDS = 2
"""How many bundles are fetched and verified at the same time."""

Tell = Callable[[str], None]


def gathered(stage: Stage, results: Sequence[Ended], told: Tell) -> list[dict[str, Any]]:
    """Fetch and verify the bundle of each procedure, and return how each ended, with its evidence."""
    bundles = stage.data / "bundles"
    bundles.mkdir(exist_ok=True)
    policy = bundles / "policy.txt"
    policy.write_bytes(stage.client.fetch("/api/ledger/policy"))
    trust = parse_policy(policy.read_bytes())

    def look(ended: Ended) -> dict[str, Any]:
        told(f"核验 / verifying {ended.procedure}")
        bundle = bundles / f"{ended.procedure}.zip"
        report = stage.wait("the evidence", lambda: _whole(stage, ended, bundle, trust))
        return _shown(ended, bundle, policy, report)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(look, results))


def _shown(ended: Ended, bundle: Path, policy: Path, report: BundleReport) -> dict[str, Any]:
    return {
        "procedure": ended.procedure,
        "phase": ended.phase,
        "bidders": ended.bidders,
        "opened": ended.opened,
        "winner": ended.winner,
        "price": ended.price_fen,
        "events": len(numbered(read(bundle.read_bytes()), "records")),
        "bundle": str(bundle),
        "policy": str(policy),
        "verified": report.failed is None,
        "result": report.overall,
    }


def _whole(stage: Stage, ended: Ended, bundle: Path, trust: Policy) -> BundleReport | None:
    """Return the report of a bundle that holds the whole procedure; None while the ledger has not all of it yet."""
    asker = stage.player(AGENCY).asker() if ended.phase in OF_THE_AGENCY else None
    data = stage.client.fetch(f"/api/procedures/{ended.procedure}/bundle", asker)
    bundle.write_bytes(data)
    report = verify_bundle(data, trust, folder(stage.data / "ledger"))
    return report if report.failed is None else None


def log_size(stage: Stage) -> int:
    """Verify the whole log and return how many leaves it holds."""
    policy, log = parse_policy(stage.client.fetch("/api/ledger/policy")), folder(stage.data / "ledger")
    report = verify_log(log, lambda note: policy.check(note).checkpoint)
    if report.failed is not None:
        raise Refused("账本未通过核验", f"the log did not verify: {report.overall}")
    return parse((stage.data / "ledger" / "checkpoint").read_bytes()).size
