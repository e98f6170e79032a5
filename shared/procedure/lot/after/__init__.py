"""After the hammer: confirmation, result, contract, price, deposits, default, names, and rights of first refusal."""
