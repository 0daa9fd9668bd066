"""The inputs of semantics.json that are not about softmax cross-entropy: the other functions of
tf.compat.v1.losses, a case for each row of the tables that say what they do and how Keras differs.
"""

import numpy as np

import semantics_design
from semantics_case import (
    BINARY, DOC_LOGITS, HINGE_LOGITS, LOGITS, ONE_ELEMENT, PER_ELEMENT, RANK_1, UNIT_P, UNIT_Y, A, B, P, V1Case, Y,
    inf, nan,
)


def elementwise_differences():
    """mean_squared_error, absolute_difference, huber_loss against the mean over the last axis."""
    weights = [
        ("unweighted", "no weights", None),
        ("zero-sample", "w = [[0], [2]]", [[0], [2]]),
        ("per-element", "w = [[1, 0], [0, 2]]", [[1, 0], [0, 2]]),
        ("row", "w = [[1, 0]]", [[1, 0]]),
        ("vector", "w = [0, 2]", [0, 2]),
        ("scalar", "w = 2", 2),
    ]
    for function, slug in (
        ("mean_squared_error", "mse"), ("absolute_difference", "mae"), ("huber_loss", "huber"),
    ):
        for name, title, w in weights:
            yield V1Case(f"5.2/{slug}-{name}", f"{function}, {title}", function, Y, P, w)
    mse = "mean_squared_error"
    yield V1Case("5.2/mse-rank-1", "[1, 2, 3] against [1, 3, 5]", mse, weights=None, **RANK_1)
    yield V1Case("5.2/mse-rank-1-weights", "rank 1, w = [0, 1, .25]", mse, weights=[0, 1, 0.25], **RANK_1)
    yield V1Case(
        "5.2/mse-column", "shape [3, 1], w = [[0], [1], [.25]]", mse, [[1], [2], [3]], [[1], [3], [5]],
        [[0], [1], [0.25]],
    )
    yield V1Case("5.2/mse-empty", "shape [0, 2]", mse, np.zeros([0, 2]), np.zeros([0, 2]))
    yield V1Case("5.2/mse-scalar-operands", "labels and predictions of rank 0", mse, 1, 3)
    yield V1Case("5.2/mse-nan-zero-weight", "NaN in a sample of weight 0", mse, Y, [[nan, 2], [6, 0]], [[0], [2]])
    yield V1Case(
        "5.2/mse-nan-all-zero-weights", "all weights 0 and a NaN", mse, Y, [[nan, 2], [6, 0]], [[0], [0]]
    )
    yield V1Case("5.2/huber-delta-2", "delta 2", "huber_loss", Y, P, delta=2)


def hinge_differences():
    for slug, labels in (
        ("binary", [[0, 1], [1, 0]]), ("signed", [[-1, 1], [1, -1]]), ("soft", [[0.5, 1], [1, 0]]),
    ):
        yield V1Case(f"5.2/hinge-{slug}", f"labels {labels}", "hinge_loss", labels, HINGE_LOGITS)
    yield V1Case(
        "5.2/hinge-zero-sample", "labels [[0, 1], [1, 0]], w = [[0], [2]]", "hinge_loss", [[0, 1], [1, 0]],
        HINGE_LOGITS, [[0], [2]],
    )
    yield V1Case(
        "5.2/hinge-per-element", "labels [[0, 1], [1, 0]], w = [[1, 0], [2, 1]]", "hinge_loss", [[0, 1], [1, 0]],
        HINGE_LOGITS, [[1, 0], [2, 1]],
    )


def log_loss_differences():
    probabilities = [[0.9, 0.2], [0.6, 0.4]]
    yield V1Case("5.2/log-unweighted", "no weights", "log_loss", BINARY, probabilities)
    yield V1Case("5.2/log-zero-sample", "w = [[0], [2]]", "log_loss", BINARY, probabilities, [[0], [2]])
    yield V1Case("5.2/log-per-element", "w = [[1, 0], [2, 1]]", "log_loss", BINARY, probabilities, [[1, 0], [2, 1]])
    for slug, y, p in (("1-0", 1, 0), ("0-1", 0, 1), ("1-1", 1, 1), ("0-0", 0, 0)):
        yield V1Case(f"5.2/log-extreme-{slug}", f"y = {y}, p = {p}", "log_loss", [[y]], [[p]])
    yield V1Case("5.2/log-outside", "y = 1, p = -.5", "log_loss", [[1]], [[-0.5]])
    yield V1Case("5.2/log-epsilon", "epsilon .01", "log_loss", BINARY, probabilities, epsilon=0.01)


