"""The cases of the design's table of differences ("design5"): what MIGRATION.md calls decisions."""

import numpy as np

from semantics_case import (
    B, DOC_LABELS, DOC_LOGITS, DOC_WEIGHTS, P, RANK_1, SQUARE_LABELS, SQUARE_LOGITS, Case, KerasCase, V1Case, Y, doc,
    inf, nan, time,
)

SECTION = "design5"


def softmax():
    """The rows about softmax cross-entropy or weights."""
    example = dict(labels=DOC_LABELS, smoothing=0.0)

    yield time(f"{SECTION}/weights-b-on-b-t", "sample weight [B] on losses [B, T]", [1, 10])
    yield time(
        f"{SECTION}/weights-b-on-b-b", "sample weight [B] on losses [B, B]", [1, 10, 100], SQUARE_LABELS, SQUARE_LOGITS
    )
    yield doc(f"{SECTION}/square-weights", "weights [2, 2] on losses [2]", [DOC_WEIGHTS] * 2)
    yield Case(f"{SECTION}/labels-n", "labels [N], predictions [N, M]", [0, 1], DOC_LOGITS)
    yield Case(
        f"{SECTION}/rank-1-weights", "labels and predictions [N], weights [N]", [0, 1, 0], DOC_LOGITS[0], [0.3, 0.7, 1]
    )
    yield doc(
        f"{SECTION}/minus-inf-off-target", "logit -inf where the label is 0", None,
        x=[[-inf, 0.95, 0], DOC_LOGITS[1]], **example,
    )
    yield doc(
        f"{SECTION}/minus-inf-target", "target logit -inf", None, x=[[0.05, -inf, 0], DOC_LOGITS[1]], **example
    )
    yield doc(f"{SECTION}/plus-inf", "+inf logit", None, x=[[0.05, inf, 0], DOC_LOGITS[1]], **example)
    yield doc(f"{SECTION}/all-minus-inf", "all logits -inf", None, x=[[-inf] * 3, DOC_LOGITS[1]], **example)
    yield Case(
        f"{SECTION}/labels-not-summing-to-1", "labels that add up to 2, 0 and 0.5",
        [[1, 1, 0], [0, 0, 0], [0.5, 0, 0]], [[1, 2, 3]] * 3,
    )
    yield Case(f"{SECTION}/confident-40", "a confident row, logits [40, 0]", [[1, 0]], [[40, 0]])
    yield Case(f"{SECTION}/confident-25", "a confident row, logits [25, 0, 0]", [[1, 0, 0]], [[25, 0, 0]])
    yield Case(f"{SECTION}/confident-20", "a confident row, true loss 2e-9", [[0, 1]], [[-20, 0]])
    for dtype in ("float32", "float16", "float64"):
        yield Case(
            f"{SECTION}/probability-0-and-1-{dtype}", f"probability exactly 0 and 1, {dtype}",
            [[0, 1], [1, 0]], [[1, 0], [1, 0]], from_logits=False, dtype=dtype,
        )
    yield doc(f"{SECTION}/double", "Double inputs", dtype="float64")
    yield Case(
        f"{SECTION}/double-rounding", "Double inputs, [1, 2, 3], class 1", [[0, 1, 0]], [[1, 2, 3]], dtype="float64"
    )
    yield doc(f"{SECTION}/mean-scalar-weight", "mean_with_sample_weight, w = 2.0", 2.0)
    yield doc(f"{SECTION}/mean-single-weight", "mean_with_sample_weight, w = [.3]", [0.3])
    yield time(f"{SECTION}/mean-column-weights", "mean_with_sample_weight, w [2, 1] = [[1], [10]]", [[1], [10]])
    yield time(f"{SECTION}/mean-row-weights", "mean_with_sample_weight, w [1, 3] = [[1, 10, 100]]", [[1, 10, 100]])
    yield Case(
        f"{SECTION}/masked-nan", "a masked row that is NaN", np.eye(3), [[8, 1, 1], [nan, 9, 1], [2, 3, 5]],
        mask=[1, 0, 1],
    )
    yield doc(f"{SECTION}/smoothing-minus-0.2", "smoothing -0.2", None, smoothing=-0.2)
    yield doc(f"{SECTION}/smoothing-1.5", "smoothing 1.5", None, smoothing=1.5)
    yield doc(f"{SECTION}/empty-batch", "empty batch [0, 3]", None, np.zeros([0, 3]), np.zeros([0, 3]))
    yield doc(f"{SECTION}/no-classes", "C = 0, two rows", None, np.zeros([2, 0]), np.zeros([2, 0]))
    for from_logits in (False, True):
        slug = "-from-logits" if from_logits else ""
        yield Case(
            f"{SECTION}/softmax-in-graph{slug}",
            f"softmax output handed over in graph mode, from_logits {str(from_logits).lower()}",
            [[0, 1, 0]], [[2, -30, 0.5]], from_logits=from_logits, mode="graph",
            other_losses=not from_logits,
        )
    yield Case(
        f"{SECTION}/smoothing-axis-1", "smoothing .1 along axis 1 of [1, 3, 2]",
        [[[1, 0], [0, 1], [0, 0]]], [[[0.8, 0.1], [0.1, 0.8], [0.1, 0.1]]],
        smoothing=0.1, from_logits=False, axis=1,
    )


