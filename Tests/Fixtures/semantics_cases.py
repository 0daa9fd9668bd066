"""The inputs of semantics.json: a case for each row of the tables that say how TensorFlow 1 and Keras differ.

A case whose row is about something that is no input (a strategy, a compiler, a graph) is recorded under that
something, and says in `hint` why a library of eager arrays has nothing to compare with it.
"""

import numpy as np

import semantics_design
from semantics_case import (
    BATCH_LOGITS, BATCH_PROBABILITIES, DOC_LABELS, DOC_LOGITS, DOC_WEIGHTS, SQUARE_LABELS, SQUARE_LOGITS, Case, doc,
    inf, nan, op, time, weighted,
)


def reduction_table():
    losses = [[0, 1, 2], [3, 4, 5]]
    rows = [
        ("scalar-1", "w = 1.0", 1.0),
        ("shape-1-1", "w = [[2]]", [[2]]),
        ("shape-1-3", "w = [[1, 0, 2]]", [[1, 0, 2]]),
        ("shape-2-1", "w = [[0], [2]]", [[0], [2]]),
        ("shape-2-3", "w = [[1, 0, 2], [0, 0, 3]]", [[1, 0, 2], [0, 0, 3]]),
        ("shape-1-1-zero", "w = [[0]]", [[0]]),
        ("scalar-0", "w = 0.0", 0.0),
    ]
    for slug, title, weights in rows:
        yield weighted(f"2/{slug}", "losses [[0, 1, 2], [3, 4, 5]], " + title, losses, weights)
    yield weighted("2/signed-weights", "losses [1, 2], w = [-1, 1]", [1, 2], [-1, 1])
    yield weighted("2/scalar-loss", "losses 3, w = 2", 3, 2)


def non_finite_table():
    rows = [
        ("nan-zero-weight", "losses [nan, 2], w = [0, 1]", [nan, 2], [0, 1]),
        ("inf-zero-weight", "losses [inf, 2], w = [0, 1]", [inf, 2], [0, 1]),
        ("nan-all-zero-weights", "losses [nan, 2], w = [0, 0]", [nan, 2], [0, 0]),
        ("nan-scalar-zero-weight", "losses [nan, 2], w = 0", [nan, 2], 0),
        ("nan-scalar-weight", "losses [1, 2], w = nan", [1, 2], nan),
        ("nan-weight", "losses [1, 2], w = [nan, 1]", [1, 2], [nan, 1]),
        ("inf-weight", "losses [1, 3], w = [inf, 1]", [1, 3], [inf, 1]),
    ]
    for slug, title, losses, weights in rows:
        yield weighted(f"2/{slug}", title, losses, weights)


def op_labels_table():
    for slug, labels in [("sum-1", [1, 0, 0]), ("sum-2", [1, 1, 0]), ("sum-0", [0, 0, 0]), ("sum-minus-1", [-1, 0, 0])]:
        yield op(f"3.1/labels-{slug}", f"labels {labels}, logits [1, 2, 3]", [labels], [[1, 2, 3]])


def op_special_values_table():
    rows = [
        ("minus-inf-off-target", "labels [1, 0], logits [1, -inf]", [[1, 0]], [[1, -inf]]),
        ("minus-inf-target", "labels [0, 1], logits [1, -inf]", [[0, 1]], [[1, -inf]]),
        ("minus-inf-soft-label", "labels [.9, .1], logits [1, -inf]", [[0.9, 0.1]], [[1, -inf]]),
        ("plus-inf-target", "labels [1, 0], logits [inf, 1]", [[1, 0]], [[inf, 1]]),
        ("plus-inf-off-target", "labels [0, 1], logits [inf, 1]", [[0, 1]], [[inf, 1]]),
        ("nan", "a row with a NaN and one without", [[1, 0], [0, 1]], [[nan, 1], [1, 2]]),
        ("all-minus-inf", "labels [1, 0], logits [-inf, -inf]", [[1, 0]], [[-inf, -inf]]),
        ("far-apart-right", "labels [1, 0], logits [1000, -1000]", [[1, 0]], [[1000, -1000]]),
        ("far-apart-wrong", "labels [0, 1], logits [1000, -1000]", [[0, 1]], [[1000, -1000]]),
        ("difference-overflows", "labels [0, 1], logits [3e38, -3e38]", [[0, 1]], [[3e38, -3e38]]),
        ("empty-batch", "shape [0, 3]", np.zeros([0, 3]), np.zeros([0, 3])),
        ("no-classes", "shape [2, 0]", np.zeros([2, 0]), np.zeros([2, 0])),
        ("one-class", "labels [1], logits [3]", [[1]], [[3]]),
    ]
    for slug, title, labels, x in rows:
        yield op(f"3.1/{slug}", title, labels, x)