def sigmoid_differences():
    name = "sigmoid_cross_entropy"
    yield V1Case("5.2/sigmoid-unweighted", "no weights", name, BINARY, LOGITS)
    yield V1Case("5.2/sigmoid-smoothing", "smoothing .2", name, BINARY, LOGITS, smoothing=0.2)
    yield V1Case("5.2/sigmoid-negative-smoothing", "smoothing -.2", name, BINARY, LOGITS, smoothing=-0.2)
    yield V1Case("5.2/sigmoid-per-element", "w = [[1, 0], [2, 1]]", name, BINARY, LOGITS, [[1, 0], [2, 1]])
    yield V1Case("5.2/sigmoid-zero-sample", "w = [[1], [0]]", name, BINARY, LOGITS, [[1], [0]])
    yield V1Case("5.2/sigmoid-vector", "w = [1, 0]", name, BINARY, LOGITS, [1, 0])
    yield V1Case("5.2/sigmoid-rank-1", "rank 1, w = [1, 0, 2]", name, [1, 0, 1], [2, -1, 0.5], [1, 0, 2])
    yield V1Case("5.2/sigmoid-confident", "y = 1, x = 40", name, [[1]], [[40]])
    yield V1Case("5.2/sigmoid-infinite", "y = [1, 0, 0, 1], x = [inf, -inf, inf, -inf]", name, [[1, 0, 0, 1]],
                 [[inf, -inf, inf, -inf]])


def sparse_differences():
    name = "sparse_softmax_cross_entropy"
    padded = dict(labels=[1, -1], x=DOC_LOGITS)
    yield V1Case("5.2/sparse-example", "labels [1, 2], w = [.3, .7]", name, [1, 2], DOC_LOGITS, [0.3, 0.7])
    yield V1Case("5.2/sparse-column", "labels [[1], [2]], w = [[0], [.7]]", name, [[1], [2]], DOC_LOGITS, [[0], [0.7]])
    yield V1Case("5.2/sparse-zero", "labels [1, 2], w = [0, .7]", name, [1, 2], DOC_LOGITS, [0, 0.7])
    yield V1Case("5.2/sparse-padding", "labels [1, -1], w = [1, 0]", name, weights=[1, 0], **padded)
    yield V1Case("5.2/sparse-ignore-class", "labels [1, -1], ignore_class -1", name, ignore_class=-1, **padded)
    yield V1Case("5.2/sparse-float-labels", "labels [1., 2.]", name, [1, 2], DOC_LOGITS, labels_dtype="float32")
    yield V1Case("5.2/sparse-out-of-range", "labels [1, 5]", name, [1, 5], DOC_LOGITS)
    yield V1Case(
        "5.2/sparse-trailing-logits", "labels [2], logits [2, 3, 1]", name, [1, 2], np.expand_dims(DOC_LOGITS, -1)
    )
    yield V1Case("5.2/sparse-no-classes", "logits [2, 0]", name, [0, 0], np.zeros([2, 0]))


def cosine_differences():
    name = "cosine_distance"
    yield V1Case("5.2/cosine-unit", "unit rows, axis -1", name, UNIT_Y, UNIT_P)
    yield V1Case("5.2/cosine-lengths", "rows of other lengths, axis -1", name, [[2, 0], [0, 1]], [[3, 4], [4, 3]])
    yield V1Case("5.2/cosine-axis-0", "axis 0", name, UNIT_Y, UNIT_P, axis=0)
    yield V1Case("5.2/cosine-zero", "a zero vector", name, [[0, 0]], [[0.6, 0.8]])
    yield V1Case("5.2/cosine-zero-sample", "w = [[0], [2]]", name, UNIT_Y, UNIT_P, [[0], [2]])
    yield V1Case("5.2/cosine-vector", "w = [0, 2]", name, UNIT_Y, UNIT_P, [0, 2])
    yield V1Case("5.2/cosine-per-element", "w [2, 2]", name, UNIT_Y, UNIT_P, [[0, 0], [2, 2]])


