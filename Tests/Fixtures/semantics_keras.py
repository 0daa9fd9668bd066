"""Records the cases of semantics.json that are about losses without a function in TensorFlow 1: masks and types that
the random cases of those losses leave out.
"""

import keras
import mpmath
import numpy as np
import tensorflow as tf
import tf_keras

import frameworks
import semantics_design
from encoding import tensor


def log_cosh(case):
    """In 50 digits, per row of one error."""
    errors = [mpmath.mpf(float(p)) - mpmath.mpf(float(y)) for y, p in zip(case.labels.flat, case.x.flat)]
    return [mpmath.log(mpmath.cosh(e)) for e in errors], [mpmath.tanh(e) for e in errors]


def focal(case):
    """In 50 digits, for one-hot labels and rows whose sum is exactly 1; the rows are divided by their sums, so that
    every element has a derivative."""
    losses, derivatives = [], []
    for row, target in zip(case.x, case.labels.argmax(-1)):
        p = mpmath.mpf(float(row[target]))
        alpha, gamma = mpmath.mpf(str(case.parameters["alpha"][target])), 2
        losses.append(-alpha * (1 - p) ** gamma * mpmath.log(p))
        slope = alpha * (gamma * (1 - p) ** (gamma - 1) * mpmath.log(p) - (1 - p) ** gamma / p)
        derivatives += [slope * ((index == target) - p) for index in range(len(row))]
    return losses, derivatives


FORMULAS = {"LogCosh": log_cosh, "CategoricalFocalCrossentropy": focal}


def keras_call(module, case, **options):
    """The loss under a reduction; None where this version of Keras has no such class."""
    make = getattr(module.losses, case.function, None)
    if make is None:
        return None

    def call(reduction, labels, x):
        if case.mask is not None:
            frameworks.set_keras_mask(x, tf.constant(case.mask))
        return make(reduction=reduction, **case.parameters, **options)(labels, x)

    return call


def results(case, call, reductions):
    if call is None:
        return None, None
    return frameworks.each_reduction(frameworks.eager, call, reductions, case.dtype, case.labels, case.x)


def recorded(case):
    record = {"id": case.id, "section": case.section, "title": case.title, "function": case.function}
    record.update(labels=tensor(case.labels, case.dtype), logits=tensor(case.x), dtype=case.dtype, weights=None)
    record.update(case.parameters)
    if case.mask is not None:
        record["mask"] = tensor(case.mask)
    record["v1"] = None
    record["keras2"], _ = results(case, keras_call(tf_keras, case), frameworks.KERAS2_REDUCTIONS)
    record["keras3"], record["keras3_gradient"] = results(
        case, keras_call(keras, case), frameworks.KERAS3_REDUCTIONS
    )
    if case.dtype == "float64":
        record["keras3_in_dtype"], record["keras3_in_dtype_gradient"] = results(
            case, keras_call(keras, case, dtype=case.dtype), frameworks.KERAS3_REDUCTIONS
        )
    if case.function in FORMULAS:
        with mpmath.workdps(50):
            losses, gradient = FORMULAS[case.function](case)
            record["true_losses"] = tensor(np.array([float(v) for v in losses]), case.dtype)
            record["true_gradient"] = tensor(
                np.array([float(v) for v in gradient]).reshape(case.x.shape), case.dtype
            )
    return record


def record():
    with frameworks.quiet():
        return [recorded(case) for case in semantics_design.keras_losses()]
