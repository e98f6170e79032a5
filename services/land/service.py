"""Land as nameko services: those of every line of lots."""

from services.land import LINE
from services.land.handlers import land_port
from services.land.views import QUERIES, entitled
from shared.runtime.lots.services import services_of

SERVICES = services_of(LINE, land_port, QUERIES, entitled)
