"""What the demo tells people: how far it is, a row for each procedure, and where to look further."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.demo.cast import SUPERVISOR
from cli.demo.full import chronicle
from cli.demo.stage import Stage
from cli.output import err, table
from cli.words import phase_zh
from shared.kernel.money import format_yuan

COLUMNS = ("项目 procedure", "竞争 bidders", "中标、竞得 winner", "价格 price", "事件 events", "核验 verified")


class Progress:
    """Says what is going on, on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, text: str) -> None:
        """Say it, unless quiet."""
        if not self._quiet:
            err.print(f"· {text}", markup=False, highlight=False)


def tell(stage: Stage, settings: Path, document: Mapping[str, Any]) -> None:
    """Tell what was played, and how to go on with it."""
    size, shown = document["ledger"]["size"], document["procedures"]
    table(f"演示结果，账本 {size} 条 / what was played, a ledger of {size}", COLUMNS, [_row(entry) for entry in shown])
    if "land" in document:
        _tell_land(document["land"])
    if "steps" in document:
        chronicle.tell(document["steps"])
        chronicle.tell_draws(document["draws"])
    _tell_further(stage, settings, shown)


def _row(entry: Mapping[str, Any]) -> list[Any]:
    winner = entry["winner"] or phase_zh(entry["phase"])
    verified = "是 yes" if entry["verified"] else "否 no"
    return [entry["procedure"], entry["bidders"], winner, _yuan(entry["price"]), entry["events"], verified]


def _tell_land(land: Mapping[str, Any]) -> None:
    """Tell what of the land contracts was made up, and what in their file is odd."""
    lines = [land["zh"], land["en"], "原始数据中的疑点（照录，不猜测）/ odd in the file, quoted and not guessed:"]
    said: dict[tuple[str, str, str], list[str]] = {}
    for odd in land["odd"]:
        said.setdefault((odd["column"] or "（无列名）", odd["zh"], odd["en"]), []).append(odd["value"])
    lines += [f"  {column}（{len(values)}）{values[0]}：{zh} / {en}" for (column, zh, en), values in said.items()]
    _print(lines)


def _tell_further(stage: Stage, settings: Path, shown: Sequence[Mapping[str, Any]]) -> None:
    first, data = next((entry for entry in shown if entry["winner"]), shown[0]), stage.data
    witness = f"--key {data}/witness.key --logs {data}/witness.logs --state {data}/witness.state"
    _print([
        "进一步查看 / look further:",
        f"  . {settings}      # 本终端使用这一平台 / this shell uses the demo's installation",
        f"  ggzy verify {first['bundle']} --policy {first['policy']} --log {data / 'ledger'}",
        "进一步办理 / go on by hand:",
        f"  ggzy witness run {witness} --port {stage.witness_port} &",
        "  ggzy up &",
        f"  ggzy replay {first['procedure']} --as public --home {data}/wallets/{SUPERVISOR}",
    ])  # fmt: skip


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        err.print(line, markup=False, highlight=False, soft_wrap=True)


def _yuan(price: int | None) -> str:
    return "—" if price is None else f"{format_yuan(price)} 元"
