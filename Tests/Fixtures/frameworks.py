"""TensorFlow 1's losses, Keras 2 and Keras 3 behind one shape of call.

Every function here returns what the framework returned, or the error that it raised: nothing is corrected,
squeezed or broadcast on the way in.
"""

import contextlib
import os
import re
import warnings

# All of these are read when TensorFlow is imported. oneDNN's own kernels round differently.
os.environ.update(
    TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow"
)
warnings.filterwarnings("ignore")

import keras
import numpy as np
import tensorflow as tf
import tf_keras
from keras.src.backend import set_keras_mask

from encoding import tensor

tf.get_logger().setLevel("ERROR")
# One thread, so that sums run in one order. Two logical processors, so that two replicas can be run.
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)

VERSIONS = {
    "tensorflow": tf.__version__,
    "keras": keras.__version__,
    "tf_keras": tf_keras.__version__,
    "numpy": np.__version__,
}

V1_REDUCTIONS = {
    "none": "none",
    "sum": "weighted_sum",
    "sum_over_batch_size": "weighted_sum_over_batch_size",
    "mean": "weighted_mean",
    "sum_by_nonzero_weights": "weighted_sum_by_nonzero_weights",
}
KERAS2_REDUCTIONS = ("none", "sum", "sum_over_batch_size")
KERAS3_REDUCTIONS = ("none", "sum", "sum_over_batch_size", "mean_with_sample_weight")


class Failure:
    """An error that a framework raised."""

    def __init__(self, error):
        # Addresses differ from run to run.
        text = re.sub(r"0x[0-9a-f]{6,}", "0x…", str(error)).strip()
        self.encoded = {"error": type(error).__name__, "text": text[:200]}


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:  # whatever it is, it is the result
        return Failure(error)


def each_reduction(run, call, reductions, case_dtype, labels, x, **options):
    """({reduction: result}, {reduction: gradient}) as JSON; every reduction is run on its own."""
    results, gradients = {}, {}
    for reduction in reductions:
        outcome = attempt(lambda: run(call, reduction, labels, x, **options))
        if isinstance(outcome, Failure):
            results[reduction] = outcome.encoded
            continue
        results[reduction] = tensor(outcome[0], case_dtype)
        if outcome[1] is not None:
            gradients[reduction] = tensor(outcome[1], case_dtype)
    return results, gradients


def encoded(value, dtype):
    """What a call returned, or its error, as JSON."""
    return value.encoded if isinstance(value, Failure) else tensor(value, dtype)


class _Keras2PassThrough(tf_keras.losses.Loss):
    """A loss whose per-sample values are its predictions: only weighting and reduction are left."""

    def call(self, y_true, y_pred):
        return y_pred


