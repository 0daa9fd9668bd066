"""Random shapes, labels and predictions for the cases of families.py.

Every number that is drawn is a Float32 (in half cases a Float16), so that all three types of the package start from
the same inputs, and lies at least KINK away from the places where a loss has no derivative.
"""

import numpy as np

KINK = 1e-3
TAILS = (1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 33)  # sizes of the last axis: around the lengths of vectors
LONG = (65, 127, 130, 257)  # of a few cases
LARGEST = 48  # elements of the others
INTEGERS = ("int32", "int64", "uint8", "bool")


def pick(random, options):
    return options[random.integers(len(options))]


def snap(values, half):
    """The nearest numbers that are exact in the case's smallest type, on a grid that keeps them short."""
    values = np.asarray(values, np.float64)
    if half:
        return values.astype(np.float16).astype(np.float64)
    return (np.round(values * 2**20) / 2**20).astype(np.float32).astype(np.float64)


def draw_shape(random, rank, long=False, smallest=1):
    """A shape whose last axis is of any length, the others short."""
    if long:
        last = pick(random, LONG)
        return [int(random.integers(1, 4)) for _ in range(rank - 1)][:2] + [last]
    while True:
        shape = [int(size) for size in random.integers(1, 5, rank - 1)]
        shape.append(pick(random, [size for size in TAILS if size >= smallest]))
        if np.prod(shape) <= LARGEST:
            return shape


def settle(draw, is_bad):
    """Numbers without the bad ones: those are drawn again."""
    values = draw()
    for _ in range(1000):
        bad = is_bad(values)
        if not bad.any():
            return values
        values = np.where(bad, draw(), values)
    raise AssertionError("no such numbers")


def near(values, *places):
    """Which values lie next to one of the places."""
    return np.any([np.abs(values - place) < KINK for place in places], axis=0)


def normal(random, shape, spread, half, *kinks):
    return settle(lambda: snap(random.normal(0, spread, shape), half), lambda x: near(x, *kinks) if kinks else x != x)


def uniform(random, shape, low, high, half, *kinks):
    return settle(lambda: snap(random.uniform(low, high, shape), half), lambda x: near(x, *kinks) if kinks else x != x)


def binary(random, shape):
    return (random.random(shape) < 0.5).astype(np.float64)


def draw_dtype(random, options=INTEGERS):
    """The type of labels: the predictions' own, or one of the integers."""
    return "float" if random.random() < 0.5 else pick(random, options)


def numbers_of(random, shape, dtype, half, low, high):
    """Labels of any size within low...high, in the type."""
    if dtype == "float":
        return uniform(random, shape, low, high, half)
    if dtype == "bool":
        return binary(random, shape)
    low = max(low, 0) if dtype == "uint8" else low
    return random.integers(int(np.ceil(low)), int(high) + 1, shape).astype(np.float64)


def shares_of(random, shape, dtype, half):
    """Labels in 0...1; those of integer types are 0 or 1."""
    if dtype != "float" or random.random() < 0.3:
        return binary(random, shape)
    return snap(random.uniform(0, 1, shape), half)


def probabilities(random, shape, half):
    """Probabilities of independent events, away from where they are clipped."""
    return uniform(random, shape, 0.01, 0.99, half)


def distributions(random, shape, axis, half, normalised=True):
    """Positive numbers whose shares of their row are away from where they are clipped."""
    while True:
        x = np.exp(random.normal(0, 1.2 if shape[axis] < 50 else 0.5, shape))
        if normalised:
            x = x / x.sum(axis=axis, keepdims=True)
        x = snap(x, half)
        share = x / np.where(x == 0, 1, x.sum(axis=axis, keepdims=True))
        if share.min() > 1e-4 and share.max() < 1 - KINK:
            return x


def one_hot(ids, classes, axis):
    return np.moveaxis(np.eye(classes)[ids], -1, axis)


def class_labels(random, shape, axis, dtype, half):
    """Labels of classes: one-hot, soft, or any numbers from 0."""
    classes = shape[axis]
    others = [size for index, size in enumerate(shape) if index != axis % len(shape)]
    kind = random.random()
    if dtype != "float" or kind < 0.4:
        if dtype not in ("float", "bool") and kind < 0.2:
            return random.integers(0, 4, shape).astype(np.float64)
        return one_hot(random.integers(0, classes, others), classes, axis)
    if kind < 0.8:
        y = random.uniform(0, 1, shape) ** 3 + 1e-2
        return snap(y / y.sum(axis=axis, keepdims=True), half)
    return snap(random.uniform(0, 2, shape), half)
