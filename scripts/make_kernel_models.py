"""Make the small random int8 models of the kernel conformance test (needs tensorflow).

Run once: `python scripts/make_kernel_models.py`. Each model is one layer with seeded random weights, so
that LiteRT's reference kernels can be compared with firmware/lib/nn on every operator and odd shape.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

tf: Any = importlib.import_module("tensorflow")

TARGET = Path(__file__).parents[1] / "emulator/tests/conformance/kernel_models"
Shape = tuple[int, int, int]


def layers_by_name() -> dict[str, tuple[Shape, Any]]:
    """Return input shape (height, width, channels) and Keras layer of every model."""
    keras = tf.keras.layers
    return {
        "conv_same": ((7, 9, 3), keras.Conv2D(5, 3, padding="same")),
        "conv_stride": ((9, 8, 4), keras.Conv2D(6, (3, 2), strides=2, activation="relu")),
        "conv_same_stride": ((8, 8, 2), keras.Conv2D(4, 3, strides=2, padding="same")),
        "conv_1d": ((1, 40, 8), keras.Conv2D(7, (1, 5), padding="same", activation="relu")),
        "conv_pointwise": ((4, 4, 13), keras.Conv2D(8, 1, activation="relu6")),
        "depthwise_same": ((6, 7, 8), keras.DepthwiseConv2D(3, padding="same")),
        "depthwise_odd": ((6, 6, 3), keras.DepthwiseConv2D(3, strides=2, activation="relu")),
        "depthwise_double": ((5, 6, 4), keras.DepthwiseConv2D((2, 3), depth_multiplier=2)),
        "fully_connected": ((1, 1, 37), keras.Dense(11)),
        "average_pool": ((6, 5, 4), keras.AveragePooling2D(3, strides=2, padding="same")),
        "average_pool_global": ((1, 20, 16), keras.AveragePooling2D((1, 20))),
        "max_pool": ((7, 7, 3), keras.MaxPooling2D(2, padding="same")),
        "softmax": ((1, 1, 3), keras.Softmax()),
        "softmax_wide": ((1, 1, 40), keras.Softmax()),
    }


def convert(name: str, shape: Shape, layer: Any, seed: int) -> bytes:
    """Return one layer as a fully int8 .tflite model, calibrated on normal noise."""
    tf.keras.utils.set_random_seed(seed)
    flat = shape[:2] == (1, 1)
    entry = tf.keras.Input(shape[2:] if flat else shape, batch_size=1)
    model = tf.keras.Model(entry, layer(entry))
    random = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(random.normal(0.0, 0.4, weight.shape))
    spread = 4.0 if name.startswith("softmax") else 1.0

    def samples() -> Iterator[list[Any]]:
        for _ in range(50):
            values = random.normal(0.3, spread, (1, *entry.shape[1:]))
            yield [values.astype(np.float32)]

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def main() -> None:
    """Write all models."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for seed, (name, (shape, layer)) in enumerate(layers_by_name().items()):
        (TARGET / f"{name}.tflite").write_bytes(convert(name, shape, layer, seed))


if __name__ == "__main__":
    main()
