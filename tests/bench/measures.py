"""The measures by name, in the order in which they are run."""

from collections.abc import Callable, Mapping

from tests.bench import intake
from tests.bench.context import Bench
from tests.bench.line import Line

MEASURES: Mapping[str, Callable[[Bench], Line]] = {
    "intake": intake.measure,
}
