"""The LiteRT interpreter on a tap model: int8 windows in, int8 probabilities out."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np

from models.tap.motions import FloatArray
from models.tap.preprocessing import InputScaling, Int8Array, input_scaling


class TapInterpreter:
    """One loaded model; `reference` picks the reference kernels, which the firmware equals."""

    def __init__(self, path: Path, reference: bool = True) -> None:
        try:
            litert = importlib.import_module("ai_edge_litert.interpreter")
        except ImportError:
            raise SystemExit("models.tap: needs ai-edge-litert: pip install .[models]") from None
        kinds = litert.OpResolverType
        kind = kinds.BUILTIN_REF if reference else kinds.BUILTIN
        self._interpreter = litert.Interpreter(str(path), experimental_op_resolver_type=kind)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output_index = self._interpreter.get_output_details()[0]["index"]

    @property
    def input_scaling(self) -> InputScaling:
        """Return the step from magnitudes in counts to this model's input."""
        scale_g, zero_point = self._input["quantization"]
        return input_scaling(float(scale_g), int(zero_point))

    def run(self, windows: Int8Array) -> Int8Array:
        """Return the outputs, shape (windows, 3), of quantised windows, shape (windows, 80)."""
        outputs = np.empty((len(windows), 3), np.int8)
        for row, window in enumerate(windows):
            self._interpreter.set_tensor(self._input["index"], window[None, None, :, None])
            self._interpreter.invoke()
            outputs[row] = self._interpreter.get_tensor(self._output_index)[0]
        return outputs

    def run_float(self, windows_g: FloatArray) -> FloatArray:
        """Return the probabilities, shape (windows, 3), of the float model for magnitudes in g."""
        outputs = np.empty((len(windows_g), 3))
        for row, window in enumerate(windows_g.astype(np.float32)):
            self._interpreter.set_tensor(self._input["index"], window[None, None, :, None])
            self._interpreter.invoke()
            outputs[row] = self._interpreter.get_tensor(self._output_index)[0]
        return outputs
