"""The demonstration: real notices played as tenders on an installation of its own, by the commands anyone has."""
