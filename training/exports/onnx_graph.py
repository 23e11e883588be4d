"""A network as an ONNX graph, node by node: PyTorch's own exporter would fix the number of letters.

ONNX keeps the gates of a cell in another order than PyTorch does, and puts letters before batches.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from training import __version__
from training.model.network import Network
from training.model.weights import split_directions
from training.names import ALPHABET, LABELS

OPSET = 17
IR_VERSION = 8  # that of OPSET: readers of the same age take it
OPERATORS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
GATES = {"rnn": (0,), "gru": (1, 0, 2), "lstm": (0, 3, 1, 2)}
"""The place in PyTorch's order of each gate in ONNX's: r z n for z r h, i f g o for i o f c."""
BEFORE_THE_FIRST = np.iinfo(np.int64).min


def build(network: Network) -> bytes:
    """Return the bytes of a model from `letters` (batch, letters) to `log_probs` (batch, labels)."""
    graph = _Graph()
    graph.constant("depth", np.array(len(ALPHABET)))
    graph.constant("off_on", np.array([0, 1], np.float32))
    graph.add("Transpose", ["letters"], "by_letter", perm=[1, 0])  # (letters, batch)
    graph.add("OneHot", ["by_letter", "depth", "off_on"], "one_hot")  # (letters, batch, alphabet)
    directions = split_directions(network)
    answers = [_direction(graph, one, number) for number, one in enumerate(directions)]
    graph.add("Mean", answers, "mean")
    graph.add("LogSoftmax", ["mean"], "log_probs", axis=-1)
    return bytes(graph.model(network).SerializeToString())


class _Graph:
    """Nodes and constants, as they come."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def model(self, network: Network) -> onnx.ModelProto:
        letters = helper.make_tensor_value_info("letters", TensorProto.INT64, ["batch", "length"])
        answer = helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["batch", len(LABELS)])
        graph = helper.make_graph(self.nodes, "nomen", [letters], [answer], self.constants)
        model = helper.make_model(
            graph,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="nomen",
            producer_version=__version__,
        )
        helper.set_model_props(model, {"vocabulary": ALPHABET, "labels": ",".join(LABELS)})
        onnx.checker.check_model(model, full_check=True)
        return model


def _direction(graph: _Graph, network: Network, number: int) -> str:
    mark, letters = f"_{number}", "one_hot"
    if number:  # the second one begins with the last letter
        graph.constant("last", np.array([-1]))
        graph.constant("end", np.array([BEFORE_THE_FIRST]))
        graph.constant("axis", np.array([0]))
        letters = graph.add("Slice", ["one_hot", "last", "end", "axis", "last"], f"reversed{mark}")
    if network.settings.cell == "elman":
        logits = _course_neuron(graph, network, letters, mark)
    else:
        logits = _read_out(graph, network, _cell(graph, network, letters, mark), mark)
    return graph.add("LogSoftmax", [logits], f"log_probs{mark}", axis=-1)


def _cell(graph: _Graph, network: Network, letters: str, mark: str) -> str:
    cell, width = network.settings.cell, network.settings.width
    weights = dict(network.recurrent.named_parameters())

    def in_order(name: str) -> np.ndarray:
        gates = _array(weights[name]).reshape(-1, width, *weights[name].shape[1:])
        return np.concatenate([gates[gate] for gate in GATES[cell]])

    biases = np.concatenate([in_order("bias_ih_l0"), in_order("bias_hh_l0")])
    inputs = [
        letters,
        # A first axis for directions, of which each node here has one.
        graph.constant(f"input_weights{mark}", in_order("weight_ih_l0")[None]),
        graph.constant(f"recurrent_weights{mark}", in_order("weight_hh_l0")[None]),
        graph.constant(f"biases{mark}", biases[None]),
    ]
    # PyTorch's GRU applies its reset gate after the matrix, which ONNX calls linear_before_reset.
    attributes: dict[str, Any] = {"linear_before_reset": 1} if cell == "gru" else {}
    node = helper.make_node(OPERATORS[cell], inputs, ["", f"state{mark}"], hidden_size=width, **attributes)
    graph.nodes.append(node)
    graph.constant(f"directions{mark}", np.array([0]))
    return graph.add("Squeeze", [f"state{mark}", f"directions{mark}"], f"hidden{mark}")  # (batch, width)


def _read_out(graph: _Graph, network: Network, hidden: str, mark: str) -> str:
    state = {name: _array(tensor) for name, tensor in network.readout.state_dict().items()}
    # "weight" alone, or "0.weight" and, after the ReLU, "2.weight".
    layers = [name.removesuffix("weight") for name in state if name.endswith("weight")]
    for place, layer in enumerate(layers):
        name = f"{place}{mark}"
        if place:
            hidden = graph.add("Relu", [hidden], f"active_{name}")
        weight = graph.constant(f"weight_{name}", state[f"{layer}weight"])
        bias = graph.constant(f"bias_{name}", state[f"{layer}bias"])
        hidden = graph.add("Gemm", [hidden, weight, bias], f"layer_{name}", transB=1)
    return hidden


def _course_neuron(graph: _Graph, network: Network, letters: str, mark: str) -> str:
    """Add the two linear layers over a letter and the hidden state before it, letter by letter."""
    width = network.settings.width
    for layer in ("i2h", "i2o"):
        module = getattr(network.recurrent, layer)
        graph.constant(f"{layer}_weight{mark}", _array(module.weight))
        graph.constant(f"{layer}_bias{mark}", _array(module.bias))
    graph.constant(f"width{mark}", np.array([width]))
    graph.constant(f"first{mark}", np.array([1]))
    graph.add("Shape", [letters], f"batch{mark}", start=1, end=2)
    graph.add("Concat", [f"batch{mark}", f"width{mark}"], f"shape{mark}", axis=0)
    zero = numpy_helper.from_array(np.zeros(1, np.float32), "zero")
    graph.add("ConstantOfShape", [f"shape{mark}"], f"start{mark}", value=zero)
    graph.nodes.append(
        helper.make_node(
            "Scan",
            [f"start{mark}", letters],
            [f"state{mark}", f"answers{mark}"],
            body=_step(width, mark),
            num_scan_inputs=1,
        )
    )
    graph.constant(f"last_letter{mark}", np.array(-1))
    return graph.add("Gather", [f"answers{mark}", f"last_letter{mark}"], f"logits{mark}", axis=0)


def _step(width: int, mark: str) -> onnx.GraphProto:
    def value(name: str, size: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])

    nodes = [helper.make_node("Concat", ["letter", "before"], ["both"], axis=1)]
    for layer, output in (("i2h", "after"), ("i2o", "answer")):
        inputs = ["both", f"{layer}_weight{mark}", f"{layer}_bias{mark}"]
        nodes.append(helper.make_node("Gemm", inputs, [output], transB=1))
    taken = [value("before", width), value("letter", len(ALPHABET))]
    return helper.make_graph(nodes, "step", taken, [value("after", width), value("answer", len(LABELS))])


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().float().numpy()
