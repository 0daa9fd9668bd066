"""Rows of logits of many kinds, and the true losses of the softmax cross-entropy on them."""

import numpy as np

# Per family: the numbers of classes.
FAMILIES = {
    "normal": (10, 1000), "uniform": (10, 1000), "shifted by 1e4": (10, 1000), "confident": (2, 10, 1000),
    "all equal": (10, 1000), "near ties": (10, 1000), "−inf, class ids": (10, 1000), "−inf, one-hot": (10, 1000),
    "smoothed": (10, 1000), "soft labels": (10, 1000),
}
SMOOTHING = 0.1


def rows(classes):
    """How many rows of so many classes are drawn."""
    return 10_000 if classes <= 10 else 2_000


def draw(family, classes, seed=1):
    """Logits (Float32), and labels: one-hot or soft numbers (Float32), or class ids (Int32)."""
    generator = np.random.default_rng([seed, list(FAMILIES).index(family), classes])
    count = rows(classes)
    x = generator.standard_normal((count, classes))
    ids = generator.integers(0, classes, count).astype(np.int32)
    every = np.arange(count)
    if family == "uniform":
        x = generator.uniform(-10, 10, x.shape)
    elif family == "shifted by 1e4":
        x += 1e4
    elif family == "confident":
        # The target stands 10 to 60 above the highest of the others.
        x[every, ids] = -np.inf
        x[every, ids] = x.max(-1) + generator.uniform(10, 60, count)
    elif family == "all equal":
        x = np.repeat(generator.standard_normal((count, 1)), classes, 1)
    elif family == "near ties":
        x = 3 + generator.uniform(0, 1e-6, x.shape)
    elif family.startswith("−inf"):
        impossible = generator.random(x.shape) < 0.3
        impossible[every, ids] = False
        x[impossible] = -np.inf
    x = x.astype(np.float32)
    if family == "soft labels":
        return x, generator.random(x.shape, np.float32)
    if family in ("smoothed", "−inf, one-hot"):
        y = np.zeros(x.shape, np.float32)
        y[every, ids] = 1
        return x, y
    return x, ids


def smoothing(family):
    return SMOOTHING if family == "smoothed" else 0


def true_losses(x, labels, smoothing):
    """The losses in float64, each within about 1e-13 of itself, a millionth of a unit in Float32's last place.

    With m the largest logit and r = Σ e^(x − m) over the others, the loss is Σy · log1p(r) + Σ y (m − x). Both
    terms are sums of what is not negative: nothing cancels, so that relative errors do not grow. x − m of Float32
    numbers is exact or rounded once, which changes e^(x − m) by at most |x − m| 2⁻⁵³ of itself, and where |x − m|
    is beyond 700 it has no weight; the rest are roundings of sums, products and functions. `check` holds it
    against mpmath.
    """
    z = x.astype(np.float64)
    peak = z.argmax(-1)
    every = np.arange(len(z))
    z = z - z[every, peak, None]
    e = np.exp(z)
    e[every, peak] = 0
    normaliser = np.log1p(e.sum(-1))
    if labels.ndim == 1:
        return normaliser - z[every, labels]
    y = labels.astype(np.float64)
    y = y * (1 - smoothing) + smoothing / y.shape[-1]
    with np.errstate(invalid="ignore"):
        return y.sum(-1) * normaliser + np.where(y == 0, 0, -y * z).sum(-1)


def check(x, labels, smoothing, losses, count=5):
    """The largest relative distance of the first losses from mpmath's, at 60 digits."""
    from mpmath import exp, log, mp, mpf

    mp.dps = 60
    worst = mpf(0)
    for row in range(count):
        logits = [mpf(float(value)) for value in x[row]]
        normaliser = log(sum(exp(value) for value in logits))
        if labels.ndim == 1:
            true = normaliser - logits[labels[row]]
        else:
            amount = mpf(smoothing)
            y = [mpf(float(label)) * (1 - amount) + amount / len(logits) for label in labels[row]]
            true = sum(part * (normaliser - value) for part, value in zip(y, logits) if part != 0)
        worst = max(worst, abs(mpf(float(losses[row])) - true) / true)
    return float(worst)
