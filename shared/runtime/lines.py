"""The registry of lines: finds the services by their folders; the only place that loads them."""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import services
from shared.kernel.line import Line


@cache
def services_found() -> tuple[str, ...]:
    """Return the names of the services, by folder: every one that has a `service.py`."""
    names = (module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg)
    return tuple(sorted(name for name in names if _has(name, "service")))


@cache
def lines() -> dict[str, Line]:
    """Return the lines of business and offices that keep a journal, by name."""
    found = (import_module(f"services.{name}") for name in services_found())
    return {module.LINE.name: module.LINE for module in found if hasattr(module, "LINE")}


def service_classes(names: Sequence[str]) -> list[type]:
    """Return the nameko classes of services; to be called in a process that runs them."""
    return [cls for name in names for cls in import_module(f"services.{name}.service").SERVICES]


def views_metadata(name: str) -> Any:
    """Return the tables of a service's own queries."""
    return import_module(f"services.{name}.views").metadata


def revisions_folder(name: str) -> Path:
    """Return where the revisions of a service's schema are. Raise ModuleNotFoundError if it brings none."""
    return Path(import_module(f"services.{name}.migrations").__path__[0])


def projection(name: str) -> Any:
    """Return the function that brings a line's query tables up to an event."""
    return import_module(f"services.{name}.views").project


def _has(name: str, module: str) -> bool:
    return any(found.name == module for found in pkgutil.iter_modules([f"{services.__path__[0]}/{name}"]))