def other_functions():
    """The rows about other functions of tf.compat.v1.losses."""
    ids = [1, 0, 2]
    yield V1Case(
        f"{SECTION}/class-id-out-of-range", "a class id out of range, under a weight of 0",
        "sparse_softmax_cross_entropy", [1, 5], DOC_LOGITS, [1, 0],
    )
    yield V1Case(
        f"{SECTION}/sparse-from-probabilities", "class ids from probabilities", "sparse_softmax_cross_entropy", ids,
        [[0.9, 0.05, 0.05], [0.5, 0.89, 0.6], [1, 0, 0]], from_logits=False,
    )
    yield V1Case(
        f"{SECTION}/elementwise-square-weights", "weights [2, 2] on the mean over the last axis",
        "mean_squared_error", Y, P, [[1, 0], [0, 2]],
    )
    yield V1Case(
        f"{SECTION}/elementwise-rank-1-weights", "labels and predictions [N], weights [N]", "mean_squared_error",
        weights=[0, 1, 0.25], **RANK_1,
    )
    yield V1Case(
        f"{SECTION}/elementwise-labels-n", "labels [N], predictions [N, M]", "mean_squared_error", [1, 2, 3],
        [[1, 2, 3]] * 3,
    )
    yield V1Case(
        f"{SECTION}/log-loss-perfect", "y = p = 1 and y = p = 0", "log_loss", [1, 0], [1, 0]
    )
    yield V1Case(f"{SECTION}/log-loss-epsilon-0", "epsilon 0, y = p = 1", "log_loss", [1], [1], epsilon=0)
    yield V1Case(
        f"{SECTION}/mse-double", "1e8 against 1e8 + 1 in float64", "mean_squared_error", [1e8], [1e8 + 1],
        dtype="float64",
    )
    yield V1Case(
        f"{SECTION}/pairwise-eager", "mean_pairwise_squared_error, w = 1", "mean_pairwise_squared_error",
        [[1, 9, 2], [-5, -5, 7]], B, 1,
    )
    yield V1Case(f"{SECTION}/huber-saved", "delta 2, saved and loaded", "huber_loss", Y, P, delta=2)


def keras_losses():
    """The rows about losses of Keras without a function there."""
    embeddings, identities = [[1, 0], [0.6, 0.8], [0, 1], [0.8, -0.6]], [0, 0, 1, 1]
    yield KerasCase(
        f"{SECTION}/log-cosh-double", "errors of 0 and 0.001 in float64", "LogCosh", [[0], [0]], [[0], [0.001]],
        dtype="float64",
    )
    yield KerasCase(
        f"{SECTION}/focal-alphas-double", "a list of alphas, in float64", "CategoricalFocalCrossentropy",
        np.eye(3), [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.125, 0.625]], dtype="float64",
        parameters={"alpha": [0.1, 0.2, 0.7]},
    )
    yield KerasCase(
        f"{SECTION}/circle-masked", "the last row is masked", "Circle", identities, embeddings, [1, 1, 1, 0],
        labels_dtype="int32", parameters={"gamma": 2.0},
    )
    yield KerasCase(
        f"{SECTION}/circle-kept", "without the row that is masked", "Circle", identities[:3], embeddings[:3],
        labels_dtype="int32", parameters={"gamma": 2.0},
    )
