"""The losses in JAX: jnp, compiled; cross-entropies in the ways that Optax and hand-written code have them."""

import math

import jax
import jax.numpy as jnp
import numpy as np

from task import padded


def _smoothed(y, config):
    smoothing = config.get("label_smoothing", 0)
    return y * (1 - smoothing) + smoothing / y.shape[config["axis"]] if smoothing else y


def _log_softmax(x, y, config):
    axis = config["axis"]
    return -(_smoothed(y, config) * jax.nn.log_softmax(x, axis)).sum(axis)


def _logsumexp(x, y, config):
    axis, y = config["axis"], _smoothed(y, config)
    return y.sum(axis) * jax.nn.logsumexp(x, axis) - (y * x).sum(axis)


def _at(x, ids, axis):
    return jnp.take_along_axis(x, jnp.expand_dims(ids, axis), axis).squeeze(axis)


def _sparse_log_softmax(x, y, config):
    return -_at(jax.nn.log_softmax(x, config["axis"]), y, config["axis"])


def _sparse_logsumexp(x, y, config):
    return jax.nn.logsumexp(x, config["axis"]) - _at(x, y, config["axis"])


def _of_probabilities(x, y):
    p = jnp.clip(x, 1e-7, 1 - 1e-7)
    return -y * jnp.log(p) - (1 - y) * jnp.log1p(-p)


def _log_sigmoid(x, y, config):
    if not config["from_logits"]:
        return _of_probabilities(x, y)
    return -y * jax.nn.log_sigmoid(x) - (1 - y) * jax.nn.log_sigmoid(-x)


def _binary(x, y, config):
    if not config["from_logits"]:
        return _of_probabilities(x, y)
    return jnp.maximum(x, 0) - x * y + jnp.log1p(jnp.exp(-jnp.abs(x)))


def _binary_focal(x, y, config):
    p = jax.nn.sigmoid(x) if config["from_logits"] else x
    missed = p + y - 2 * p * y
    losses = missed ** config["gamma"] * _binary(x, y, config)
    balance = y * config["alpha"] + (1 - y) * (1 - config["alpha"])
    return balance * losses if config["apply_class_balancing"] else losses


def _categorical_focal(x, y, config):
    axis = config["axis"]
    logarithms = jax.nn.log_softmax(x, axis) if config["from_logits"] else jnp.log(x / x.sum(axis, keepdims=True))
    logarithms = jnp.clip(logarithms, math.log(1e-7), math.log1p(-1e-7))
    return (-config["alpha"] * (1 - jnp.exp(logarithms)) ** config["gamma"] * y * logarithms).sum(axis)


def _generalized(x, y, config):
    q = config["q"]
    return (1 - _at(x, y, -1) ** q) / q


def _dice(x, y, config):
    axes = _axes(config)
    return 1 - 2 * (x * y).sum(axes) / (y.sum(axes) + x.sum(axes) + 1e-7)


def _tversky(x, y, config):
    axes = _axes(config)
    both, missed, extra = (x * y).sum(axes), (y * (1 - x)).sum(axes), (x * (1 - y)).sum(axes)
    return 1 - both / (both + config["alpha"] * missed + config["beta"] * extra + 1e-7)


def _axes(config):
    return None if config["axis"] is None else tuple(config["axis"])


def _huber(x, y, config):
    delta = config.get("delta", 1)
    d = jnp.abs(x - y)
    return jnp.where(d <= delta, 0.5 * d * d, delta * d - 0.5 * delta * delta)


def _log_cosh(x, y, config):
    d = x - y
    return d + jax.nn.softplus(-2 * d) - math.log(2)


def _kl(x, y, config):
    p, q = jnp.clip(x, 1e-7, 1), jnp.clip(y, 1e-7, 1)
    return (q * jnp.log(q / p)).sum(-1)


def _cosine(x, y, config):
    axis = config.get("axis", -1)
    return -(x * y).sum(axis) / (jnp.linalg.norm(x, axis=axis) * jnp.linalg.norm(y, axis=axis))