def mask_table():
    losses, mask = [1, 4, 9], [1, 0, 1]
    yield weighted("4.6/no-weights", "no weights", losses, None, mask=mask)
    yield weighted("4.6/weights", "w = [1, 1, 2]", losses, [1, 1, 2], mask=mask)
    yield weighted("4.6/scalar-weight", "w = 2", losses, 2, mask=mask)
    yield weighted("4.6/all-masked", "all False", losses, None, mask=[0, 0, 0])
    yield weighted("4.6/masked-nan", "NaN in the masked element", [1, nan, 9], None, mask=mask)


def reductions_of_the_example():
    yield doc("5.1.2/weighted", "the example with its weights, w = [.3, .7]")
    yield doc("5.1.2/unweighted", "the example without weights", None)


def differences():
    """Every row of the main table of 5.1.3, in its order."""
    section = "5.1.3"
    eager_only = "there are no strategies, compilers or graphs here: every call is eager"

    def row(slug, title, *arguments, **rest):
        return doc(f"{section}/{slug}", title, *arguments, **rest)

    yield row("zero-first-weight", "w = [0, .7]", [0, 0.7])
    yield row("zero-second-weight", "w = [.3, 0]", [0.3, 0])
    yield row("zero-weight-mean", "w = [0, .7], MEAN and mean_with_sample_weight", [0, 0.7])
    yield row("all-zero-weights", "w = [0, 0]", [0, 0])
    yield row("scalar-weight", "w = 2.0", 2.0)
    yield row("scalar-weight-mean", "w = 2.0, MEAN and mean_with_sample_weight", 2.0)
    yield row("single-weight", "w = [.3], shape [1]", [0.3])
    yield row("single-weight-mean", "w = [.3], MEAN and mean_with_sample_weight", [0.3])
    yield row("column-weights", "w = [[.3], [.7]], shape [B, 1]", [[0.3], [0.7]])
    yield row("row-weights", "w = [[.3, .7]], shape [1, B]", [[0.3, 0.7]])
    yield row("square-weights", "w [2, 2]: two rows [.3, .7]", [DOC_WEIGHTS] * 2)
    yield row("too-many-weights", "w [3]", [0.3, 0.7, 1])
    yield row("none-weights", "w = None", "none", hint="weights are left out, not None")
    yield row("signed-weights", "w = [-1, 1]", [-1, 1])
    yield row("negative-smoothing", "smoothing -0.2", None, smoothing=-0.2)
    yield row("from-logits-left-false", "from_logits left False", from_logits=False)
    yield row("empty-batch", "empty batch [0, 3]", None, np.zeros([0, 3]), np.zeros([0, 3]))
    yield row("empty-rank-3", "empty [0, 2, 3]", None, np.zeros([0, 2, 3]), np.zeros([0, 2, 3]))
    nan_row = [[nan, 0.95, 0], DOC_LOGITS[1]]
    yield row("nan-in-zero-weight-row", "NaN logits in a row of weight 0", [0, 0.7], x=nan_row)
    yield row("nan-and-all-zero-weights", "all weights 0 and a NaN row", [0, 0], x=nan_row)
    yield row(
        "minus-inf-off-target", "logit -inf where the label is 0", None, x=[[-inf, 0.95, 0], DOC_LOGITS[1]], smoothing=0
    )
    yield row("no-classes", "C = 0", None, np.zeros([2, 0]), np.zeros([2, 0]))
    yield row("one-class", "C = 1", None, [[1], [1]], [[0.05], [0.1]])
    yield row(
        "integer-logits", "int logits", None, [[0, 1]], [[1, 2]], smoothing=0, dtype="int32",
        hint="predictions have a floating-point type: integers do not compile",
    )
    yield row("labels-with-trailing-1", "labels [B, C, 1]", labels=np.expand_dims(DOC_LABELS, -1), numpy_inputs=True)
    yield row("labels-one-row", "labels [1, C], logits [B, C]", labels=DOC_LABELS[:1])
    yield row("one-replica", "MirroredStrategy, 1 replica", mode="replicas 1", hint=eager_only)
    yield row("replicas", "MirroredStrategy, 2 replicas, each with all of the data", mode="replicas 2", hint=eager_only)
    yield time(
        f"{section}/jit-compile", "inside jit_compile: w [3] on losses [2, 3]", [1, 10, 100], mode="jit_compile",
        hint=eager_only,
    )
    yield row(
        "labels-gradient", "gradient with respect to the labels", None, labels_gradient=True,
        hint="labels are constants: no gradient with respect to them is offered",
    )
    yield row(
        "labels-not-summing-to-1", "gradient with respect to the logits, labels that add up to 2", None,
        [[1, 1, 0]], [[1, 2, 3]], smoothing=0,
    )
    yield row(
        "softmax-in-graph", "y_pred is the output of a softmax in a graph", None, [[0, 1, 0]], [[2, -30, 0.5]],
        smoothing=0, from_logits=False, mode="graph", hint=eager_only,
    )


