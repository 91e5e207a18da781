"""Train the tap classifier; write tap.tflite (full int8), tap_float.tflite and training.json.

`python -m models.tap.train`; needs TensorFlow (the extra `models`). Seeded and deterministic on one
machine; another CPU or TensorFlow may round differently, so the .tflite itself is committed.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from models.tap.files import FLOAT_FILE, TFLITE_FILE, TRAINING_FILE
from models.tap.litert import TapInterpreter
from models.tap.motions import FloatArray
from models.tap.preprocessing import WINDOW_SAMPLES
from models.tap.scoring import choose_reject_q, outputs_at_every_start
from models.tap.sessions import FULL_SCALE_G, WindowSet, labelled_windows, sessions

SEED = 7
EPOCHS = 16


def tensorflow() -> Any:
    """Return TensorFlow, seeded and with deterministic kernels."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        module = importlib.import_module("tensorflow")
    except ImportError:
        raise SystemExit("models.tap.train: needs TensorFlow: pip install .[models]") from None
    module.keras.utils.set_random_seed(SEED)
    module.config.experimental.enable_op_determinism()
    return module


def build_network(keras: Any) -> Any:
    """Return the untrained network: (1, 80, 1) to three probabilities.

    Height 1 throughout, so the graph needs only 2D kernels. The convolution over the whole width
    sees places as well as shapes: two bursts must be counted, not averaged. It and the last one
    are dense layers in all but name: LiteRT's reference FULLY_CONNECTED requantises in float
    (LiteRT issue 8567), so of the two only CONV_2D has an integer reference to be equal to.
    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((1, WINDOW_SAMPLES, 1)),
            layers.Conv2D(8, (1, 5), strides=(1, 2), padding="same", activation="relu"),
            layers.Conv2D(16, (1, 5), strides=(1, 2), padding="same", activation="relu"),
            layers.Conv2D(16, (1, 3), padding="same", activation="relu"),
            layers.MaxPooling2D((1, 2)),
            layers.Conv2D(16, (1, WINDOW_SAMPLES // 8), activation="relu"),
            layers.Conv2D(3, (1, 1)),
            layers.Flatten(),
            layers.Softmax(),
        ]
    )


def as_tensor(windows: WindowSet) -> FloatArray:
    """Return the network's input, shape (windows, 1, 80, 1), in g."""
    return windows.model_input[:, None, :, None].astype(np.float32)


def class_weights(windows: WindowSet) -> dict[int, float]:
    """Return weights that make the three classes count alike, softened by a square root."""
    counts = np.bincount(windows.labels, minlength=3)
    return {index: float(np.sqrt(counts.max() / count)) for index, count in enumerate(counts)}


def fit(tf: Any, train: WindowSet, validation: WindowSet) -> tuple[Any, float]:
    """Train the network; return it and its accuracy on the validation windows."""
    keras = tf.keras
    network = build_network(keras)
    steps = EPOCHS * (len(train.labels) // 256 + 1)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    network.fit(
        as_tensor(train), train.labels, batch_size=256, epochs=EPOCHS, verbose=0,
        class_weight=class_weights(train),
    )  # fmt: skip
    _, accuracy = network.evaluate(as_tensor(validation), validation.labels, verbose=0)
    return network, float(accuracy)


def converter_of(tf: Any, network: Any) -> Any:
    """Return a TFLite converter of the network at batch 1, its variables frozen."""
    freeze = importlib.import_module("tensorflow.python.framework.convert_to_constants")
    fixed = tf.function(network).get_concrete_function(tf.TensorSpec((1, 1, WINDOW_SAMPLES, 1), tf.float32))
    constant = freeze.convert_variables_to_constants_v2(fixed)
    return tf.lite.TFLiteConverter.from_concrete_functions([constant])


def to_int8(tf: Any, network: Any, train: WindowSet) -> bytes:
    """Quantise to int8 with int8 input and output; the input spans 0..FULL_SCALE_G exactly."""

    def representative() -> Iterator[list[FloatArray]]:
        yield [np.full((1, 1, WINDOW_SAMPLES, 1), FULL_SCALE_G, np.float32)]
        for row in as_tensor(train)[:: len(train.labels) // 500]:
            yield [row[None]]

    converter = converter_of(tf, network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def tuned_reject_q() -> int:
    """Return the reject threshold, tuned on the validation events with the quantised model."""
    recordings = sessions("validation")
    interpreter = TapInterpreter(TFLITE_FILE)
    return choose_reject_q(recordings, [outputs_at_every_start(each, interpreter) for each in recordings])


def main() -> None:
    """Train, quantise and write both models, the threshold and what the training saw."""
    tf = tensorflow()
    train = labelled_windows(sessions("train"), step=4)
    validation = labelled_windows(sessions("validation"), step=4)
    network, accuracy = fit(tf, train, validation)
    FLOAT_FILE.write_bytes(bytes(converter_of(tf, network).convert()))
    TFLITE_FILE.write_bytes(to_int8(tf, network, train))
    numbers = {
        "float_validation_accuracy": round(accuracy, 4),
        "parameters": int(network.count_params()),
        "reject_q": tuned_reject_q(),
        "seed": SEED,
        "train_windows": len(train.labels),
    }
    TRAINING_FILE.write_text(json.dumps(numbers, indent=2) + "\n")
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
