"""The land part of the demonstration: real contracts of January 2007, each a listing that ends at its real price."""
