"""Random weights of losses, and how they meet them."""

import numpy as np

from families_data import pick


def draw_weight_shape(random, losses_shape, for_v1):
    """Any shape that aligns with the leading axes of the losses; for TensorFlow 1, the losses' own rank or none."""
    rank = len(losses_shape)
    if for_v1:
        count = pick(random, [0] + [rank] * 5)
    else:
        # A single weight is one choice of six: it shows little.
        count = 0 if random.random() < 1 / 6 else int(random.integers(min(1, rank), rank + 1))
    shape = [pick(random, [1, size, size]) for size in losses_shape[:count]]
    if not for_v1 and count == rank and random.random() < 0.4:
        shape.append(1)
    return shape


def draw_weights(random, kind, shape):
    if kind == "positive":
        return random.uniform(0.1, 2, shape)
    if kind == "zeros":
        return random.uniform(0.1, 2, shape) * (random.random(shape) < 0.6)
    if kind == "signed":
        return random.normal(0, 1, shape)
    if kind == "decades":
        return 10 ** random.uniform(-3, 3, shape)
    if kind == "all zero":
        return np.zeros(shape)
    if kind == "cancelling":
        # As many 1 as -1 where the count is even: weights that are not 0 and add up to 0.
        signs = np.resize([1.0, -1.0], int(np.prod(shape)))
        return signs.reshape(shape)
    return np.asarray(random.random(shape) < 0.7, float)


def expanded(weights, losses_shape):
    """Weights at the losses' full shape, by the rule that they align with the leading axes."""
    if weights is None:
        return np.ones(losses_shape)
    shape = weights.shape
    if len(shape) == len(losses_shape) + 1:
        assert shape[-1] == 1
        shape = shape[:-1]
    weights = weights.reshape(shape + (1,) * (len(losses_shape) - len(shape)))
    return np.broadcast_to(weights, losses_shape)


def well_conditioned(weights):
    """A sum of weights that is exactly 0, or not so small that its rounding decides a quotient by it."""
    total = weights.sum()
    if total == 0:
        return bool((weights == np.round(weights)).all())
    return abs(total) > 0.1 * np.abs(weights).sum()
