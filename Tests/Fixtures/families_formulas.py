"""The sizes of the terms that losses add up, in NumPy float64: what rounding errors are relative to.

Every function takes labels, predictions (of one shape) and the parameters, and returns (terms of the losses, terms of
the gradient of the sum of the losses); None where the value itself is the measure, "row" where it is the largest
derivative of the same sample.
"""

import numpy as np
from frameworks import keras

EPSILON = keras.backend.epsilon()


def _mean(terms):
    return terms.mean(axis=-1)


def plain(y, p, **_):
    return None, None


def whole_row(y, p, **_):
    return None, "row"


def squared_logarithmic(y, p):
    a, b = np.log1p(np.maximum(p, EPSILON)), np.log1p(np.maximum(y, EPSILON))
    terms, difference = np.abs(a) + np.abs(b), np.abs(a - b)
    slope = np.where(p > EPSILON, 2 * terms / (1 + np.maximum(p, EPSILON)), 0)
    return _mean(terms * difference), slope / p.shape[-1]


def log_cosh(y, p):
    x = p - y
    return _mean(np.abs(x) + np.logaddexp(0, -2 * x) + np.log(2)), None


def hinge(y, p, y_signed):
    return _mean((1 + np.abs(y_signed * p)) * (y_signed * p < 1)), None


def squared_hinge(y, p, y_signed):
    terms = 1 + np.abs(y_signed * p)
    margin = np.maximum(0, 1 - y_signed * p)
    return _mean(2 * terms * margin), 2 * np.abs(y_signed) * terms * (margin > 0) / p.shape[-1]


def categorical_hinge(y, p):
    negative, positive = (1 - y) * p, y * p
    losses = negative.max(-1) - positive.sum(-1) + 1
    terms = 1 + np.abs(negative.max(-1)) + np.abs(positive).sum(-1)
    return np.where(losses > 0, terms, 0), "row"


def kl_divergence(y, p):
    y, inside = np.clip(y, EPSILON, 1), np.clip(p, EPSILON, 1)
    return (y * (np.abs(np.log(y)) + np.abs(np.log(inside)))).sum(-1), None


def poisson(y, p):
    return _mean(p + np.abs(y * np.log(p + EPSILON))), (1 + y / (p + EPSILON)) / p.shape[-1]


def cosine(y, p, axis=-1):
    length_y, length_p = (np.sqrt((x * x).sum(axis, keepdims=True)) for x in (y, p))
    a, b = (x / np.maximum(length, EPSILON) for x, length in ((y, length_y), (p, length_p)))
    terms = np.abs(a * b).sum(axis)
    return terms, (np.abs(a) + np.abs(b) * np.expand_dims(terms, axis)) / np.maximum(length_p, EPSILON)


def bernoulli(y, p, from_logits, label_smoothing, axis):
    y = y * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        sigmoid = 1 / (1 + np.exp(-p))
        # TensorFlow subtracts x·y from max(x, 0).
        return (np.maximum(p, 0) + np.abs(p * y)).mean(axis), (sigmoid + y) / p.shape[axis]
    return None, ((1 - y) / (1 - p) + y / p) / p.shape[axis]


def softmax(y, p, from_logits, axis, label_smoothing=0.0):
    """Losses of logits are differences of numbers as large as the logits."""
    if not from_logits:
        return None, "row"
    z = p - p.max(axis, keepdims=True)
    share = np.exp(z) / np.exp(z).sum(axis, keepdims=True)
    y = y * (1 - label_smoothing) + label_smoothing / p.shape[axis]
    return y.sum(axis) * (1 + np.abs(z).max(axis)), share * y.sum(axis, keepdims=True) + y


def generalized(y, p, q):
    target = np.take_along_axis(p, y[..., None].astype(int), -1)[..., 0]
    return (1 + target**q) / q, None


def overlap(y, p, axis, alpha=0.5, beta=0.5, factor=2):
    """Of 1 − I / (I + α·Σ(1 − y)p + β·Σy(1 − p)); Dice is the case of ½ and ½."""
    axes = tuple(range(p.ndim)) if axis is None else axis
    def total(x):
        return x.sum(axis=axes, keepdims=True)
    common = total(np.abs(y * p))
    bottom = common + alpha * total(np.abs((1 - y) * p)) + beta * total(np.abs(y * (1 - p))) + EPSILON / factor
    slope = np.abs(y) + alpha * np.abs(1 - y) + beta * np.abs(y)
    return 1 + (common / bottom).squeeze(axes), np.abs(y) / bottom + common / bottom**2 * slope
