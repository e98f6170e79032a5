"""The lot: listing (挂牌), auction (拍卖), online bidding (网络竞价): what land, mining and property have in common.

Pure: decide reads the law by the names that a line's `Rules` give its clauses; evolve never does. A line speaks these
messages under its own name (`speech`), so that `land.bid_placed.v1` and `property.bid_placed.v1` are one class here.
"""
