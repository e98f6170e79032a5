"""What the full scenario had to show, looked for in its bundles, and told in the order in which it happened."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from cli.demo.full.step import Evidence, find
from cli.demo.full.steps import STEPS
from cli.output import out
from shared.kernel.canonical import parse_instant
from shared.law.findings import BEIJING


def found(bundles: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return every step as it was found, or not, in the bundle of its procedure."""
    evidence = {procedure: Evidence.of(path.read_bytes()) for procedure, path in bundles.items()}
    return [find(step, evidence[step.procedure]).to_json() for step in STEPS]


def tell(steps: Sequence[Mapping[str, Any]]) -> None:
    """Print the steps that were found, oldest first, each with its article; times are Beijing's."""
    out.print("\n经过 / what happened", style="bold", markup=False)
    for step in sorted((step for step in steps if step["found"]), key=itemgetter("at")):
        at = parse_instant(step["at"]).astimezone(BEIJING)
        text = f"{at:%Y-%m-%d %H:%M}  {step['procedure']}: {step['zh']}（{step['article']}）/ {step['en']}"
        out.print(text, markup=False, highlight=False, soft_wrap=True)


def tell_draws(draws: Sequence[Mapping[str, Any]]) -> None:
    """Print who was drawn, who was left out and why, and whether the draw came out the same when made again."""
    for draw in draws:
        chosen, same = "、".join(draw["chosen"]), "一致 the same" if draw["agrees"] else "不一致 not the same"
        left_out = "；".join(f"{one['expert']}（{one['article']}）" for one in draw["left_out"]) or "无 nobody"
        text = f"抽取 draw {draw['draw']}: {chosen}; 回避 left out: {left_out}; 重新计算 made again: {same}"
        out.print(text, markup=False, highlight=False, soft_wrap=True)
