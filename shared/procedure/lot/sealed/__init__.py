"""招标: a lot sold by tender, on sealed prices that are opened together and decided by the price alone."""
