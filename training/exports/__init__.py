"""A network for other programs: ONNX, TorchScript, NumPy, JSON, and its card as Hugging Face takes it.

How the site keeps its own networks is in `model/artifact.py`.
"""
