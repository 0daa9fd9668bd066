"""Records the cases of semantics_v1_cases.py: every function of tf.compat.v1.losses but softmax_cross_entropy,
beside the Keras loss that stands closest.
"""

import keras
import mpmath
import numpy as np
import tensorflow as tf
import tf_keras

import frameworks
from encoding import tensor
from semantics_v1_cases import cases

v1_losses = tf.compat.v1.losses


def optional(case, name="weights"):
    return {} if case.weights is None else {name: tf.constant(case.weights)}


def v1(case, reduction, labels, x):
    arguments = optional(case)
    if case.function == "mean_pairwise_squared_error":
        return v1_losses.mean_pairwise_squared_error(labels, x, **arguments)
    arguments["reduction"] = frameworks.V1_REDUCTIONS[reduction]
    if case.function == "compute_weighted_loss":
        return v1_losses.compute_weighted_loss(x, **arguments)
    if case.function == "huber_loss":
        arguments["delta"] = case.delta
    if case.function == "log_loss":
        arguments["epsilon"] = case.epsilon
    if case.function == "cosine_distance":
        arguments["axis"] = case.axis
    if case.function == "sigmoid_cross_entropy":
        arguments["label_smoothing"] = case.smoothing
    return getattr(v1_losses, case.function)(labels, x, **arguments)


def keras_loss(module, case, **options):
    """The loss that stands closest; None where there is none."""
    losses = module.losses
    makers = {
        "absolute_difference": lambda: losses.MeanAbsoluteError(**options),
        "mean_squared_error": lambda: losses.MeanSquaredError(**options),
        "huber_loss": lambda: losses.Huber(delta=case.delta, **options),
        "hinge_loss": lambda: losses.Hinge(**options),
        "log_loss": lambda: losses.BinaryCrossentropy(**options),
        "sigmoid_cross_entropy": lambda: losses.BinaryCrossentropy(
            from_logits=True, label_smoothing=case.smoothing, **options
        ),
        "sparse_softmax_cross_entropy": lambda: losses.SparseCategoricalCrossentropy(
            from_logits=case.from_logits, ignore_class=case.ignore_class, **options
        ),
        "cosine_distance": lambda: losses.CosineSimilarity(axis=case.axis, **options),
    }
    maker = makers.get(case.function)
    return maker() if maker else None


def keras_call(module, case):
    def call(reduction, labels, x):
        return keras_loss(module, case, reduction=reduction)(labels, x, **optional(case, "sample_weight"))

    return call


