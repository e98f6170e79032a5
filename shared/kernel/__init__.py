"""The pure kernel: messages, deciders, canonical bytes, errors and money; no line of business, no input or output."""
