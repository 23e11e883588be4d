"""FastAPI: `uvicorn benchmarks.serving.peers.fastapi_app:app`."""

from fastapi import FastAPI

from benchmarks.serving.peers import network

app = FastAPI()


@app.get("/guess")
async def guess(name: str) -> dict[str, str | float]:
    """Guess a name."""
    return network.answer(name)


@app.get("/remembered")
async def remembered(name: str) -> dict[str, str | float]:
    """Guess a name, from memory where it was asked for lately."""
    return network.remembered(name)
