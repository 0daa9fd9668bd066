"""What a case of semantics.json is made of, and the arrays that several cases share."""

from dataclasses import dataclass, field

import numpy as np

inf, nan = np.inf, np.nan


@dataclass
class Row:
    id: str
    title: str

    @property
    def section(self):
        return self.id.split("/")[0]


@dataclass
class Case(Row):
    """Softmax cross-entropy, its operation, or compute_weighted_loss."""

    labels: object  # None for compute_weighted_loss
    x: object  # logits, probabilities, or the losses of compute_weighted_loss
    weights: object = None  # not passed; "none" for an explicit None
    smoothing: float = 0.0
    from_logits: bool = True
    axis: int = -1
    dtype: str = "float32"
    function: str = "softmax_cross_entropy"
    mask: object = None
    mode: str = "eager"  # or "graph", "jit_compile", "replicas 1", "replicas 2"
    labels_gradient: bool = False  # record each framework's gradient with respect to the labels
    numpy_inputs: bool = False  # record Keras 2 on NumPy arrays too
    other_losses: bool = False  # record the binary and the sparse cross-entropy too (graph mode)
    hint: str = None
    literals: dict = field(default_factory=dict)  # numbers that upstream's tests print, as they print them

    def __post_init__(self):
        scalar = np.dtype(self.dtype)
        self.smoothing = float(self.smoothing)
        weight_scalar = scalar if scalar.kind == "f" else np.dtype("float32")
        self.x = np.asarray(self.x, scalar)
        if self.labels is not None:
            self.labels = np.asarray(self.labels, scalar)
        if self.weights is not None and not isinstance(self.weights, str):
            self.weights = np.asarray(self.weights, weight_scalar)
        if self.mask is not None:
            self.mask = np.asarray(self.mask, bool)


@dataclass
class V1Case(Row):
    """Another function of tf.compat.v1.losses."""

    function: str
    labels: object
    x: object  # predictions, logits, or the losses of compute_weighted_loss
    weights: object = None  # not passed
    smoothing: float = 0.0
    axis: int = -1
    delta: float = 1.0
    epsilon: float = 1e-7
    ignore_class: int = None
    from_logits: bool = True  # for Keras's sparse loss alone: TensorFlow 1 takes logits
    dtype: str = "float32"
    labels_dtype: str = None  # the case's type unless the function takes class ids
    hint: str = None

    def __post_init__(self):
        ids = self.function == "sparse_softmax_cross_entropy"
        self.labels_dtype = self.labels_dtype or ("int32" if ids else self.dtype)
        self.x = np.asarray(self.x, self.dtype)
        if self.labels is not None:
            self.labels = np.asarray(self.labels, self.labels_dtype)
        if self.weights is not None:
            self.weights = np.asarray(self.weights, self.dtype)


@dataclass
class KerasCase(Row):
    """A loss of Keras that has no function there."""

    function: str  # the class in Keras
    labels: object
    x: object
    mask: object = None
    dtype: str = "float32"
    labels_dtype: str = None  # the case's type
    parameters: dict = field(default_factory=dict)

    def __post_init__(self):
        self.x = np.asarray(self.x, self.dtype)
        self.labels = np.asarray(self.labels, self.labels_dtype or self.dtype)
        if self.mask is not None:
            self.mask = np.asarray(self.mask, bool)


def one_hot(classes, count):
    return np.eye(count)[np.asarray(classes)]


# The example of TensorFlow's own migration note.
DOC_LABELS = [[0, 1, 0], [0, 0, 1]]
DOC_LOGITS = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
DOC_WEIGHTS = [0.3, 0.7]

# Logits [2, 3, 4], as upstream's tests of losses over time steps.
TIME_LOGITS = [
    [[1.76, 0.40, 0.98, 2.24], [1.87, -0.98, 0.95, -0.15], [-0.10, 0.41, 0.14, 1.45]],
    [[0.76, 0.12, 0.44, 0.33], [1.49, -0.21, 0.31, -0.85], [-2.55, 0.65, 0.86, -0.74]],
]
TIME_LABELS = one_hot([[3, 0, 2], [0, 0, 0]], 4)
# As many samples as time steps: the shape for which weights [3] are ambiguous.
SQUARE_LOGITS = np.concatenate([TIME_LOGITS, 2 * np.asarray(TIME_LOGITS[:1])])
SQUARE_LABELS = np.concatenate([TIME_LABELS, TIME_LABELS[:1]])

BATCH_LOGITS = [[8, 1, 1], [0, 9, 1], [2, 3, 5]]
BATCH_PROBABILITIES = [[0.9, 0.05, 0.05], [0.5, 0.89, 0.6], [0.05, 0.01, 0.94]]


def doc(id, title, weights=DOC_WEIGHTS, labels=DOC_LABELS, x=DOC_LOGITS, smoothing=0.2, **rest):
    return Case(id, title, labels, x, weights, smoothing, **rest)


def time(id, title, weights, labels=TIME_LABELS, x=TIME_LOGITS, **rest):
    return Case(id, title, labels, x, weights, **rest)


def weighted(id, title, losses, weights, **rest):
    return Case(id, title, None, losses, weights, function="compute_weighted_loss", **rest)


def op(id, title, labels, x, **rest):
    return Case(id, title, labels, x, function="softmax_cross_entropy_with_logits", **rest)


# The data of the tables of differences.
Y, P = [[1, 2], [3, 4]], [[2, 2], [6, 0]]
RANK_1 = dict(labels=[1, 2, 3], x=[1, 3, 5])
BINARY, LOGITS = [[1, 0], [1, 0]], [[2, -1], [0.5, 3]]
HINGE_LOGITS = [[0.5, 0.5], [-2, -3]]
UNIT_Y, UNIT_P = [[1, 0], [0, 1]], [[0.6, 0.8], [0.8, 0.6]]

# TensorFlow's own tests.
A, B = [[1, 9, 2], [-5, -2, 6]], [[4, 8, 12], [8, 1, 3]]
PER_ELEMENT = [[3, 6, 5], [0, 4, 2]]
ONE_ELEMENT = [[0, 0, 0], [0, 0, 2]]
