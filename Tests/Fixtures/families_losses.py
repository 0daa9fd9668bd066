"""The losses of families.py: how each is drawn, and how TensorFlow and Keras compute it."""

import families_data as data
import families_formulas as formulas
import numpy as np
from families_data import pick
from frameworks import keras


class Family:
    """One loss of Keras.

    A subclass draws the inputs and says where Keras 3.15.1 is not called as it stands. `axis` is the axis, or the
    axes, that the losses lack.
    """

    ranks = (1, 2, 2, 2, 3, 3, 4)
    adjusts_ranks = True
    smallest = 1
    keras_tolerance = 1e-11
    terms = staticmethod(formulas.plain)

    def __init__(self, name):
        self.name = name

    def configuration(self, random, rank, shape):
        return {}

    def axis(self, configuration):
        return -1

    def losses(self, y, p, configuration):
        """Unweighted losses, one per sample, that TensorFlow can differentiate with respect to p."""
        return self.keras_loss(configuration, "none")(y, p)

    def masked_losses(self, y, p, configuration, mask):
        """The same where some of them are masked."""
        return self.losses(y, p, configuration)

    def keras_loss(self, configuration, reduction):
        """Keras's own object, which the recorded numbers are compared with; None if it decides otherwise."""
        return getattr(keras.losses, self.name)(**configuration, reduction=reduction, dtype="float64")

    def keras_decides_as_here(self, p, configuration, mask):
        return True

    def kept(self, y, losses, configuration):
        """Which losses the loss itself leaves in, beside a mask; None if all."""
        return None

    def keras_gradient_is_right(self, y, configuration):
        return True


class Elementwise(Family):
    """A mean, over the last axis, of a function of one label and one prediction."""

    def __init__(self, name, draw, terms=formulas.plain):
        super().__init__(name)
        self.draw_pair = draw
        self.terms = terms

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        y, p = self.draw_pair(random, shape, dtype, half)
        return y, dtype, p


def any_numbers(random, shape, dtype, half):
    y = data.numbers_of(random, shape, dtype, half, -8, 8)
    return y, data.settle(lambda: data.snap(random.normal(0, 4, shape), half), lambda p: data.near(p - y, 0))


def percentages(random, shape, dtype, half):
    def labels():
        return data.numbers_of(random, shape, dtype, half, -8, 8)

    # A label of 0 stands for 1e-7, whose share of the loss hides all others: of a few cases.
    zeros = dtype == "bool" or not half and random.random() < 0.1
    y = labels() if zeros else data.settle(labels, lambda y: np.abs(y) < 0.25)
    if half and dtype == "bool":
        y = np.ones(shape)
    return y, data.settle(lambda: data.snap(random.normal(0, 4, shape), half), lambda p: data.near(p - y, 0))


def from_zero(random, shape, dtype, half):
    """Numbers of which negative ones count as 1e-7."""
    y = data.numbers_of(random, shape, dtype, half, -1, 9)
    y = np.where(data.near(y, formulas.EPSILON) & (y != 0), 0.5, y)
    return y, data.uniform(random, shape, -1, 9, half, formulas.EPSILON)


def counts(random, shape, dtype, half):
    return data.numbers_of(random, shape, dtype, half, 0, 9), data.uniform(random, shape, 0.01, 9, half)


def distributed(random, shape, dtype, half):
    """Labels and predictions in 0...1 and a little above, where both are clipped."""
    y = data.shares_of(random, shape, dtype, half)
    return y, data.uniform(random, shape, 0.004, 1.2, half, 1)


def margins(random, shape, dtype, half):
    """Labels −1 and 1, or 0 and 1, or of any size; no margin is 0."""
    kind = random.random()
    if dtype in ("bool", "uint8") or kind < 0.4:
        y = data.binary(random, shape)
    elif kind < 0.8:
        y = 2 * data.binary(random, shape) - 1
    else:
        y = data.numbers_of(random, shape, dtype, half, -2, 2)
    signed = hinge_labels(y)
    return y, data.settle(lambda: data.snap(random.normal(0, 2, shape), half), lambda p: data.near(signed * p, 1))


def hinge_labels(y):
    """Keras takes labels for 0 and 1 only if all of them are."""
    return 2 * y - 1 if np.isin(y, (0, 1)).all() else y


class Huber(Elementwise):
    def __init__(self):
        super().__init__("Huber", None)

    def configuration(self, random, rank, shape):
        return {"delta": pick(random, (1.0, 1.0, 0.5, 2.0, 0.125, 3.7))}

    def draw(self, random, shape, configuration, half):
        dtype, delta = data.draw_dtype(random), configuration["delta"]
        y = data.numbers_of(random, shape, dtype, half, -3, 3)
        p = data.settle(
            lambda: data.snap(random.normal(0, 3, shape), half), lambda p: data.near(np.abs(p - y), 0, delta)
        )
        return y, dtype, p


class LogCosh(Elementwise):
    """Keras subtracts ln 2 rounded to float32, in float64 too: here it is ln 2."""

    keras_tolerance = 1e-8

    def losses(self, y, p, configuration):
        return super().losses(y, p, configuration) + (float(np.float32(np.log(2))) - np.log(2))


class CosineSimilarity(Family):
    terms = staticmethod(formulas.cosine)

    def __init__(self):
        super().__init__("CosineSimilarity")

    def configuration(self, random, rank, shape):
        return {"axis": int(random.integers(-rank, rank))}

    def axis(self, configuration):
        return configuration["axis"]

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        y = data.numbers_of(random, shape, dtype, half, -4, 4)
        # Of two long vectors in any directions the terms cancel: the labels' direction is in it.
        return y, dtype, data.snap(random.normal(0, 1, shape) + 0.5 * y, half)


class CategoricalHinge(Family):
    terms = staticmethod(formulas.categorical_hinge)

    def __init__(self):
        super().__init__("CategoricalHinge")

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        while True:
            y = data.class_labels(random, shape, -1, dtype, half)
            p = data.snap(random.normal(0, 2, shape), half)
            others = np.sort((1 - y) * p, axis=-1)
            edges = others[..., -1] - (y * p).sum(-1) + 1
            # Two classes may share the maximum where they are labels: both have no part in it.
            ties = np.diff(others, axis=-1)[..., -1:] < data.KINK if shape[-1] > 1 else np.zeros(1, bool)
            if not data.near(edges, 0).any() and not (ties & (others[..., -1:] != 0)).any():
                return y, dtype, p
