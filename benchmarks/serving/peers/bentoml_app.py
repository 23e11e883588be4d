"""BentoML: `bentoml serve benchmarks.serving.peers.bentoml_app:Guess`."""

import bentoml

from benchmarks.serving.peers import network


@bentoml.service(workers=2)
class Guess:
    """Guess a name."""

    @bentoml.api
    def guess(self, name: str) -> dict[str, str | float]:
        """Return the answer to a name."""
        return network.answer(name)