def differences_over_time():
    """Every row of the rank-3 table of 5.1.3, in its order."""
    full = [[1, 0, 1], [0, 1, 2]]
    yield time("5.1.3/rank-3-unweighted", "rank 3, no weights", None)
    yield time("5.1.3/rank-3-full", "rank 3, w [2, 3] = [[1, 0, 1], [0, 1, 2]]", full)
    yield time("5.1.3/rank-3-per-sample-column", "rank 3, w [2, 1] = [[1], [10]]", [[1], [10]])
    yield time("5.1.3/rank-3-per-step-row", "rank 3, w [1, 3] = [[1, 10, 100]]", [[1, 10, 100]])
    yield time("5.1.3/rank-3-single", "rank 3, w [1, 1] = [[5]]", [[5]])
    yield time("5.1.3/rank-3-per-sample", "rank 3, w [2] = [1, 10]", [1, 10])
    yield time("5.1.3/rank-3-per-step", "rank 3, w [3] = [1, 10, 100]", [1, 10, 100])
    yield time("5.1.3/rank-3-trailing-1", "rank 3, w [2, 3, 1]", np.expand_dims(full, -1))
    yield time(
        "5.1.3/rank-3-square", "logits [3, 3, 4], w [3] = [1, 10, 100]", [1, 10, 100], SQUARE_LABELS, SQUARE_LOGITS
    )


def more_differences():
    """The second input of those rows of 5.1.3 that name two."""
    yield doc("5.1.3-also/zero-scalar-weight", "w = 0.0", 0.0)
    yield doc("5.1.3-also/too-many-weights-rank-2", "w [2, 3]", [[0.3, 0.7, 1], [1, 2, 3]])


def from_logits_mistake():
    for from_logits in (True, False):
        spelled = str(from_logits).lower()
        yield doc(
            f"5.1.4/example-from-logits-{spelled}", f"the example, from_logits {spelled}", from_logits=from_logits
        )
        yield Case(
            f"5.1.4/real-logits-from-logits-{spelled}", f"real logits, from_logits {spelled}",
            DOC_LABELS, [[2, -1, 0.5], [-3, 4, 1]], from_logits=from_logits,
        )


