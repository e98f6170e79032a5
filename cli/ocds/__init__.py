"""Import of the Open Contracting Data Standard 1.1: a file becomes draft tenders and parties, or a list of faults.

Pure: nothing here reads a file, a clock or the network.
"""

from cli.ocds.findings import Finding
from cli.ocds.parties import Party
from cli.ocds.plan import Plan, plan
from cli.ocds.tenders import Defaults, Tender

__all__ = ["Defaults", "Finding", "Party", "Plan", "Tender", "plan"]
