"""The losses of families.py over sets and pairs: overlaps, class ids of generalized cross-entropy, circles; and the
list of all losses."""

import families_data as data
import families_formulas as formulas
import numpy as np
from families_classes import Binary, Categorical, SparseCategorical
from families_data import pick
from families_losses import (
    CategoricalHinge, CosineSimilarity, Elementwise, Family, Huber, LogCosh,
    any_numbers, counts, distributed, from_zero, hinge_labels, margins, percentages,
)
from frameworks import keras, tf


class Overlap(Family):
    """Dice, and Tversky, whose alpha and beta Keras 3.15.1 has exchanged: here as documented and since fixed, alpha is
    the weight of false positives."""

    def configuration(self, random, rank, shape):
        axes = sorted(int(axis) for axis in random.permutation(rank)[: random.integers(1, rank + 1)])
        axes = [axis - rank if random.random() < 0.3 else axis for axis in axes]
        configuration = {"axis": pick(random, (None, axes, axes[0]))}
        if self.name == "Tversky":
            configuration["alpha"] = pick(random, (0.5, 0.2, 0.3, 1.0, 0.0))
            configuration["beta"] = pick(random, (0.5, 0.8, 0.7, 1.0, 2.0))
        return configuration

    def axis(self, configuration):
        axis = configuration["axis"]
        return tuple(axis) if isinstance(axis, list) else axis

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        y = data.shares_of(random, shape, dtype, half)
        return y, dtype, data.probabilities(random, shape, half)

    def keras_loss(self, configuration, reduction):
        axis = configuration["axis"]
        arguments = dict(configuration, axis=tuple(axis) if isinstance(axis, list) else axis)
        if self.name == "Tversky":
            arguments.update(alpha=configuration["beta"], beta=configuration["alpha"])
        return super().keras_loss(arguments, reduction)

    def terms(self, y, p, axis, alpha=0.5, beta=0.5):
        return formulas.overlap(y, p, tuple(axis) if isinstance(axis, list) else axis, alpha, beta)


class Generalized(Family):
    smallest = 2
    ranks = (1, 2, 2, 3, 4)
    adjusts_ranks = False
    terms = staticmethod(formulas.generalized)

    def configuration(self, random, rank, shape):
        return {"q": pick(random, (0.5, 0.5, 0.1, 0.7, 0.99))}

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        y = random.integers(0, 2 if dtype == "bool" else shape[-1], shape[:-1]).astype(np.float64)
        return y, dtype, data.probabilities(random, shape, half)


def vanishes(losses, half):
    """Whether a loss would be 0 in a short type: it would no longer count."""
    return ((losses != 0) & (losses < (1e-2 if half else 1e-20))).any()


class Circle(Family):
    """Keras's value; its gradient, which for an anchor without a partner or without an opponent is 0/0, is that of the
    same formula with such anchors left out, as their loss of 0 leaves them out of every mean.

    What is masked is never read here: a masked row is not compared with the others, as it is by Keras. So the losses
    are Keras's for a batch without the masked rows."""

    ranks = (2,)
    smallest = 2
    adjusts_ranks = False

    def configuration(self, random, rank, shape):
        return {
            "gamma": pick(random, (80.0, 80.0, 16.0, 2.0)),
            "margin": pick(random, (0.4, 0.4, 0.25, 0.1)),
            "remove_diagonal": bool(random.random() < 0.7),
        }

    def axis(self, configuration):
        return None

    def draw(self, random, shape, configuration, half):
        """Embeddings that are a little shorter than 1, so that no distance from itself is 0."""
        dtype, margin = data.draw_dtype(random, ("int32", "int64", "uint8", "bool")), configuration["margin"]
        count = shape[0] = int(random.integers(2, 9))
        while True:
            y = random.integers(0, pick(random, (1, 2, 3)) if dtype != "bool" else 2, count).astype(np.float64)
            p = random.normal(0, 1, shape)
            p = p / np.linalg.norm(p, axis=-1, keepdims=True) * random.uniform(0.8, 0.99, (count, 1))
            p = data.snap(p, half)
            distance = 1 - p @ p.T
            losses = keras.losses.circle(y, p, **configuration).numpy()
            in_range = not vanishes(losses, half) and losses.max() < 6e4
            if in_range and not data.near(distance, 0, 1 + margin).any():
                return y, dtype, p

    def masked_losses(self, y, p, configuration, mask):
        rows = tf.where(mask)[:, 0]
        losses = self.losses(tf.gather(y, rows), tf.gather(p, rows), configuration)
        return tf.scatter_nd(rows[:, None], losses, [len(mask)])

    def losses(self, y, p, configuration):
        gamma, margin = configuration["gamma"], configuration["margin"]
        y = tf.reshape(tf.cast(y, "int32"), [-1, 1])
        distance = tf.maximum(1 - tf.matmul(p, p, transpose_b=True), 0)
        same = y == tf.transpose(y)
        positive = tf.logical_and(same, ~tf.eye(len(p), dtype="bool")) if configuration["remove_diagonal"] else same
        pulls = -gamma * tf.maximum(margin + distance, 0) * (margin - distance)
        pushes = gamma * tf.maximum(1 + margin - distance, 0) * (1 - margin - distance)

        def largest(terms, mask):
            # Of no terms at all it is no number; any finite one will do where the loss is then left out.
            return tf.reduce_logsumexp(tf.where(mask, terms, tf.constant(-1e30, p.dtype)), 1)

        alone = ~(tf.reduce_any(positive, 1) & tf.reduce_any(~same, 1))
        losses = tf.math.softplus(largest(pulls, positive) + largest(pushes, ~same))
        return tf.where(alone, tf.zeros_like(losses), losses)

    def kept(self, y, losses, configuration):
        return losses > 0

    def keras_decides_as_here(self, p, configuration, mask):
        return mask is None

    def keras_gradient_is_right(self, y, configuration):
        # It is where every anchor has both: enough cases.
        labels, repeats = np.unique(y, return_counts=True)
        return len(labels) > 1 and (repeats.min() > 1 or not configuration["remove_diagonal"])

    def terms(self, y, p, gamma, margin, remove_diagonal):
        """Both logarithms are as large as the largest of their terms."""
        distance = 1 - p @ p.T
        largest = gamma * ((1 + margin + np.abs(distance)) ** 2).max(1)
        return 2 * largest, "case"


ALL = (
    Elementwise("MeanSquaredError", any_numbers),
    Elementwise("MeanAbsoluteError", any_numbers),
    Elementwise("MeanAbsolutePercentageError", percentages),
    Elementwise("MeanSquaredLogarithmicError", from_zero, formulas.squared_logarithmic),
    CosineSimilarity(),
    Huber(),
    LogCosh("LogCosh", any_numbers, formulas.log_cosh),
    Elementwise("Hinge", margins, lambda y, p: formulas.hinge(y, p, hinge_labels(y))),
    Elementwise("SquaredHinge", margins, lambda y, p: formulas.squared_hinge(y, p, hinge_labels(y))),
    CategoricalHinge(),
    Elementwise("KLDivergence", distributed, formulas.kl_divergence),
    Elementwise("Poisson", counts, formulas.poisson),
    Binary("BinaryCrossentropy", is_focal=False),
    Binary("BinaryFocalCrossentropy", is_focal=True),
    Categorical("CategoricalCrossentropy", is_focal=False),
    Categorical("CategoricalFocalCrossentropy", is_focal=True),
    SparseCategorical(),
    Overlap("Dice"),
    Overlap("Tversky"),
    Generalized("CategoricalGeneralizedCrossEntropy"),
    Circle("Circle"),
)
