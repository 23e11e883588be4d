"""One server for each peer, as its own documentation writes one: a name in, P(female) out, PyTorch eager."""
