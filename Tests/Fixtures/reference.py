"""The same mathematics in NumPy float64: what recorded numbers are checked against, and the reference for Double."""

import numpy as np


def smooth(labels, amount, axis):
    """Labels after smoothing, in their own type, as TensorFlow and Keras compute it."""
    if amount == 0:
        return labels
    scalar = labels.dtype.type
    return labels * scalar(1 - amount) + scalar(amount) / scalar(labels.shape[axis])


def softmax_cross_entropy(labels, x, axis=-1):
    """Losses, and for each logit the derivative of its own loss, whatever the labels add up to.

    Accurate where the obvious formulas cancel: in a confident row the loss is log1p of the other terms, and
    softmax·Σy − y is summed over pairs of classes. A label of 0 adds nothing, whatever its logit is.
    """
    y, z = (np.moveaxis(np.asarray(array, np.float64), axis, -1) for array in (labels, x))
    count = z.shape[-1]
    if count == 0:
        return np.zeros(z.shape[:-1]), np.zeros(np.shape(x))
    with np.errstate(all="ignore"):
        first = z.argmax(-1)[..., None]
        z = z - np.take_along_axis(z, first, -1)
        e = np.exp(z)
        others = e.copy()
        np.put_along_axis(others, first, 0 * np.take_along_axis(e, first, -1), -1)
        terms = np.log1p(others.sum(-1, keepdims=True)) - z
        losses = np.where(y == 0, 0 * e.sum(-1, keepdims=True), y * terms).sum(-1)
        p = e / e.sum(-1, keepdims=True)
        pairs = p[..., :, None] * y[..., None, :] - p[..., None, :] * y[..., :, None]
        gradient = (pairs * (1 - np.eye(count))).sum(-1)
    return losses, np.moveaxis(gradient, -1, axis)


def losses_and_gradient(labels, x, axis, from_logits):
    """The same, or that of probabilities, which must be far from 0 and 1."""
    if from_logits:
        return softmax_cross_entropy(labels, x, axis)
    labels, x = np.asarray(labels, np.float64), np.asarray(x, np.float64)
    total = x.sum(axis=axis, keepdims=True)
    losses = -(labels * np.log(x / total)).sum(axis=axis)
    return losses, labels.sum(axis=axis, keepdims=True) / total - labels / x


def divide(numerator, denominator):
    return numerator / denominator if denominator != 0 else 0.0


def _reduced(losses, gradient, axis, weights, counted, denominators):
    """Values and gradients under each reduction. `counted` is 0 where an element is masked, else 1."""
    factors = weights * counted
    total = (factors * losses).sum()
    values, gradients = {}, {}
    for reduction, denominator in denominators.items():
        if denominator is None:
            values[reduction], scale = factors * losses, factors
        else:
            values[reduction], scale = divide(total, denominator), factors * divide(1.0, denominator)
        gradients[reduction] = gradient * np.expand_dims(scale, axis)
    return values, gradients


def keras(losses, gradient, axis, weights, mask):
    counted = np.ones(losses.shape) if mask is None else mask.astype(np.float64)
    count = counted.sum()
    # Keras takes "mean_with_sample_weight" without weights as the mean.
    return _reduced(
        losses, gradient, axis, weights, counted,
        {"none": None, "sum": 1.0, "sum_over_batch_size": count, "mean_with_sample_weight": (weights * counted).sum()},
    )


def v1(losses, gradient, axis, weights):
    return _reduced(
        losses, gradient, axis, weights, np.ones(losses.shape),
        {
            "none": None, "sum": 1.0, "sum_over_batch_size": float(losses.size), "mean": weights.sum(),
            "sum_by_nonzero_weights": float(np.count_nonzero(weights)),
        },
    )