def pairwise():
    name = "mean_pairwise_squared_error"
    first, second = [[1, 9, 2], [-5, -5, 7]], A
    block = [[[1, 9, 2], [12, 11, 10], [9, 8, 7]], [[-5, -5, 7], [6, 5, 4], [3, 2, 1]]]
    block_p = [[[4, 8, 12], [1, 2, 3], [4, 5, 6]], [[8, 1, 3], [7, 8, 9], [10, 11, 12]]]
    rows = [
        ("scalar-1", "w = 1", first, B, 1),
        ("unweighted", "no weights", first, B, None),
        ("scalar-2.3", "w = 2.3", first, B, 2.3),
        ("ones-2-1", "w = [[1], [1]]", first, B, [[1], [1]]),
        ("ones-1-1", "w = [[1]]", first, B, [[1]]),
        ("second", "other labels, w = 1", second, B, 1),
        ("per-sample", "w = [[1.2], [3.4]]", second, B, [[1.2], [3.4]]),
        ("per-element", "w = [[1, 0, 1], [1, 1, 1]]", second, B, [[1, 0, 1], [1, 1, 1]]),
        ("zero-sample", "w = [[0], [3.4]]", second, B, [[0], [3.4]]),
        ("row", "w = [[1, 0, 2]]", second, B, [[1, 0, 2]]),
        ("one-weight-left", "w = [[1, 0, 0], [0, 0, 0]]", second, B, [[1, 0, 0], [0, 0, 0]]),
        ("all-zero", "w = 0", second, B, 0),
        ("rank-3", "shape [2, 3, 3]", block, block_p, 1),
        ("rank-3-scalar", "shape [2, 3, 3], w = 3", block, block_p, 3),
        ("rank-3-ones", "shape [2, 3, 3], w of ones in that shape", block, block_p, np.ones([2, 3, 3])),
        ("rank-3-axis", "shape [2, 3, 3], w [2, 1, 3]", block, block_p, [[[1, 0, 2]], [[0, 1, 1]]]),
        ("single-elements", "labels [[1], [2]], predictions [[3], [7]]", [[1], [2]], [[3], [7]], 1),
        ("one-sample", "one sample", [[0, 0.5, 1]], [[1, 1, 1]], 1),
        ("rank-1", "rank 1", [1, 2, 3], [1, 3, 5], 1),
        ("vector-weights", "w [2]", first, B, [1, 1]),
        ("rank-0", "rank 0", 1, 2, 1),
        ("shapes", "labels [2, 3], predictions [3, 2]", first, np.reshape(B, [3, 2]), 1),
    ]
    for slug, title, y, p, w in rows:
        yield V1Case(f"1.1.6/{slug}", title, name, y, p, w)


def formulas():
    """Kinks, parameters at the edge of their domain, special values."""
    errors = [0.25, 1, 2, 3]
    for delta, slug in ((1, "1"), (2, "2"), (0.5, "half"), (0, "0"), (-1, "minus-1")):
        yield V1Case(f"1.1.1/delta-{slug}", f"delta {delta}", "huber_loss", np.zeros(4), errors, delta=delta)
    yield V1Case(
        "1.1.1/kinks", "e = -1, 1, 0", "huber_loss", np.zeros(3), [-1, 1, 0]
    )
    yield V1Case("1.1.1/absolute-kink", "p = y", "absolute_difference", [1, 2, 3], [1, 1, 4])
    yield V1Case("1.1.2/epsilon-0-wrong", "epsilon 0, y = 1, p = 0", "log_loss", [1], [0], epsilon=0)
    yield V1Case("1.1.2/epsilon-0-right", "epsilon 0, y = 1, p = 1", "log_loss", [1], [1], epsilon=0)
    yield V1Case("1.1.2/outside", "y = 1, p = -.5", "log_loss", [1], [-0.5])
    yield V1Case("1.1.2/outside-above", "y = 0, p = 1.5", "log_loss", [0], [1.5])
    yield V1Case("1.1.2/wrong", "y = 1, p = 0 and y = 0, p = 1", "log_loss", [1, 0], [0, 1])
    yield V1Case("1.1.3/labels", "labels [0, 1, 1, 0]", "hinge_loss", [0, 1, 1, 0], [0.5, 0.5, -2, -3])
    yield V1Case("1.1.3/signed", "y = -1, x = .5", "hinge_loss", [-1], [0.5])
    yield V1Case("1.1.3/kink", "a margin of exactly 0", "hinge_loss", [1, 0], [1, -1])
    yield V1Case("1.1.4/below", "[2, 0] · [3, 4]", "cosine_distance", [[2, 0]], [[3, 4]])
    yield V1Case("1.1.4/zero", "a zero vector", "cosine_distance", [[0, 0]], [[3, 4]])
    yield V1Case("1.1.4/axis", "axis 5", "cosine_distance", UNIT_Y, UNIT_P, axis=5)
    yield V1Case("1.1.4/empty", "vectors without elements", "cosine_distance", np.zeros([2, 0]), np.zeros([2, 0]))
    yield V1Case("1.1.5/smoothing-1.5", "smoothing 1.5", "sigmoid_cross_entropy", [1, 0], [2, -1], smoothing=1.5)


