"""Every function of tf.compat.v1.losses that returns a loss: its inputs, its formula in float64, and its call."""

import families_data as data
import families_losses as losses
import numpy as np
import reference
from families_data import pick
from frameworks import tf


class Function:
    """One function: its inputs, and (losses, derivatives, terms of the losses, terms of the derivatives)."""

    ranks = (0, 1, 2, 2, 3, 4)

    def __init__(self, name, draw, formula, parameters=None):
        self.name, self.draw_pair, self.formula, self.parameters = name, draw, formula, parameters or {}

    def configuration(self, random, rank):
        return {key: pick(random, options) for key, options in self.parameters.items()}

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        return (*self.draw_pair(random, shape, dtype, half), dtype)

    def tensorflow(self, y, p, **arguments):
        return getattr(tf.compat.v1.losses, self.name)(y, p, **arguments)


class OverClasses(Function):
    """A function whose losses lack the last axis."""

    ranks = (1, 2, 2, 3, 4)


def absolute_difference(y, p):
    return np.abs(p - y), np.sign(p - y), None, None


def mean_squared_error(y, p):
    return (p - y) ** 2, 2 * (p - y), None, None


def huber_loss(y, p, delta):
    e = p - y
    inside = np.abs(e) <= delta
    value = np.where(inside, e * e / 2, delta * np.abs(e) - delta * delta / 2)
    return value, np.clip(e, -delta, delta), None, None


def hinge_loss(y, x):
    signed = 2 * y - 1
    margin = 1 - signed * x
    inside = margin > 0
    return np.maximum(margin, 0), np.where(inside, -signed, 0), np.where(inside, 1 + np.abs(signed * x), 0), None


def log_loss(y, p, epsilon):
    value = -y * np.log(p + epsilon) - (1 - y) * np.log(1 - p + epsilon)
    gradient = (1 - y) / (1 - p + epsilon) - y / (p + epsilon)
    return value, gradient, None, (1 - y) / (1 - p + epsilon) + y / (p + epsilon)


def cosine_distance(y, p, axis):
    return 1 - (y * p).sum(axis, keepdims=True), -y, 1 + np.abs(y * p).sum(axis, keepdims=True), None


def sigmoid_cross_entropy(y, x, label_smoothing):
    y = y * (1 - label_smoothing) + label_smoothing / 2
    sigmoid = 1 / (1 + np.exp(-x))
    value = y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x)
    return value, sigmoid - y, None, sigmoid + y


def softmax_cross_entropy(y, x, label_smoothing):
    y = y * (1 - label_smoothing) + label_smoothing / y.shape[-1]
    value, gradient = reference.softmax_cross_entropy(y, x)
    share = np.exp(x - x.max(-1, keepdims=True))
    share /= share.sum(-1, keepdims=True)
    return value, gradient, None, share * y.sum(-1, keepdims=True) + y


def sparse_softmax_cross_entropy(y, x):
    return softmax_cross_entropy(np.eye(x.shape[-1])[y.reshape(x.shape[:-1]).astype(int)], x, 0.0)


def compute_weighted_loss(y, values):
    return values, np.ones(values.shape), None, None


def signed_labels(random, shape, dtype, half):
    """Labels 0 and 1, and some that are not."""
    y = data.binary(random, shape) if random.random() < 0.7 else data.numbers_of(random, shape, dtype, half, -1, 2)
    return y, data.settle(
        lambda: data.snap(random.normal(0, 2, shape), half), lambda x: data.near((2 * y - 1) * x, 1)
    )


def events(random, shape, dtype, half):
    return data.shares_of(random, shape, dtype, half), data.probabilities(random, shape, half)


def decisions(random, shape, dtype, half):
    return data.shares_of(random, shape, dtype, half), data.snap(random.normal(0, 4, shape), half)


def vectors(random, shape, dtype, half):
    return data.numbers_of(random, shape, dtype, half, -2, 2), data.snap(random.normal(0, 1, shape), half)


