"""Gradio: `python -m benchmarks.serving.peers.gradio_app PORT`."""

import sys

import gradio

from benchmarks.serving.peers import network

if __name__ == "__main__":
    page = gradio.Interface(network.answer, "text", "json", api_name="guess")
    # Without its queue, which would cost a second request for each answer.
    page.queue(api_open=True).launch(
        server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True, share=False
    )
