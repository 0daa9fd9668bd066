"""Records families_v1.json: random inputs of every function of tf.compat.v1.losses that returns a loss.

TensorFlow 1 computes in float32. So the numbers are those of its formulas in NumPy float64, and each is compared with
what TensorFlow returns, value under every reduction and gradient, before it is written.
"""

import families_data as data
import frameworks
import numpy as np
import reference
from encoding import family_case
from families_data import pick
from families_v1_functions import ALL, OverClasses, Pairwise, Sparse
from frameworks import tf
from random_weights import draw_weight_shape, draw_weights, well_conditioned

SEED = 20_260_302
CASES = 40  # of every function
WEIGHTS = ("none", "positive", "zeros", "zeros", "signed", "all zero", "ones and zeros")
TOLERANCE = 1e-5


class V1Case:
    def __init__(self, function, index, seed):
        random = np.random.default_rng([SEED, *seed])
        self.function, self.index, self.half = function, index, index % 3 == 0
        rank = pick(random, function.ranks)
        shape = data.draw_shape(random, rank, index == CASES - 1 and rank > 0) if rank else []
        self.configuration = function.configuration(random, rank)
        self.y, self.p, self.dtype = function.draw(random, shape, self.configuration, self.half)
        self.is_pairwise = isinstance(function, Pairwise)
        if self.is_pairwise:
            losses_shape = self.p.shape
        else:
            # A label of another shape is the one of a class id.
            self.parts = function.formula(self.y, self.p, **self.configuration)
            losses_shape = self.parts[0].shape
        self.weights = None
        kind = pick(random, WEIGHTS)
        while kind != "none":
            weight_shape = draw_weight_shape(random, losses_shape, True)
            self.weights = data.snap(draw_weights(random, kind, weight_shape), self.half)
            if well_conditioned(np.broadcast_to(self.weights, losses_shape)):
                break
            if random.random() < 0.02:
                kind = "positive"
        if isinstance(function, Sparse) and self.weights is not None and self.weights.ndim and random.random() < 0.3:
            self.weights = self.weights[..., None]

    @property
    def title(self):
        return f"{self.function.name} {self.index} {self.configuration} {self.y.shape} {self.p.shape}"

    def expected(self):
        """(weighted losses, values, divisors, gradient of their sum, terms, terms of the gradient)."""
        weights = np.ones(()) if self.weights is None else self.weights
        if self.is_pairwise:
            value, gradient, terms, slopes = self.function.reduced(self.y, self.p, weights)
            return value[None], {"sum": value}, {}, gradient, terms[None], slopes
        value, gradient, terms, slopes = self.parts
        if weights.ndim == value.ndim + 1:
            weights = weights[..., 0]
        full = np.broadcast_to(weights, value.shape)
        def spread(factors):
            return factors[..., None] if isinstance(self.function, OverClasses) else factors

        weighted = value * full
        total = weighted.sum()
        divisors = {
            "sum_over_batch_size": float(full.size), "mean": full.sum(),
            "sum_by_nonzero_weights": float(np.count_nonzero(full)),
        }
        values = {name: reference.divide(total, divisor) for name, divisor in divisors.items()}
        terms = np.abs(full) * np.abs(value if terms is None else terms)
        slopes = spread(np.abs(full)) * np.abs(gradient if slopes is None else slopes)
        return weighted, {"sum": total, **values}, divisors, gradient * spread(full), terms, slopes

    def check(self, weighted, values, divisors, gradient, terms, slopes):
        """The formulas against TensorFlow, in float32."""
        y = tf.constant(self.y.astype("float32" if self.dtype == "float" else self.dtype))
        p = tf.constant(self.p.astype("float32"))
        arguments = dict(self.configuration)
        if self.weights is not None:
            arguments["weights"] = tf.constant(self.weights.astype("float32"))
        reductions = {"sum": None} if self.is_pairwise else frameworks.V1_REDUCTIONS
        for name, reduction in reductions.items():
            with tf.GradientTape() as tape:
                tape.watch(p)
                found = self.function.tensorflow(y, p, reduction=reduction, **arguments)
            divisor = divisors.get(name, 1.0)
            slope = tape.gradient(found, p)
            expected = weighted if name == "none" else values[name]
            scale = terms.sum() if name in ("none", "sum") else reference.divide(terms.sum(), abs(divisor))
            np.testing.assert_allclose(
                found.numpy(), expected, rtol=TOLERANCE, atol=TOLERANCE * scale, err_msg=f"{self.title} {name}")
            expected = gradient * reference.divide(1.0, divisor)
            scale = slopes.max(initial=0) * reference.divide(1.0, abs(divisor))
            if not self.fused_gradient_is_right():
                continue
            np.testing.assert_allclose(
                0 * gradient if slope is None else slope.numpy(), expected, rtol=TOLERANCE, atol=TOLERANCE * scale,
                err_msg=f"gradient of {self.title} {name}")

    def fused_gradient_is_right(self):
        """TensorFlow's fused softmax cross-entropy takes labels for probabilities: its gradient is softmax − y."""
        return self.function.name != "softmax_cross_entropy" or np.allclose(self.y.sum(-1), 1, rtol=0, atol=1e-6)

    def record(self):
        weighted, values, divisors, gradient, terms, slopes = self.expected()
        self.check(weighted, values, divisors, gradient, terms, slopes)
        return family_case(
            self.function.name, self.index, self.configuration, self.half, self.y, self.p, self.dtype, self.weights,
            None, weighted, values, divisors, gradient, terms, slopes)


def record():
    with frameworks.quiet():
        return [
            V1Case(function, index, (place, index)).record()
            for place, function in enumerate(ALL)
            for index in range(CASES)
        ]
