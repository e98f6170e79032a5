"""Property as nameko services: those of every line of lots."""

from services.property import LINE
from services.property.handlers import property_port
from services.property.views import QUERIES, entitled
from shared.runtime.lots.services import services_of

SERVICES = services_of(LINE, property_port, QUERIES, entitled)