def in_graph(case):
    """mean_pairwise_squared_error as TensorFlow's own tests run it."""
    labels = tf.constant(case.labels)

    @tf.function(autograph=False)
    def function(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = v1(case, None, labels, x)
        return value, tape.gradient(value, x)

    value, gradient = function(tf.constant(case.x))
    return value.numpy(), gradient.numpy()


def exact(case):
    """(losses, derivatives) of the formula itself, unweighted, from 50 digits; None where there is none."""
    with mpmath.workdps(50):
        pairs = [(mpmath.mpf(float(y)), mpmath.mpf(float(x))) for y, x in zip(case.labels.flat, case.x.flat)]
        formula = FORMULAS[case.function]
        results = [formula(case, y, x) for y, x in pairs]
        shape = case.x.shape
        return tuple(np.array([float(r[k]) for r in results], np.float64).reshape(shape) for k in (0, 1))


def absolute(case, y, p):
    return abs(p - y), mpmath.sign(p - y)


def squared(case, y, p):
    return (p - y) ** 2, 2 * (p - y)


def huber(case, y, p):
    e, delta = p - y, mpmath.mpf(case.delta)
    if abs(e) <= delta:
        return e * e / 2, e
    return delta * abs(e) - delta * delta / 2, delta * mpmath.sign(e)


def hinge(case, y, x):
    margin = 1 - (2 * y - 1) * x
    return (margin, 1 - 2 * y) if margin > 0 else (mpmath.mpf(0), mpmath.mpf(0))


def log(case, y, p):
    epsilon = mpmath.mpf(case.epsilon)
    value = derivative = mpmath.mpf(0)
    for label, probability, sign in ((y, p + epsilon, -1), (1 - y, 1 - p + epsilon, 1)):
        if probability == 0:
            # The limit: a label of 0 has no part in the loss.
            if label != 0:
                value, derivative = mpmath.inf, sign * mpmath.inf
            continue
        value -= label * mpmath.log(probability) if probability > 0 else mpmath.nan
        derivative += sign * label / probability
    return value, derivative


def sigmoid(case, y, x):
    value = max(x, 0) - x * y + mpmath.log1p(mpmath.exp(-abs(x)))
    return value, 1 / (1 + mpmath.exp(-x)) - y


FORMULAS = {
    "absolute_difference": absolute, "mean_squared_error": squared, "huber_loss": huber, "hinge_loss": hinge,
    "log_loss": log, "sigmoid_cross_entropy": sigmoid,
}


class V1Recorder:
    def __init__(self, case):
        self.case = case

    def framework(self, call, reductions):
        case = self.case
        return frameworks.each_reduction(frameworks.eager, call, reductions, case.dtype, case.labels, case.x)

    def encoded(self, value):
        return frameworks.encoded(value, self.case.dtype)

    def pairwise(self):
        outcome = frameworks.attempt(lambda: in_graph(self.case))
        record = {"keras2": None, "keras3": None}
        if isinstance(outcome, frameworks.Failure):
            return {"v1": {"sum": outcome.encoded}, **record}
        eager = frameworks.attempt(
            lambda: v1(self.case, None, tf.constant(self.case.labels), tf.constant(self.case.x)).numpy()
        )
        return {
            "v1": {"sum": self.encoded(outcome[0])}, **record, "v1_gradient": {"sum": self.encoded(outcome[1])},
            "v1_eager": self.encoded(eager),
        }

    def calls(self):
        case, record, gradients = self.case, {}, {}
        if case.function == "mean_pairwise_squared_error":
            return self.pairwise()
        record["v1"], gradients["v1_gradient"] = self.framework(
            lambda reduction, y, x: v1(case, reduction, y, x), frameworks.V1_REDUCTIONS
        )
        if case.ignore_class is not None or not case.from_logits:
            record["v1"] = None
            gradients.clear()
        record["keras2"] = record["keras3"] = None
        if case.function != "compute_weighted_loss":
            record["keras2"], _ = self.framework(
                keras_call(tf_keras, case), frameworks.KERAS2_REDUCTIONS
            )
            record["keras3"], gradients["keras3_gradient"] = self.framework(
                keras_call(keras, case), frameworks.KERAS3_REDUCTIONS
            )
        record.update({key: value for key, value in gradients.items() if value})
        return record

    def record(self):
        case = self.case
        record = {"id": case.id, "section": case.section, "title": case.title, "function": case.function}
        if case.labels is not None:
            record["labels"] = tensor(case.labels, case.dtype)
        record["logits" if case.labels is not None else "losses"] = tensor(case.x)
        record["dtype"] = case.dtype
        record["weights"] = None if case.weights is None else tensor(case.weights)
        record.update(label_smoothing=case.smoothing, axis=case.axis, delta=case.delta, epsilon=case.epsilon)
        if case.function == "sparse_softmax_cross_entropy":
            record.update(from_logits=case.from_logits, ignore_class=case.ignore_class)
        if case.hint:
            record["not_applicable_hint"] = case.hint
        record.update(self.calls())
        if case.id.endswith("/huber-saved"):
            for name, module in (("keras2", tf_keras), ("keras3", keras)):
                config = keras_loss(module, case).get_config()
                record[f"{name}_config_keys"] = sorted(config)
        # Smoothed labels are rounded to the case's type, so that the formula is that of other labels.
        has_formula = case.function in FORMULAS and case.smoothing == 0
        if has_formula and case.labels.shape == case.x.shape and np.isfinite(case.x).all():
            losses, gradient = exact(case)
            record["true_losses"], record["true_gradient"] = tensor(losses, case.dtype), tensor(gradient, case.dtype)
        return record


def record():
    with frameworks.quiet():
        return [V1Recorder(case).record() for case in cases()]
