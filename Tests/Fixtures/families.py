"""Records families_random.json: random inputs of every loss of Keras, with values and gradients in float64."""

import families_data as data
import frameworks
import numpy as np
from encoding import family_case
from families_data import pick
from families_sets import ALL, vanishes
from frameworks import set_keras_mask, tf
from random_weights import draw_weight_shape, draw_weights, expanded, well_conditioned

SEED = 20_260_301
CASES = 112  # of every loss
LONG = 3  # of these have a long last axis
WEIGHTS = ("none", "none", "positive", "zeros", "signed", "decades", "all zero", "ones and zeros")
HALF_WEIGHTS = tuple(kind for kind in WEIGHTS if kind != "decades")


class FamilyCase:
    def __init__(self, family, index, seed):
        random = np.random.default_rng([SEED, *seed])
        self.family, self.index = family, index
        self.half = index % 3 == 0
        long = CASES - index <= LONG
        shape = data.draw_shape(random, pick(random, family.ranks), long, family.smallest)
        self.configuration = family.configuration(random, len(shape), shape)
        self.y, self.dtype, self.p = family.draw(random, shape, self.configuration, self.half)
        # The shape in which labels and predictions meet.
        self.shape = self.p.shape
        if family.adjusts_ranks:
            self.adjust_ranks(random)
        self.mask, self.weights = None, None
        self.losses = self.computed_losses(tf.constant(self.p)).numpy()
        if random.random() < 0.35:
            self.draw_mask(random)
        kept = family.kept(self.y, self.losses, self.configuration)
        everything = np.ones(self.losses.shape, bool)
        self.counted = (everything if kept is None else kept) & (everything if self.mask is None else self.mask)
        self.draw_weights(random)
        self.factors = expanded(self.weights, self.losses.shape) * self.counted

    def computed_losses(self, p):
        y = tf.constant(self.typed_labels())
        if self.mask is None:
            return self.family.losses(y, p, self.configuration)
        return self.family.masked_losses(y, p, self.configuration, self.mask)

    def draw_mask(self, random):
        share = pick(random, [0.0, 1.0] + [0.5, 0.7, 0.8] * 4)
        self.mask = np.asarray(random.random(self.losses.shape) < share)
        losses = self.computed_losses(tf.constant(self.p)).numpy()
        if self.family.name == "Circle" and vanishes(losses, self.half):
            self.mask = None
        else:
            self.losses = losses

    def adjust_ranks(self, random):
        """Keras's rule: a trailing axis of size 1 is dropped, or added to rank 1."""
        if self.p.ndim > 1 and random.random() < 0.12:
            self.y = self.y[..., None]
        elif self.p.ndim == 2 and self.p.shape[1] == 1:
            self.y, self.p = pick(random, [(self.y[:, 0], self.p), (self.y, self.p[:, 0]), (self.y, self.p)])

    def typed_labels(self):
        return self.y.astype("float64" if self.dtype == "float" else self.dtype)

    def draw_weights(self, random):
        kind = pick(random, HALF_WEIGHTS if self.half else WEIGHTS)
        while kind != "none":
            shape = draw_weight_shape(random, self.losses.shape, False)
            self.weights = data.snap(draw_weights(random, kind, shape), self.half)
            if well_conditioned(expanded(self.weights, self.losses.shape) * self.counted):
                break
            if random.random() < 0.02:
                kind = "positive"

    def compute(self):
        """The weighted losses, what they are divided by, and the gradient of their sum; by hand from Keras's losses
        without reduction, because the weights here align with the leading axes of the losses, and the sum of
        weights is that of broadcast ones."""
        p = tf.constant(self.p)
        factors = tf.constant(self.factors)
        with tf.GradientTape() as tape:
            tape.watch(p)
            losses = self.computed_losses(p)
            total = tf.reduce_sum(tf.where(self.counted, losses * factors, tf.zeros_like(losses)))
        gradient = tape.gradient(total, p)
        if gradient is None:
            gradient = tf.zeros_like(p)
        gradient = tf.convert_to_tensor(gradient).numpy()
        assert np.isfinite(gradient).all() and np.isfinite(losses.numpy()).all(), self.title
        count, weight = float(self.counted.sum()), float(self.factors.sum())
        values = {
            "sum": total,
            "sum_over_batch_size": tf.math.divide_no_nan(total, tf.constant(count, p.dtype)),
            "mean_with_sample_weight": tf.math.divide_no_nan(total, tf.constant(weight, p.dtype)),
        }
        values = {reduction: float(value) for reduction, value in values.items()}
        divisors = {"sum_over_batch_size": count, "mean_with_sample_weight": weight}
        return np.where(self.counted, losses * self.factors, 0.0), values, divisors, gradient

    def check(self, weighted, values, divisors, gradient, scale):
        """What was put together by hand against Keras itself, where it decides as here."""
        if self.losses.ndim == 0 or not self.family.keras_decides_as_here(
            self.p, self.configuration, self.mask
        ):
            # Keras does not reduce a lone loss.
            return
        weights = None if self.weights is None else tf.constant(np.ascontiguousarray(
            expanded(self.weights, self.losses.shape)))
        for reduction in frameworks.KERAS3_REDUCTIONS:
            loss = self.family.keras_loss(self.configuration, reduction)
            if loss is None:
                return
            p = tf.constant(self.p)
            with tf.GradientTape() as tape:
                tape.watch(p)
                if self.mask is not None:
                    set_keras_mask(p, tf.constant(self.mask))
                value = loss(tf.constant(self.typed_labels()), p, sample_weight=weights)
            relative = self.family.keras_tolerance
            tolerance = dict(rtol=relative, atol=relative * scale, err_msg=f"{self.title} {reduction}")
            np.testing.assert_allclose(
                value.numpy(), weighted if reduction == "none" else values[reduction], **tolerance)
            if not self.family.keras_gradient_is_right(self.y, self.configuration):
                continue
            divisor = divisors.get(reduction, 1.0)
            expected = gradient / divisor if divisor else 0 * gradient
            largest = max(1.0, np.abs(expected).max(initial=0))
            found = tape.gradient(value, p)
            found = 0 * gradient if found is None else tf.convert_to_tensor(found).numpy()
            np.testing.assert_allclose(
                found, expected, rtol=100 * relative, atol=relative * largest,
                err_msg=f"gradient of {self.title} {reduction}",
            )

    @property
    def title(self):
        return f"{self.family.name} {self.index} {self.configuration} {self.y.shape} {self.p.shape}"

    def terms(self, gradient):
        """What errors of the weighted losses, and of the gradient, are relative to."""
        y, p = self.y, self.p.reshape(self.shape)
        if self.family.adjusts_ranks:
            y = y.reshape(p.shape)
        terms, slopes = self.family.terms(y, p, **self.configuration)
        factors = np.abs(self.factors)
        terms = factors * np.abs(self.losses if terms is None else terms)
        axis = self.family.axis(self.configuration)
        size = np.abs(gradient).reshape(self.shape)
        if isinstance(slopes, str):
            axes = tuple(range(p.ndim)) if slopes == "case" else axis
            slopes = np.broadcast_to(size.max(axis=axes, keepdims=True), self.shape)
        elif slopes is None:
            slopes = size
        else:
            axes = tuple(range(p.ndim)) if axis is None else axis
            slopes = slopes * np.expand_dims(factors, axes)
        return terms, slopes.reshape(gradient.shape)

    def record(self):
        weighted, values, divisors, gradient = self.compute()
        terms, slopes = self.terms(gradient)
        self.check(weighted, values, divisors, gradient, max(1.0, terms.sum()))
        return family_case(
            self.family.name, self.index, self.configuration, self.half, self.y, self.p, self.dtype, self.weights,
            self.mask, weighted, values, divisors, gradient, terms, slopes)


def record():
    with frameworks.quiet():
        return [
            FamilyCase(family, index, (number, index)).record()
            for number, family in enumerate(ALL)
            for index in range(CASES)
        ]
