"""Money in a tender: deposits (投标保证金), bonds (履约保证金), the reference price (标底), fees."""
