"""LitServe: `python -m benchmarks.serving.peers.litserve_app PORT`."""

import sys

import litserve

from benchmarks.serving.peers import network


class Guess(litserve.LitAPI):
    """Guess a name."""

    def setup(self, device: str) -> None:
        """Load nothing: the network is loaded with its module."""

    def predict(self, request: dict[str, str]) -> dict[str, str | float]:
        """Return the answer to a request."""
        return network.answer(request["name"])


if __name__ == "__main__":
    server = litserve.LitServer(Guess(), accelerator="cpu", workers_per_device=2)
    server.run(port=int(sys.argv[1]), host="127.0.0.1", generate_client_file=False, log_level="warning")
