"""firmware/lib/nn against LiteRT's reference kernels: every output of random layers, bit for bit.

The models in kernel_models/ are one layer each, made by scripts/make_kernel_models.py.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from kernel_engines import FIRMWARE, ArmKernels, HostKernels, Int8Array

graph = pytest.importorskip("models.tap.graph", reason="models/ is not importable: run pytest from the root")
litert = pytest.importorskip("ai_edge_litert.interpreter", reason="ai-edge-litert is not installed")

MODELS = sorted((Path(__file__).parent / "kernel_models").glob("*.tflite"))
KERNELS_ELF = FIRMWARE / "prebuilt/nrf52840dk/nn_kernels.elf"
INPUTS_PER_MODEL = 20


class Kernels(Protocol):
    """Runs one layer."""

    def run(self, layer: Any, values: Int8Array) -> Int8Array: ...


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> HostKernels:
    if shutil.which("cc") is None:
        pytest.skip("no host C compiler `cc`")
    return HostKernels(tmp_path_factory.mktemp("nn"))


def arm(function: str) -> ArmKernels:
    pytest.importorskip("unicorn", reason="unicorn is not installed")
    return ArmKernels(KERNELS_ELF, function)


class Reference:
    """LiteRT with its reference kernels on one model file."""

    def __init__(self, path: Path) -> None:
        self._interpreter = litert.Interpreter(
            str(path), experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF
        )
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]

    def run(self, values: Int8Array) -> Int8Array:
        self._interpreter.set_tensor(self._input["index"], values.reshape(self._input["shape"]))
        self._interpreter.invoke()
        output = self._interpreter.get_output_details()[0]["index"]
        return np.asarray(self._interpreter.get_tensor(output)).reshape(-1)


def inputs_for(layer: Any) -> list[Int8Array]:
    """Seeded noise over the whole range, then both extremes."""
    random = np.random.default_rng(7)
    size = int(np.prod(layer.input.layer_shape))
    noise = [random.integers(-128, 128, size, dtype=np.int8) for _ in range(INPUTS_PER_MODEL)]
    return [*noise, np.full(size, -128, np.int8), np.full(size, 127, np.int8)]


def assert_equal_outputs(path: Path, kernels: Kernels) -> None:
    reference, (layer,) = Reference(path), graph.read_layers(path)
    for values in inputs_for(layer):
        np.testing.assert_array_equal(kernels.run(layer, values), reference.run(values), err_msg=path.stem)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_portable_kernels_equal_litert(path: Path, host: HostKernels) -> None:
    assert_equal_outputs(path, host)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
@pytest.mark.parametrize("function", ["nn_layer_run_reference", "nn_layer_run"])
def test_arm_build_equals_litert(path: Path, function: str) -> None:
    assert_equal_outputs(path, arm(function))


def test_tap_model_layers_equal_litert_on_both_builds(host: HostKernels) -> None:
    path = FIRMWARE.parent / "models/tap/tap.tflite"
    reference, layers, dsp = Reference(path), graph.read_layers(path), arm("nn_layer_run")
    for values in inputs_for(layers[0]):
        portable, fast = values, values
        for layer in layers:
            portable, fast = host.run(layer, portable), dsp.run(layer, fast)
        np.testing.assert_array_equal(portable, reference.run(values))
        np.testing.assert_array_equal(fast, portable)
