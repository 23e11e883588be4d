"""What all peers answer from: the shipped network, asked as PyTorch's users ask one."""

from functools import lru_cache

import torch

from training.model import artifact, saving
from training.names import encode, label_of, normalise

torch.set_num_threads(1)
_network = saving.load(artifact.SHIPPED.read_bytes()).network


@torch.inference_mode()
def p_female(name: str) -> float:
    """Return P(female) of a normalised name."""
    letters = torch.tensor([encode(name)])  # (1, letters)
    return _network.log_probs(letters)[0, 0].exp().item()


def answer(typed: str) -> dict[str, str | float]:
    """Return the answer to a name as it was typed."""
    p = p_female(normalise(typed))
    return {"name": typed, "gender": label_of(p).value, "probability": round(max(p, 1 - p), 4)}


remembered = lru_cache(20_000)(answer)
"""The same, of names that were asked for lately from memory."""
