"""How exact the losses are, and the mean of ten million of them, in all four."""

import contextlib
import os
import tempfile

import families
import numpy as np
import settings
from processes import Failure, Framework, Ours

# Float32's smallest number with all its digits; what is smaller is not judged.
LEAST = 2.0**-126
# How far the reference may be from mpmath: nothing in units of Float32's last place, 6e-8.
REFERENCE_TOLERANCE = 2e-13
SAMPLES = 10_000_000

CONFIG = {"from_logits": True, "axis": -1}


def measure(isa):
    """Errors by family and means, as the JSON that `tables` and `pictures` read."""
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        ours = Ours(isa)
        frameworks = [Framework(name, len(settings.processors()), isa, log) for name in settings.FRAMEWORKS]
        for framework in frameworks:
            stack.callback(framework.close)
        return {
            "machine": settings.machine(isa),
            "versions": {"ours": ours.version(), **{f.name: f.ask("version") for f in frameworks}},
            "families": [
                _family(name, classes, ours, frameworks)
                for name, counts in families.FAMILIES.items() for classes in counts],
            "means": [_mean(*case, ours, frameworks) for case in _means()],
        }


def _family(name, classes, ours, frameworks):
    x, labels = families.draw(name, classes)
    smoothing = families.smoothing(name)
    truth = families.true_losses(x, labels, smoothing)
    apart = families.check(x, labels, smoothing, truth)
    if apart > REFERENCE_TOLERANCE:
        raise Failure(f"{name}, {classes} classes: the reference is {apart:.1e} away from mpmath.")
    config = dict(CONFIG, label_smoothing=smoothing) if labels.ndim == 2 else CONFIG
    loss = "categorical_crossentropy" if labels.ndim == 2 else "sparse_categorical_crossentropy"
    with tempfile.TemporaryDirectory(prefix="losses-peers-") as folder:
        _save(folder, x, labels)
        results = {"ours": np.array([float(v) for v in ours.evaluate(loss, config, folder, "none")], np.float32)}
        for framework in frameworks:
            results[framework.name] = np.load(framework.ask("losses", loss=loss, config=config, folder=folder))
    print(f"{name}, {classes} classes: {errors(results['ours'], truth)}", flush=True)
    return {"family": name, "classes": classes, "rows": len(x), "reference_error": apart,
            "errors": {key: errors(values, truth) for key, values in results.items()}}


def errors(values, truth):
    """The largest error in units in the last place of the true loss, and the shares of zeros and of non-numbers.

    Infinities and NaN are counted, and left out of the largest error; it is null if nothing else is left.
    """
    judged = np.isfinite(truth) & (truth >= LEAST)
    values, truth = values[judged].astype(np.float64), truth[judged]
    unit = np.spacing(truth.astype(np.float32)).astype(np.float64)
    finite = np.isfinite(values)
    distances = np.abs(values - truth)[finite] / unit[finite]
    return {
        "largest": float(distances.max()) if len(distances) else None,
        "median": float(np.median(distances)) if len(distances) else None,
        "zero": float((values == 0).mean()), "not_finite": float((~finite).mean()),
    }


def _means():
    """Losses of ten million samples: name, loss, parameters, predictions, labels and the true mean."""
    generator = np.random.default_rng(7)
    x = generator.standard_normal((SAMPLES, 1), np.float32) * np.float32(2)
    y = generator.random((SAMPLES, 1), np.float32)
    wide_x, wide_y = x.astype(np.float64), y.astype(np.float64)
    yield ("binary cross-entropy", "binary_crossentropy", CONFIG, x, y, np.mean(
        np.where(wide_x > 0, (1 - wide_y) * wide_x, -wide_y * wide_x) + np.log1p(np.exp(-np.abs(wide_x)))))
    yield "squared error", "mean_squared_error", {}, x, y, np.mean((wide_x - wide_y) ** 2)
    logits = generator.standard_normal((SAMPLES, 2), np.float32)
    ids = generator.integers(0, 2, SAMPLES).astype(np.int32)
    yield ("cross-entropy, 2 classes", "sparse_categorical_crossentropy", CONFIG, logits, ids,
           np.mean(families.true_losses(logits, ids, 0)))
    # The same loss ten million times, as in the first step of a training whose last layer starts at zero.
    yield ("cross-entropy, all log 2", "sparse_categorical_crossentropy", CONFIG, np.zeros_like(logits), ids,
           np.log(2.0))


def _mean(name, loss, config, x, labels, truth, ours, frameworks):
    values = {}
    with tempfile.TemporaryDirectory(prefix="losses-peers-") as folder:
        _save(folder, x, labels)
        if ours.knows(loss):
            values["ours"] = float(np.float32(ours.evaluate(loss, config, folder, "sum_over_batch_size")))
        for framework in frameworks:
            values[framework.name] = framework.ask("mean", loss=loss, config=config, folder=folder)
    print(f"mean of {name}: {values}, true {truth}", flush=True)
    return {"name": name, "samples": SAMPLES, "true": float(truth), "values": values,
            "relative_errors": {key: abs(value - truth) / truth for key, value in values.items()}}


def _save(folder, x, labels):
    np.save(os.path.join(folder, "predictions.npy"), x)
    np.save(os.path.join(folder, "labels.npy"), labels)