def squeezing():
    name = "sparse_softmax_cross_entropy"
    logits = DOC_LOGITS
    rows = [
        ("labels-column", "labels [2, 1], logits [2, 3]", [[1], [2]], logits, None),
        ("labels-column-weights-column", "labels [2, 1], w [2, 1]", [[1], [2]], logits, [[0.3], [0.7]]),
        ("labels-column-weights", "labels [2, 1], w [2]", [[1], [2]], logits, [0.3, 0.7]),
        ("weights-column", "labels [2], w [2, 1]", [1, 2], logits, [[0.3], [0.7]]),
        ("logits-trailing", "labels [2], logits [2, 3, 1]", [1, 2], np.expand_dims(logits, -1), None),
        ("one-row", "labels [1], logits [3]", [1], logits[0], None),
        ("scalar-label", "label [], logits [3]", 1, logits[0], None),
        ("rank-3", "labels [1, 2], logits [1, 2, 3], w [1, 2]", [[1, 2]], [logits], [[0, 2]]),
        ("ranks", "labels [2, 2], logits [2, 3]", [[1, 2], [0, 1]], logits, None),
        ("sizes", "labels [3], logits [2, 3]", [1, 2, 0], logits, None),
        ("scalar-logits", "label [], logits []", 1, 1.0, None),
        ("out-of-range", "labels [1, 5], w = [1, 0]", [1, 5], logits, [1, 0]),
        ("no-classes", "logits [2, 0]", [0, 0], np.zeros([2, 0]), None),
        ("weights-do-not-squeeze", "w [2, 2]", [1, 2], logits, [[0.3, 0.7], [1, 2]]),
        ("weights-size", "w [3]", [1, 2], logits, [1, 2, 3]),
    ]
    for slug, title, y, x, w in rows:
        yield V1Case(f"1.1.7/{slug}", title, name, y, x, w)


def weights_rule():
    """Which weights a loss of a shape takes, and which not."""
    shapes = [
        ([2, 3], [[], [1, 1], [1, 3], [2, 1], [2, 3], [2], [3], [1], [2, 3, 1], [1, 2, 3], [2, 2], [3, 3]]),
        ([2], [[2], [1], [], [2, 1], [1, 2], [2, 2], [3]]),
        ([1, 3], [[2, 3]]),
        ([], [[1]]),
        ([0], [[1], [0], []]),
        # TensorFlow's weights_broadcast_test.
        ([3, 2, 4], [
            [], [1, 1, 1], [1, 1, 4], [1, 2, 1], [1, 2, 4], [3, 1, 1], [3, 1, 4], [3, 2, 4], [3, 2, 1],
            [1], [1, 1], [3, 2], [2, 4], [1, 1, 1, 1], [3, 2, 4, 1], [1, 3, 2, 4], [3, 4, 2], [2, 2, 4],
        ]),
    ]
    for losses, all_weights in shapes:
        for weights in all_weights:
            slug = "-".join(["losses", *map(str, losses), "weights", *map(str, weights)])
            values = np.arange(float(np.prod(losses, dtype=int))).reshape(losses) + 1
            w = np.arange(float(np.prod(weights, dtype=int))).reshape(weights) % 3
            yield V1Case(
                f"1.0.3/{slug}", f"losses {losses}, w {weights}", "compute_weighted_loss", None, values, w
            )


def shapes_and_types():
    mse = "mean_squared_error"
    yield V1Case("1.0.4/labels-3", "labels [3], predictions [3, 1]", mse, [1, 2, 3], [[1], [2], [3]])
    yield V1Case("1.0.4/labels-2-1", "labels [2, 1], predictions [2, 3]", mse, [[1], [2]], A)
    yield V1Case("1.0.5/double", "1e8 against 1e8 + 1 in float64", mse, [1e8], [1e8 + 1], dtype="float64")
    yield V1Case("1.0.5/double-log", "float64", "log_loss", BINARY, [[0.9, 0.2], [0.6, 0.4]], dtype="float64")


