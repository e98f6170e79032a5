"""Tries what a service has set aside once more, for an operator: `python -m shared.runtime.again SERVICE`.

A service does so by itself too, when the next event comes a minute later or more.
"""

import sys
from importlib import import_module

from shared.platform import logs, settings
from shared.runtime.handling import Handled, Handling


def handled_of(service: str, given: settings.Settings) -> Handled:
    """Return the handling of a service, as its own process has it. Raise LookupError where it takes no commands."""
    found = (vars(cls).values() for cls in import_module(f"services.{service}.service").SERVICES)
    for attribute in (value for values in found for value in values):
        if isinstance(attribute, Handling):
            return attribute.handled(given)
    raise LookupError(f"{service} learns nothing in this way")


def main() -> int:
    """Try, say how many events are left aside, and return 1 if any is."""
    service = sys.argv[1]
    logs.configure(service)
    left = handled_of(service, settings.load()).learn_again()
    sys.stdout.write(f"{left}\n")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
