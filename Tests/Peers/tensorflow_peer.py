"""The losses in TensorFlow: tf.nn and plain operations; what they lack is Keras's own function on TensorFlow."""

import math

import keras
import tensorflow as tf

from task import padded


def _classes_last(x, config):
    axis = config["axis"] % x.shape.rank
    order = [a for a in range(x.shape.rank) if a != axis] + [axis]
    return x if axis == x.shape.rank - 1 else tf.transpose(x, order)


def _categorical(x, y, config):
    smoothing = config.get("label_smoothing", 0)
    x, y = _classes_last(x, config), _classes_last(y, config)
    if smoothing:
        y = y * (1 - smoothing) + smoothing / y.shape[-1]
    return tf.nn.softmax_cross_entropy_with_logits(y, x)


def _sparse(x, y, config):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(y, _classes_last(x, config))


def _binary(x, y, config):
    if config["from_logits"]:
        return tf.nn.sigmoid_cross_entropy_with_logits(y, x)
    return keras.ops.binary_crossentropy(y, x)


def _huber(x, y, config):
    delta = config.get("delta", 1)
    d = tf.abs(x - y)
    return tf.where(d <= delta, 0.5 * d * d, delta * d - 0.5 * delta * delta)


def _log_cosh(x, y, config):
    d = x - y
    return d + tf.nn.softplus(-2 * d) - math.log(2)


def _kl(x, y, config):
    p, q = tf.clip_by_value(x, 1e-7, 1), tf.clip_by_value(y, 1e-7, 1)
    return tf.reduce_sum(q * tf.math.log(q / p), -1)


def _cosine(x, y, config):
    axis = config.get("axis", -1)
    return -tf.reduce_sum(tf.math.l2_normalize(x, axis) * tf.math.l2_normalize(y, axis), axis)


def _ctc(x, y, config):
    lengths = tf.fill([x.shape[0]], x.shape[1])
    counts = tf.math.count_nonzero(y, -1, dtype=tf.int32)
    return tf.nn.ctc_loss(y, x, counts, lengths, logits_time_major=False, blank_index=0)


LOSSES = {
    "categorical_crossentropy": _categorical,
    "sparse_categorical_crossentropy": _sparse,
    "binary_crossentropy": _binary,
    "mean_squared_error": lambda x, y, c: tf.math.squared_difference(x, y),
    "mean_absolute_error": lambda x, y, c: tf.abs(x - y),
    "huber": _huber,
    "log_cosh": _log_cosh,
    "poisson": lambda x, y, c: x - y * tf.math.log(x + 1e-7),
    "kl_divergence": _kl,
    "hinge": lambda x, y, c: tf.nn.relu(1 - y * x),
    "squared_hinge": lambda x, y, c: tf.square(tf.nn.relu(1 - y * x)),
    "cosine_similarity": _cosine,
    "ctc": _ctc,
}


def _keras(name):
    """Keras's function of this name, with the parameters of a configuration."""
    function = getattr(keras.losses, name, None)
    if function is None:
        raise KeyError(name)

    def losses(x, y, config):
        parameters = {key: value for key, value in config.items() if key not in ("name", "reduction")}
        return function(y, x, **parameters)
    return losses


class Peer:
    version = f"{tf.__version__}, Keras {keras.__version__}"

    def __init__(self, threads):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)

    def losses(self, task):
        """One loss per sample, as NumPy's array."""
        function = LOSSES.get(task.loss) or _keras(task.loss)
        return function(tf.constant(task.predictions), tf.constant(task.labels), task.config).numpy()

    def forms(self, task):
        """The ways to the mean, and to the mean and its gradient; each call takes nothing and returns numbers."""
        if task.loss == "ctc" and task.labels.shape[-1] > 50:
            # It keeps a matrix of all pairs of a sequence's states for each step: more than 20 GB.
            raise KeyError(task.loss)
        function = LOSSES.get(task.loss) or _keras(task.loss)
        x, y = tf.constant(task.predictions), tf.constant(task.labels)
        w = None if task.weights is None else tf.constant(task.weights)

        def mean(x, y, w):
            losses = function(x, y, task.config)
            if w is not None:
                losses = tf.reshape(w, padded(w.shape, losses.shape.rank)) * losses
            return tf.reduce_mean(losses)

        def mean_and_gradient(x, y, w):
            with tf.GradientTape() as tape:
                tape.watch(x)
                result = mean(x, y, w)
            return result, tape.gradient(result, x)

        def call(function, has_gradient):
            # On a CPU both are there when the function returns; the number is read to be sure.
            def run():
                result, gradient = function(x, y, w) if has_gradient else (function(x, y, w), None)
                result.numpy()
                return result, gradient
            return run

        passes = {"value": mean, "value+gradient": mean_and_gradient}
        return {
            name: {
                "eager": call(function, name != "value"),
                "tf.function": call(tf.function(function), name != "value"),
                "tf.function, XLA": call(tf.function(function, jit_compile=True), name != "value"),
            }
            for name, function in passes.items()
        }

    def drop(self):
        pass  # Functions go with the last reference to them.