def dtypes():
    yield doc("5.1.5/float16", "the example in float16", dtype="float16")
    yield doc("5.1.5/float64", "the example in float64", dtype="float64")
    yield Case("5.1.5/float64-rounding", "float64 [1, 2, 3], class 1", [[0, 1, 0]], [[1, 2, 3]], dtype="float64")


def v1_vectors():
    identity, logits = np.eye(3), 10 * np.eye(3)
    wrong = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    yield Case("8.1/right", "identity labels, logits 10·identity", identity, logits)
    yield Case("8.1/wrong", "wrong labels, logits 10·identity", wrong, logits)
    yield Case("8.1/wrong-one-weight", "wrong labels, w = [1.2, 0, 0]", wrong, logits, [1.2, 0, 0])
    yield Case("8.1/wrong-weights", "wrong labels, w = [1.2, 3.4, 5.6]", wrong, logits, [1.2, 3.4, 5.6])
    yield Case("8.1/smoothing", "smoothing .1", [[1, 0, 0]], [[100, -100, -100]], smoothing=0.1)


def weight_shapes():
    losses = np.arange(24.0).reshape(3, 2, 4)
    rows = {
        (1, 1, 1): [17],
        (1, 2, 1): [17, 3],
        (1, 1, 4): [17, 0, 2, 5],
        (3, 1, 1): [17, 5, 2],
        (3, 2, 1): [17, 3, 5, 31, 2, 7],
        (3, 1, 4): [17, 0, 2, 5, 5, 31, 17, 5, 7, 3, 11, 5],
        (1, 2, 4): [17, 0, 2, 5, 3, 13, 11, 2],
        (3, 2, 4): [17, 0, 2, 5, 3, 13, 11, 2, 5, 31, 17, 5, 13, 3, 0, 11, 0, 3, 11, 5, 13, 11, 1, 7],
    }
    for shape, weights in rows.items():
        slug = "-".join(map(str, shape))
        yield weighted(
            f"8.2/shape-{slug}", f"losses 0…23 in [3, 2, 4], w {list(shape)}", losses, np.reshape(weights, shape)
        )


def keras_vectors():
    identity = np.eye(3)
    column = [[1.2], [3.4], [5.6]]
    rows = [("", "", None), ("-scalar", ", w = 2.3", 2.3), ("-column", f", w = {column}", column)]
    for from_logits, name, x in ((False, "probabilities", BATCH_PROBABILITIES), (True, "logits", BATCH_LOGITS)):
        for slug, title, weights in rows:
            yield Case(f"8.4/{name}{slug}", name + title, identity, x, weights, from_logits=from_logits)


def op_vectors():
    yield op(
        "8.5/op", "logits [[4, 2, 1], [0, 5, 1]]", [[1, 0, 0], [0, 0.8, 0.2]], [[4, 2, 1], [0, 5, 1]]
    )
    yield op(
        "8.5/labels-broadcast", "labels [3, 1] on logits [3, 4]", [[0], [2], [0.25]],
        [[1, 1, 1, 1], [1, 2, 3, 4], [1, 2, 3, 4]],
        hint="labels and predictions have equal shapes",
        literals={
            "gradient": [[0.25] * 4, [-1.968, -1.913, -1.763, -1.355], [-0.218, -0.163, -0.013, 0.394]],
            "deterministic_gradient": [[0] * 4, [-1.743, -1.303, -0.105, 3.150], [-0.218, -0.163, -0.013, 0.394]],
        },
    )


def cases():
    sections = [
        reduction_table, non_finite_table, op_labels_table, op_special_values_table, mask_table,
        reductions_of_the_example, differences, differences_over_time, more_differences, from_logits_mistake, dtypes,
        v1_vectors, weight_shapes, keras_vectors, op_vectors, semantics_design.softmax,
    ]
    result = [case for section in sections for case in section()]
    assert len({case.id for case in result}) == len(result)
    return result
