"""Records softmax_random.json: random inputs of categorical cross-entropy, with the values and gradients of Keras 3
and, where TensorFlow 1 has the same call, of tf.compat.v1.losses."""

import itertools

import numpy as np

import frameworks
import reference
from encoding import number, numbers, tensor
from families_data import pick
from random_weights import draw_weight_shape, draw_weights, expanded, well_conditioned

SEED = 20_260_101
GENERAL, FOR_V1 = 300, 100  # cases of any kind; cases that TensorFlow 1 can compute too
LARGEST = 60  # elements of y_pred
KINK = 2e-3  # distance of normalised probabilities from the values at which Keras clips them

PREDICTIONS = {True: ("normal", "offset", "wide"), False: ("normalised", "unnormalised")}
LABELS = ("one-hot", "one-hot", "soft", "soft", "positive", "integer")
WEIGHTS = ("none", "positive", "zeros", "signed", "decades", "all zero", "cancelling", "decades", "ones and zeros")
SMOOTHING = (0.0, 0.0, 0.0, 0.1, 0.1, 0.2, 0.5, 1.0)


def draw_shape(random, rank, axis, classes):
    while True:
        shape = list(random.integers(1, 6, rank))
        shape[axis] = classes
        if np.prod(shape) <= LARGEST:
            return [int(size) for size in shape]


def draw_predictions(random, kind, shape, axis):
    if kind == "normal":
        return random.normal(0, 2, shape)
    if kind == "offset":
        return random.normal(0, 2, shape) + random.choice([-1e3, 1e3])
    if kind == "wide":
        return random.uniform(-50, 50, shape)
    while True:
        if kind == "normalised":
            x = np.exp(random.normal(0, 1.5, shape))
            x /= x.sum(axis=axis, keepdims=True)
        else:
            x = random.uniform(0.05, 3, shape)
        share = x / x.sum(axis=axis, keepdims=True)
        if share.min() > KINK and share.max() < 1 - KINK:
            return x


def draw_labels(random, kind, shape, axis):
    if kind == "one-hot":
        classes = random.integers(0, shape[axis], [size for i, size in enumerate(shape) if i != axis])
        return np.moveaxis(np.eye(shape[axis])[classes], -1, axis)
    if kind == "soft":
        y = random.uniform(0, 1, shape) ** 3 + 1e-3
        return y / y.sum(axis=axis, keepdims=True)
    if kind == "positive":
        return random.uniform(0, 2, shape)
    return random.integers(0, 4, shape).astype(float)


