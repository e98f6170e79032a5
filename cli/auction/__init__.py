"""`ggzy auction`: listings, auctions and online bidding of every line, for who sells, who bids and who watches."""

from cli.auction import bidding, publishing, tendering, watching
from cli.auction.selling import app

__all__ = ["app", "bidding", "publishing", "tendering", "watching"]