class Huber(Function):
    def draw(self, random, shape, configuration, half):
        y, dtype, p = losses.Huber().draw(random, shape, configuration, half)
        return y, p, dtype


class Cosine(Function):
    ranks = (1, 2, 2, 3, 4)

    def configuration(self, random, rank):
        return {"axis": int(random.integers(-rank, rank))}


class Softmax(OverClasses):
    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        return data.class_labels(random, shape, -1, dtype, half), data.snap(random.normal(0, 3, shape), half), dtype


class Sparse(OverClasses):
    def draw(self, random, shape, configuration, half):
        dtype = pick(random, ("int32", "int64", "uint8"))
        y = random.integers(0, shape[-1], shape[:-1]).astype(np.float64)
        return y[..., None] if random.random() < 0.3 else y, data.snap(random.normal(0, 3, shape), half), dtype

    def tensorflow(self, y, x, **arguments):
        # TensorFlow takes int32 and int64 only.
        return super().tensorflow(tf.cast(y, "int64"), x, **arguments)


class Weighted(Function):
    def tensorflow(self, y, values, **arguments):
        return tf.compat.v1.losses.compute_weighted_loss(values, **arguments)


class Pairwise(Function):
    """It reduces by itself: to the sum over the batch."""

    ranks = (1, 2, 2, 3, 4)

    def tensorflow(self, y, p, reduction, **arguments):
        # Eager TensorFlow counts the whole batch for a scalar weight; the graph is what its tests hold.
        call = tf.function(lambda p: super(Pairwise, self).tensorflow(y, p, **arguments), autograph=False)
        return call(p)

    def reduced(self, y, p, weights):
        """(value, gradient, terms, terms of the gradient)."""
        axes = tuple(range(1, p.ndim))
        first = (slice(None),) + (None,) * len(axes)
        full = np.broadcast_to(weights, p.shape)
        count = np.count_nonzero(full, axis=axes).astype(np.float64)[first]
        factor = np.broadcast_to(weights, np.broadcast_shapes(weights.shape, (len(p),) + (1,) * len(axes)))
        factor = factor.sum(axis=axes)[first]
        d = p - y
        linear, square = d.sum(axis=axes, keepdims=True), (d * d).sum(axis=axes, keepdims=True)
        with np.errstate(all="ignore"):
            a = np.where(count > 1, 1 / (count - 1), 0)
            b = np.where(count > 1, a / count, 0)
        value = factor * 2 * (square * a - linear**2 * b)
        terms = np.abs(factor) * 2 * (square * a + np.abs(d).sum(axis=axes, keepdims=True) ** 2 * b)
        slopes = np.abs(factor) * 4 * (np.abs(d) * a + np.abs(linear) * b)
        return value.sum(), factor * 4 * (d * a - linear * b), terms.sum(), slopes


SMOOTHING = {"label_smoothing": (0.0, 0.0, 0.1, 0.25, 1.0)}

ALL = (
    Function("absolute_difference", losses.any_numbers, absolute_difference),
    Function("mean_squared_error", losses.any_numbers, mean_squared_error),
    Huber("huber_loss", None, huber_loss, {"delta": (1.0, 1.0, 0.5, 2.0, 0.125, 3.7)}),
    Function("hinge_loss", signed_labels, hinge_loss),
    Function("log_loss", events, log_loss, {"epsilon": (1e-7, 1e-7, 1e-3, 0.0, 0.5)}),
    Cosine("cosine_distance", vectors, cosine_distance),
    Function("sigmoid_cross_entropy", decisions, sigmoid_cross_entropy, SMOOTHING),
    Softmax("softmax_cross_entropy", None, softmax_cross_entropy, SMOOTHING),
    Sparse("sparse_softmax_cross_entropy", None, sparse_softmax_cross_entropy),
    Weighted("compute_weighted_loss", losses.any_numbers, compute_weighted_loss),
    Pairwise("mean_pairwise_squared_error", losses.any_numbers, None),
)