def test_vectors():
    """TensorFlow's losses_test."""
    sigmoid = "sigmoid_cross_entropy"
    wrong = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    far = 100 * (2 * np.eye(3) - 1)
    yield V1Case("8.1/sigmoid-wrong", "wrong labels", sigmoid, wrong, far)
    yield V1Case("8.1/sigmoid-wrong-weights", "wrong labels, w", sigmoid, wrong, far, [[3, 4, 5], [2, 6, 0], [8, 0, 1]])
    yield V1Case("8.1/sigmoid-smoothing", "smoothing .1", sigmoid, [[1, 0, 1]], [[100, -100, -100]], smoothing=0.1)
    yield V1Case("8.1/sigmoid-ones", "ones [32, 1]", sigmoid, np.ones([32, 1]), np.ones([32, 1]))
    common = [
        ("unweighted", None), ("scalar", 2.3), ("zero-sample", [[1.2], [0]]), ("per-sample", [[1.2], [3.4]]),
        ("per-element", PER_ELEMENT), ("one-element", ONE_ELEMENT), ("zeros", np.zeros([2, 3])),
    ]
    for function, slug in (("absolute_difference", "mae"), ("mean_squared_error", "mse")):
        for name, w in common:
            yield V1Case(f"8.1/{slug}-{name}", f"{function}, {name}", function, A, B, w)
    labels, p = [[1, 0, 1], [1, 0, 0]], [[0.9, 0.2, 0.2], [0.8, 0.4, 0.6]]
    for name, w in common[:-1]:
        yield V1Case(f"8.1/log-{name}", f"log_loss, {name}", "log_loss", labels, p, w)
    yield V1Case("8.1/hinge-all-outside", "hinge_loss", "hinge_loss", [[0], [0], [1], [1]], [[-0.7], [-1.4], [1.4], [0.6]])
    yield V1Case("8.1/hinge-rank-3", "hinge_loss, rank 3", "hinge_loss", [[[1], [0], [0], [1]]],
                 [[[1.2], [0.4], [-1], [-1.1]]])
    yield V1Case("8.1/huber-quadratic", "small errors", "huber_loss", [1, -1, 0, 0.5], [1.5, -1.4, -1, 0])
    yield V1Case("8.1/huber-linear", "large errors", "huber_loss", [0, 1, 0, 1.5], [1.5, -1.4, -1, 0])
    yield V1Case("8.1/huber-half-quadratic", "delta .5", "huber_loss", [1, -1, 0, 0.5], [1.5, -1.4, -0.5, 0], delta=0.5)
    yield V1Case("8.1/huber-half-linear", "delta .5", "huber_loss", [0, 1, 0, 1.5], [1.5, -1.4, -1, 0], delta=0.5)
    y = np.reshape([[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]], [3, 2, 3])
    p = np.reshape([[1, 0, 0], [0, 0, -1], [1, 0, 0], [1, 0, 0], [0, 0, -1], [1, 0, 0]], [3, 2, 3])
    for name, w in (
        ("unweighted", None), ("per-sample", np.reshape([1, 0, 0], [3, 1, 1])),
        ("per-vector", np.reshape([1, 0, 0, 1, 1, 1], [3, 2, 1])),
    ):
        yield V1Case(f"8.1/cosine-{name}", f"cosine_distance, {name}", "cosine_distance", y, p, w, axis=2)
    name, far, wrong = "sparse_softmax_cross_entropy", 10 * np.eye(3), [2, 0, 1]
    yield V1Case("8.1/sparse-wrong", "wrong class ids", name, wrong, far)
    yield V1Case("8.1/sparse-wrong-column", "wrong class ids [3, 1]", name, np.reshape(wrong, [3, 1]), far)
    yield V1Case("8.1/sparse-one-weight", "wrong class ids, w = [1.2, 0, 0]", name, wrong, far, [1.2, 0, 0])
    yield V1Case("8.1/sparse-weights", "wrong class ids, w = [1.2, 3.4, 5.6]", name, wrong, far, [1.2, 3.4, 5.6])


def cases():
    sections = [
        elementwise_differences, hinge_differences, log_loss_differences, sigmoid_differences, sparse_differences,
        cosine_differences, pairwise, formulas, squeezing, weights_rule, shapes_and_types, test_vectors,
        semantics_design.other_functions,
    ]
    result = [case for section in sections for case in section()]
    assert len({case.id for case in result}) == len(result)
    return result