class _Keras3PassThrough(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred


def _arguments(weights):
    """`weights` is None where the argument is not passed, "none" for an explicit None, else an array."""
    if weights is None:
        return {}
    return {"weights": None if isinstance(weights, str) else tf.constant(weights)}


def _keras_arguments(weights):
    return {"sample_weight": value for value in _arguments(weights).values()}


def v1(reduction, labels, x, weights=None, label_smoothing=0.0):
    """tf.compat.v1.losses.softmax_cross_entropy, or compute_weighted_loss where there are no labels."""
    arguments = dict(_arguments(weights), reduction=V1_REDUCTIONS[reduction])
    if labels is None:
        return tf.compat.v1.losses.compute_weighted_loss(x, **arguments)
    return tf.compat.v1.losses.softmax_cross_entropy(labels, x, label_smoothing=label_smoothing, **arguments)


def _keras(module, pass_through, reduction, labels, label_smoothing, from_logits, axis, **dtype):
    if labels is None:
        return pass_through(reduction=reduction, **dtype)
    return module.losses.CategoricalCrossentropy(
        from_logits=from_logits, label_smoothing=label_smoothing, axis=axis, reduction=reduction, **dtype
    )


def keras2(reduction, labels, x, weights=None, label_smoothing=0.0, from_logits=True, axis=-1, mask=None):
    loss = _keras(tf_keras, _Keras2PassThrough, reduction, labels, label_smoothing, from_logits, axis)
    if mask is not None:
        x._keras_mask = tf.constant(mask)
    return loss(tf.zeros_like(x) if labels is None else labels, x, **_keras_arguments(weights))


def keras3(
    reduction, labels, x, weights=None, label_smoothing=0.0, from_logits=True, axis=-1, mask=None, dtype=None
):
    loss = _keras(keras, _Keras3PassThrough, reduction, labels, label_smoothing, from_logits, axis, dtype=dtype)
    if mask is not None:
        set_keras_mask(x, tf.constant(mask))
    return loss(tf.zeros_like(x) if labels is None else labels, x, **_keras_arguments(weights))


def eager(call, reduction, labels, x, with_gradient="x", **options):
    """(value, gradient of the sum of the returned values); the gradient is None where there is none."""
    x = tf.constant(x)
    labels = None if labels is None else tf.constant(labels)
    source = labels if with_gradient == "labels" else x
    with tf.GradientTape() as tape:
        if source.dtype.is_floating:
            tape.watch(source)
        value = call(reduction, labels, x, **options)
    gradient = tape.gradient(value, source) if source.dtype.is_floating else None
    return value.numpy(), None if gradient is None else gradient.numpy()


def on_arrays(call, reduction, labels, x, **options):
    """The call on NumPy arrays, which Keras 2 does not squeeze as it squeezes tensors."""
    return call(reduction, labels, x, **options).numpy(), None


def compiled(call, reduction, labels, x, **options):
    """The call inside a function that XLA compiles."""
    labels = tf.constant(labels)
    function = tf.function(lambda x: call(reduction, labels, x, **options), jit_compile=True, autograph=False)
    return function(tf.constant(x)).numpy(), None


def after_softmax(call, reduction, labels, x, **options):
    """The call inside a graph, on the output of a softmax whose input is x."""
    labels = tf.constant(labels)
    function = tf.function(lambda x: call(reduction, labels, tf.nn.softmax(x), **options), autograph=False)
    return function(tf.constant(x)).numpy(), None


def replicated(replicas):
    """The call in each replica of a MirroredStrategy; every replica has all of the data. The first replica's value."""

    def run(call, reduction, labels, x, **options):
        strategy = tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(replicas)])
        with strategy.scope():
            result = strategy.run(lambda: call(reduction, tf.constant(labels), tf.constant(x), **options))
        return strategy.experimental_local_results(result)[0].numpy(), None

    return run


def op(labels, x):
    """tf.nn.softmax_cross_entropy_with_logits: its value, and its gradients for the sum of the losses."""
    labels, x = tf.constant(labels), tf.constant(x)

    def gradient(source):
        # A tape for each: where labels are broadcast, watching them makes both gradients fail.
        with tf.GradientTape() as tape:
            tape.watch(source)
            value = tf.nn.softmax_cross_entropy_with_logits(labels, x)
        return tape.gradient(value, source).numpy()

    value = tf.nn.softmax_cross_entropy_with_logits(labels, x).numpy()
    return value, attempt(gradient, x), attempt(gradient, labels)


def other_crossentropies(labels, x):
    """What Keras gives for the losses beside the categorical one when it is handed an activation's output:
    eagerly, and in a graph, where it goes back to the activation's input."""
    sparse = labels.argmax(-1)
    calls = [
        ("BinaryCrossentropy", False, labels, tf.sigmoid),
        ("BinaryCrossentropy", True, labels, tf.sigmoid),
        ("SparseCategoricalCrossentropy", False, sparse, tf.nn.softmax),
    ]
    for name, from_logits, target, activation in calls:
        for framework, module in (("keras2", tf_keras), ("keras3", keras)):
            loss = getattr(module.losses, name)(from_logits=from_logits)
            graph = tf.function(lambda x: loss(tf.constant(target), activation(x)), autograph=False)
            eager_value = loss(tf.constant(target), activation(tf.constant(x)))
            yield name, from_logits, framework, eager_value.numpy(), graph(tf.constant(x)).numpy()


def unfused(labels, x):
    """-Σ labels·log_softmax(x) and the derivative of its sum, through operations that are not fused."""
    x = tf.constant(np.asarray(x, np.float64))
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = -tf.reduce_sum(tf.constant(np.asarray(labels, np.float64)) * tf.nn.log_softmax(x), -1)
    return value.numpy(), tape.gradient(value, x).numpy()


@contextlib.contextmanager
def quiet():
    """Keras and TensorFlow warn on some of the inputs that are recorded on purpose."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