class RandomCase:
    def __init__(self, index, for_v1):
        random = np.random.default_rng([SEED, index])
        self.index = index
        self.dtype = np.dtype(("float32", "float64")[index % 2])
        rank = pick(random, [1, 2, 2, 3, 3, 4])
        self.from_logits = for_v1 or random.random() < 0.6
        last = for_v1 or rank == 1 or random.random() < 0.5
        self.axis_index = rank - 1 if last else int(random.integers(0, rank - 1))
        self.axis = pick(random, [self.axis_index, self.axis_index - rank])
        # A single class leaves a probability of 1, which is clipped.
        classes = int(random.integers(1 if self.from_logits else 2, 10))
        shape = draw_shape(random, rank, self.axis_index, classes)
        self.losses_shape = tuple(size for i, size in enumerate(shape) if i != self.axis_index)
        self.predictions = pick(random, PREDICTIONS[self.from_logits])
        self.x = draw_predictions(random, self.predictions, shape, self.axis_index).astype(self.dtype)
        self.labels_kind = pick(random, LABELS)
        self.labels = draw_labels(random, self.labels_kind, shape, self.axis_index).astype(self.dtype)
        self.smoothing = pick(random, SMOOTHING)
        self.mask = None
        if not for_v1 and random.random() < 0.35:
            share = pick(random, [0.0, 1.0] + [0.5, 0.7, 0.8] * 4)
            self.mask = np.asarray(random.random(self.losses_shape) < share)
        self.weights = None
        self.weights_kind = WEIGHTS[index // 2 % len(WEIGHTS)]
        # An odd count of 1 and -1 does not cancel but is left as it is: both are wanted.
        while self.weights_kind != "none":
            weights = draw_weights(random, self.weights_kind, draw_weight_shape(random, self.losses_shape, for_v1))
            self.weights = np.asarray(weights, self.dtype)
            if well_conditioned(self.counted_weights()):
                break
            # For a few masks and shapes no weights of the kind will do.
            if random.random() < 0.02:
                self.weights_kind = "positive"
        self.smoothed = reference.smooth(self.labels, self.smoothing, self.axis_index)
        sums = self.labels.sum(axis=self.axis_index, dtype=np.float64)
        self.labels_sum_to_one = bool(np.allclose(sums, 1, rtol=0, atol=1e-6))

    def counted_weights(self):
        weights = expanded(self.weights, self.losses_shape).astype(np.float64)
        return weights if self.mask is None else weights * self.mask

    @property
    def has_v1(self):
        shape = None if self.weights is None else self.weights.shape
        return (
            self.from_logits
            and self.axis_index == self.x.ndim - 1
            and self.mask is None
            and (
                shape in (None, ())
                or len(shape) == len(self.losses_shape)
                and all(w in (1, size) for w, size in zip(shape, self.losses_shape))
            )
        )

    def check(self, recorded, expected, what):
        """Recorded numbers against the same mathematics in NumPy float64: a check of this program."""
        tolerance = 2e-5 if self.dtype == np.float32 else 1e-11
        if what.startswith("v1"):
            tolerance = max(tolerance, 1e-5)
        weights = np.abs(self.counted_weights())
        magnitude = max(1.0, np.abs(self.expected_losses).max(initial=0)) * max(1.0, np.abs(self.smoothed).max())
        for reduction, values in expected.items():
            # What is added up bounds the error, not what is left of it.
            scale = magnitude * max(1.0, weights.sum())
            if reduction in ("mean", "mean_with_sample_weight") and weights.sum():
                scale = 10 * magnitude
            np.testing.assert_allclose(
                np.asarray(recorded[reduction], np.float64).reshape(-1), np.reshape(values, -1),
                rtol=tolerance, atol=tolerance * scale, err_msg=f"case {self.index}, {what} {reduction}",
            )

    def keras(self):
        """Values and gradients of Keras 3, in this case's own type."""
        # Keras 3 returns a lone loss unreduced, weighted: without a batch axis there is no mean. So a single
        # sample is handed over as a batch of one. Its labels are smoothed here where the classes are not on the
        # last axis, because Keras 3.15.1 counts those of the last one.
        lone = self.x.ndim == 1
        last = self.axis_index == self.x.ndim - 1

        def batched(array):
            return array[None] if lone else array

        weights = None
        if self.weights is not None:
            weights = batched(np.ascontiguousarray(expanded(self.weights, self.losses_shape)))
        values, gradients = {}, {}
        for reduction in frameworks.KERAS3_REDUCTIONS:
            values[reduction], gradient = frameworks.eager(
                frameworks.keras3, reduction, batched(self.labels if last else self.smoothed), batched(self.x),
                weights=weights, mask=None if self.mask is None else batched(self.mask),
                label_smoothing=self.smoothing if last else 0.0, from_logits=self.from_logits,
                axis=-1 if last else self.axis_index, dtype=self.dtype.name,
            )
            gradients[reduction] = gradient.reshape(self.x.shape)
        return values, gradients

    def v1(self):
        values, gradients = {}, {}
        for reduction in frameworks.V1_REDUCTIONS:
            values[reduction], gradients[reduction] = frameworks.eager(
                frameworks.v1, reduction, self.labels, self.x, weights=self.weights, label_smoothing=self.smoothing
            )
        return values, gradients

    def record(self):
        labels = reference.smooth(self.labels.astype(np.float64), self.smoothing, self.axis_index)
        losses, gradient = reference.losses_and_gradient(labels, self.x, self.axis_index, self.from_logits)
        self.expected_losses = losses
        weights = expanded(self.weights, self.losses_shape).astype(np.float64)

        def settled(recorded, expected, what):
            """What goes into the file: as recorded, but for gradients that TensorFlow's fused operation gets wrong."""
            self.check(recorded[0], expected[0], what)
            # For labels that do not add up to 1 it returns softmax − y: the derivative is put in its place.
            if self.from_logits and not self.labels_sum_to_one:
                truth = {reduction: value.astype(self.dtype) for reduction, value in expected[1].items()}
                return recorded[0], truth
            self.check(recorded[1], expected[1], what + " gradient")
            return recorded

        keras_values, keras_gradients = settled(
            self.keras(), reference.keras(losses, gradient, self.axis_index, weights, self.mask), "keras"
        )
        v1_values = v1_gradients = None
        if self.has_v1:
            expected = reference.v1(losses, gradient, self.axis_index, weights)
            v1_values, v1_gradients = settled(self.v1(), expected, "v1")
            # TensorFlow 1 rounds Double losses through float32.
            if self.dtype == np.float64:
                v1_values, v1_gradients = expected

        def flat(values, scalars):
            if values is None:
                return None
            return {
                key: number(self.dtype.type(np.asarray(value).item())) if scalars and key != "none"
                else numbers(np.asarray(value, self.dtype))
                for key, value in values.items()
            }

        return {
            "id": self.index,
            "dtype": self.dtype.name,
            "axis": self.axis,
            "from_logits": self.from_logits,
            "label_smoothing": self.smoothing,
            "predictions_kind": self.predictions,
            "labels_kind": self.labels_kind,
            "weights_kind": self.weights_kind,
            "labels_sum_to_one": self.labels_sum_to_one,
            "y_true": tensor(self.labels),
            "y_pred": tensor(self.x),
            "sample_weight": None if self.weights is None else tensor(self.weights),
            "mask": None if self.mask is None else tensor(self.mask),
            "keras": flat(keras_values, True),
            "keras_gradient": flat(keras_gradients, False),
            "v1": flat(v1_values, True),
            "v1_gradient": flat(v1_gradients, False),
        }


def record():
    with frameworks.quiet():
        plan = itertools.chain(itertools.repeat(False, GENERAL), itertools.repeat(True, FOR_V1))
        return [RandomCase(index, for_v1).record() for index, for_v1 in enumerate(plan)]
