"""`python -m tests.bench [NAME ...] [--small]`: prints one JSON line a measure, fails if a bar is missed."""

import argparse
import sys

from tests.bench.context import Bench
from tests.bench.measures import MEASURES


def main() -> int:
    """Run the measures named, or all; return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure, as ratios where there is a peer."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}; all by default")
    parser.add_argument("--small", action="store_true", help="show that the measures work; the rates mean nothing")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - MEASURES.keys():
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    ok = True
    with Bench(small=chosen.small) as bench:
        for name in chosen.names or MEASURES:
            for line in MEASURES[name](bench):
                print(line.to_json(), flush=True)
                ok &= line.ok
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
