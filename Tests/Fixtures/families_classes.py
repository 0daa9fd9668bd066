"""The crossentropies of families.py: how each is drawn, and how TensorFlow and Keras compute it."""

import families_data as data
import families_formulas as formulas
import numpy as np
from families_data import pick
from families_losses import Family
from frameworks import keras, tf


class Binary(Family):
    """BinaryCrossentropy and BinaryFocalCrossentropy."""

    def __init__(self, name, is_focal):
        super().__init__(name)
        self.is_focal = is_focal
        self.terms = formulas.whole_row if is_focal else formulas.bernoulli

    def configuration(self, random, rank, shape):
        configuration = {
            "from_logits": bool(random.random() < 0.5),
            "label_smoothing": pick(random, (0.0, 0.0, 0.1, 0.25, 1.0)),
            "axis": pick(random, (-1, -1, int(random.integers(-rank, rank)))),
        }
        if self.is_focal:
            configuration["apply_class_balancing"] = bool(random.random() < 0.5)
            configuration["alpha"] = pick(random, (0.25, 0.25, 0.6, 1.0, 0.0))
            configuration["gamma"] = pick(random, (2.0, 2.0, 0.0, 0.5, 1.0, 3.5))
        return configuration

    def axis(self, configuration):
        return configuration["axis"]

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random)
        y = data.shares_of(random, shape, dtype, half)
        if configuration["from_logits"]:
            # Keras clips the sigmoid of focal logits: at ±16.1.
            return y, dtype, data.snap(random.normal(0, 1.5 if self.is_focal else 4, shape), half)
        return y, dtype, data.probabilities(random, shape, half)


def last(array, axis):
    """The array with the axis moved to the end."""
    order = [index for index in range(len(array.shape)) if index != axis % len(array.shape)]
    return tf.transpose(array, [*order, axis % len(array.shape)])


class Categorical(Family):
    """CategoricalCrossentropy and CategoricalFocalCrossentropy.

    Keras 3.15.1 counts the classes of the last axis when it smooths labels, and lays a list of alphas along it: so
    classes are moved there. The fused operation's gradient is right only for labels that sum to 1: so logits go
    through log_softmax.
    """

    smallest = 2

    def __init__(self, name, is_focal):
        super().__init__(name)
        self.is_focal = is_focal

    def configuration(self, random, rank, shape):
        configuration = {
            "from_logits": bool(random.random() < 0.5),
            "label_smoothing": pick(random, (0.0, 0.0, 0.1, 0.25, 1.0)),
            "axis": pick(random, (-1, -1, int(random.integers(-rank, rank)))),
        }
        if shape[configuration["axis"]] < 2:
            configuration["axis"] = -1
        if self.is_focal:
            configuration["gamma"] = pick(random, (2.0, 2.0, 0.0, 0.5, 1.0, 3.5))
            # Keras rounds a list of alphas to float32: these are exact.
            alphas = [int(alpha) / 64 for alpha in random.integers(0, 65, shape[configuration["axis"]])]
            configuration["alpha"] = pick(random, (0.25, 0.25, 1.0, alphas, alphas))
        return configuration

    def axis(self, configuration):
        return configuration["axis"]

    def draw(self, random, shape, configuration, half):
        dtype, axis = data.draw_dtype(random), configuration["axis"]
        y = data.class_labels(random, shape, axis, dtype, half)
        if configuration["from_logits"]:
            return y, dtype, data.snap(random.normal(0, 1 if self.is_focal else 3, shape), half)
        return y, dtype, data.distributions(random, shape, axis, half, random.random() < 0.5)

    def losses(self, y, p, configuration):
        y, p = tf.reshape(y, p.shape), p
        axis = configuration["axis"]
        y, p = tf.cast(last(y, axis), p.dtype), last(p, axis)
        if configuration["from_logits"] and not self.is_focal:
            smoothing = configuration["label_smoothing"]
            y = y * (1 - smoothing) + smoothing / y.shape[-1]
            return -tf.reduce_sum(y * tf.nn.log_softmax(p), -1)
        return self.keras_loss(dict(configuration, axis=-1), "none")(y, p)

    def keras_loss(self, configuration, reduction):
        on_last_axis = configuration["axis"] in (-1, None)
        return super().keras_loss(configuration, reduction) if on_last_axis else None

    def terms(self, y, p, **configuration):
        if self.is_focal:
            return None, "row"
        return formulas.softmax(y, p, **configuration)

    def keras_gradient_is_right(self, y, configuration):
        return self.is_focal or not configuration["from_logits"] or np.allclose(y.sum(-1), 1, rtol=0, atol=1e-14)


class SparseCategorical(Family):
    """The categorical loss of one-hot labels: Keras itself knows only the last axis, and clips probabilities before it
    divides them by their sum."""

    smallest = 2
    adjusts_ranks = False

    def __init__(self):
        super().__init__("SparseCategoricalCrossentropy")

    def configuration(self, random, rank, shape):
        axis = pick(random, (-1, -1, int(random.integers(-rank, rank))))
        return {
            "from_logits": bool(random.random() < 0.5),
            "ignore_class": pick(random, (None, None, 0, -1, 255)),
            "axis": axis if shape[axis] > 1 else -1,
        }

    def axis(self, configuration):
        return configuration["axis"]

    def draw(self, random, shape, configuration, half):
        axis, ignored = configuration["axis"], configuration["ignore_class"]
        others = [size for index, size in enumerate(shape) if index != axis % len(shape)]
        dtypes = {None: ("int32", "int64", "uint8", "bool"), 0: ("int32", "int64", "uint8"), -1: ("int32", "int64")}
        dtype = data.draw_dtype(random, dtypes.get(ignored, ("int32", "int64", "uint8")))
        y = random.integers(0, 2 if dtype == "bool" else shape[axis], others).astype(np.float64)
        if ignored is not None:
            y = np.where(random.random(others) < 0.3, ignored, y)
        if random.random() < 0.2:
            y = np.expand_dims(y, axis)
        if configuration["from_logits"]:
            return y, dtype, data.snap(random.normal(0, 3, shape), half)
        return y, dtype, data.distributions(random, shape, axis, half, random.random() < 0.5)

    def ids(self, y, p, configuration):
        y = tf.cast(y, "int64")
        if len(y.shape) == len(p.shape):
            y = tf.squeeze(y, configuration["axis"])
        ignored = configuration["ignore_class"]
        return y, tf.ones_like(y, "bool") if ignored is None else y != ignored

    def losses(self, y, p, configuration):
        ids, is_kept = self.ids(y, p, configuration)
        p = last(p, configuration["axis"])
        y = tf.one_hot(tf.where(is_kept, ids, 0), p.shape[-1], dtype=p.dtype)
        dense = keras.losses.CategoricalCrossentropy(
            from_logits=configuration["from_logits"], reduction="none", dtype="float64"
        )
        return dense(y, p)

    def kept(self, y, losses, configuration):
        if configuration["ignore_class"] is None:
            return None
        return np.reshape(y != configuration["ignore_class"], losses.shape)

    def keras_loss(self, configuration, reduction):
        return super().keras_loss(configuration, reduction) if configuration["axis"] == -1 else None

    def keras_decides_as_here(self, p, configuration, mask):
        return configuration["from_logits"] or p.max() < 1 - data.KINK

    def terms(self, y, p, from_logits, ignore_class, axis):
        ids = np.squeeze(y, axis) if y.ndim == p.ndim else y
        ids = np.where(ids == ignore_class, 0, ids).astype(int)
        return formulas.softmax(data.one_hot(ids, p.shape[axis], axis), p, from_logits, axis)
