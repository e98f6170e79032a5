"""The transparency log: Merkle tree, notes, tiles, proofs and their verification; imports only cryptography."""