def _ctc(x, y, config):
    """The forward recursion over blank and label states, scanned over time; blank is class 0."""
    p = jax.nn.log_softmax(x)
    batch, _, _ = p.shape
    states = jnp.zeros((batch, 2 * y.shape[1] + 1), jnp.int32).at[:, 1::2].set(y)
    skips = jnp.pad((states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2]), ((0, 0), (2, 0)))
    emitted = jnp.take_along_axis(p, jnp.broadcast_to(states[:, None, :], p.shape[:2] + states.shape[1:]), -1)
    # A number so small that it is none: the derivative of −inf − −inf would be NaN.
    never = -1e30
    first = jnp.where(jnp.arange(states.shape[1]) < 2, emitted[:, 0], never)

    def shifted(alpha, count):
        return jnp.pad(alpha[:, :-count], ((0, 0), (count, 0)), constant_values=never)

    def step(alpha, here):
        two = jnp.where(skips, shifted(alpha, 2), never)
        return jnp.logaddexp(jnp.logaddexp(alpha, shifted(alpha, 1)), two) + here, None

    alpha, _ = jax.lax.scan(step, first, jnp.moveaxis(emitted, 1, 0)[1:])
    last = 2 * (y != 0).sum(-1)
    return -jnp.logaddexp(_at(alpha, last, 1), _at(alpha, jnp.maximum(last - 1, 0), 1))


# The first way is JAX's own function, the more exact one.
LOSSES = {
    "categorical_crossentropy": {"log_softmax": _log_softmax, "logsumexp": _logsumexp},
    "sparse_categorical_crossentropy": {"log_softmax": _sparse_log_softmax, "logsumexp": _sparse_logsumexp},
    "binary_crossentropy": {"log_sigmoid": _log_sigmoid, "log1p": _binary},
    "binary_focal_crossentropy": {"jit": _binary_focal},
    "categorical_focal_crossentropy": {"jit": _categorical_focal},
    "categorical_generalized_cross_entropy": {"jit": _generalized},
    "dice": {"jit": _dice},
    "tversky": {"jit": _tversky},
    "mean_squared_error": {"jit": lambda x, y, c: jnp.square(x - y)},
    "mean_absolute_error": {"jit": lambda x, y, c: jnp.abs(x - y)},
    "mean_absolute_percentage_error": {
        "jit": lambda x, y, c: 100 * jnp.abs((y - x) / jnp.maximum(jnp.abs(y), 1e-7))},
    "mean_squared_logarithmic_error": {
        "jit": lambda x, y, c: jnp.square(jnp.log1p(jnp.maximum(x, 1e-7)) - jnp.log1p(jnp.maximum(y, 1e-7)))},
    "huber": {"jit": _huber},
    "log_cosh": {"jit": _log_cosh},
    "poisson": {"jit": lambda x, y, c: x - y * jnp.log(x + 1e-7)},
    "kl_divergence": {"jit": _kl},
    "hinge": {"jit": lambda x, y, c: jax.nn.relu(1 - y * x)},
    "squared_hinge": {"jit": lambda x, y, c: jnp.square(jax.nn.relu(1 - y * x))},
    "categorical_hinge": {
        "jit": lambda x, y, c: jax.nn.relu(1 + ((1 - y) * x).max(-1) - (y * x).sum(-1))},
    "cosine_similarity": {"jit": _cosine},
    "ctc": {"jit": _ctc},
}


class Peer:
    version = jax.__version__

    def __init__(self, threads):
        pass  # Only the environment and the processors that the process may use decide.

    def losses(self, task):
        """One loss per sample, as NumPy's array."""
        function = next(iter(LOSSES[task.loss].values()))
        return np.asarray(jax.jit(lambda x, y: function(x, y, task.config))(task.predictions, task.labels))

    def forms(self, task):
        """The ways to the mean, and to the mean and its gradient; each call takes nothing and returns numbers."""
        x, y = jnp.asarray(task.predictions), jnp.asarray(task.labels)
        w = None if task.weights is None else jnp.asarray(task.weights)

        def mean(function):
            def run(x, y, w):
                losses = function(x, y, task.config)
                return losses.mean() if w is None else (w.reshape(padded(w.shape, losses.ndim)) * losses).mean()
            return run

        def value(function):
            compiled = jax.jit(mean(function))
            return lambda: (compiled(x, y, w).block_until_ready(), None)

        def gradient(function):
            compiled = jax.jit(jax.value_and_grad(mean(function)))
            return lambda: jax.block_until_ready(compiled(x, y, w))

        return {
            name: {form: make(function) for form, function in LOSSES[task.loss].items()}
            for name, make in (("value", value), ("value+gradient", gradient))
        }

    def drop(self):
        jax.clear_caches()
