"""A .tflite file as a chain of layers with the integer parameters of their kernels.

Reads the flatbuffer by LiteRT's generated schema. Covers int8 chains of the operators in KINDS;
RESHAPE moves no bytes and is dropped. Anything else is an error that names the operator.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.tap.fixed_point import quantised_multiplier, softmax_scaling

KINDS = (
    "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D", "SOFTMAX",
)  # fmt: skip
Shape = tuple[int, int, int]


class UnsupportedModel(Exception):
    """The model holds something the firmware's kernels do not compute."""


@dataclass(frozen=True)
class Tensor:
    """Shape, scale and zero point of one tensor; the values too if it is constant."""

    shape: tuple[int, ...]
    scales: tuple[float, ...]
    zero_point: int
    values: NDArray[Any] | None

    @property
    def layer_shape(self) -> Shape:
        """Return (height, width, channels); a flat tensor is all channels."""
        if len(self.shape) == 4:
            return self.shape[1], self.shape[2], self.shape[3]
        return 1, 1, int(np.prod(self.shape))


@dataclass(frozen=True)
class Layer:
    """One nn_layer of firmware/lib/nn.h; the field names are the same."""

    kind: str
    input: Tensor
    output: Tensor
    filter: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    pad: tuple[int, int] = (0, 0)
    activation_min: int = -128
    activation_max: int = 127
    weights: NDArray[Any] | None = None
    bias: NDArray[Any] | None = None
    multiplier: tuple[int, ...] = ()
    shift: tuple[int, ...] = ()
    softmax: tuple[int, int, int] = (0, 0, 0)

    @property
    def macs(self) -> int:
        """Return the multiply-accumulates of one invocation, padding included."""
        if self.weights is None:
            return 0
        height, width, _ = self.output.layer_shape
        return int(self.weights.size) * (1 if self.kind == "FULLY_CONNECTED" else height * width)


def read_layers(path: Path) -> list[Layer]:
    """Return the layers of a .tflite file in order; raises UnsupportedModel."""
    schema = importlib.import_module("ai_edge_litert.schema_py_generated")
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    names = {value: name for name, value in vars(schema.BuiltinOperator).items()}
    subgraph = model.subgraphs[0]
    tensors = [_tensor(each, model.buffers[each.buffer]) for each in subgraph.tensors]
    layers = []
    for operator in subgraph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        kind = names.get(max(code.builtinCode, code.deprecatedBuiltinCode), "unknown")
        if kind == "RESHAPE":
            continue
        if kind not in KINDS:
            raise UnsupportedModel(f"{path.name}: operator {kind} has no kernel in firmware/lib/nn")
        layers.append(_layer(kind, operator, tensors))
    return layers


def _tensor(tensor: Any, buffer: Any) -> Tensor:
    quantisation, values = tensor.quantization, None
    scales = () if quantisation is None or quantisation.scale is None else quantisation.scale
    zero_point = 0 if not len(scales) else int(quantisation.zeroPoint[0])
    shape = tuple(int(side) for side in tensor.shape)
    if buffer.data is not None and len(buffer.data):
        kind = {9: np.int8, 2: np.int32}[tensor.type]
        values = np.frombuffer(bytes(buffer.data), dtype=kind).reshape(shape)
    return Tensor(shape, tuple(float(np.float32(each)) for each in scales), zero_point, values)


def _layer(kind: str, operator: Any, tensors: list[Tensor]) -> Layer:
    source, target = tensors[operator.inputs[0]], tensors[operator.outputs[0]]
    options = operator.builtinOptions
    if kind == "SOFTMAX":
        scaling = softmax_scaling(source.scales[0], float(options.beta))
        return Layer(kind, source, target, softmax=scaling)
    low, high = _activation_range(options.fusedActivationFunction, target)
    if kind.endswith("POOL_2D"):
        window = (int(options.filterHeight), int(options.filterWidth))
        stride, pad = _placing(options, window, source, target)
        return Layer(kind, source, target, window, stride, pad, low, high)
    if len(operator.inputs) < 3 or operator.inputs[2] < 0:
        raise UnsupportedModel(f"{kind} without a bias; give the layer one")
    weights, bias = tensors[operator.inputs[1]], tensors[operator.inputs[2]]
    window, stride, pad = (1, 1), (1, 1), (0, 0)
    if kind != "FULLY_CONNECTED":
        window = (weights.shape[1], weights.shape[2])
        stride, pad = _placing(options, window, source, target)
    multiplier, shift = _channel_scaling(source, weights, target)
    return Layer(
        kind, source, target, window, stride, pad, low, high,
        weights.values, bias.values, multiplier, shift,
    )  # fmt: skip


def _channel_scaling(source: Tensor, weights: Tensor, target: Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    channels = target.layer_shape[2]
    scales = weights.scales if len(weights.scales) == channels else weights.scales * channels
    pairs = [quantised_multiplier(source.scales[0] * each / target.scales[0]) for each in scales]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def _activation_range(activation: int, target: Tensor) -> tuple[int, int]:
    """Return the output's clamp for no activation (0), RELU (1) and RELU6 (3)."""
    if activation not in (0, 1, 3):
        raise UnsupportedModel(f"fused activation {activation}; use none, RELU or RELU6")
    low = target.zero_point if activation else -128
    high = 127
    if activation == 3:
        high = min(127, target.zero_point + round(6.0 / target.scales[0]))
    return low, high


def _placing(
    options: Any, window: tuple[int, int], source: Tensor, target: Tensor
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return stride and leading padding; VALID has none, SAME puts the odd one behind."""
    stride = (int(options.strideH), int(options.strideW))
    if options.padding == 1:
        return stride, (0, 0)
    pads = [
        max(0, (target.layer_shape[axis] - 1) * stride[axis] + window[axis] - side) // 2
        for axis, side in enumerate(source.layer_shape[:2])
    ]
    return stride, (pads[0], pads[1])
