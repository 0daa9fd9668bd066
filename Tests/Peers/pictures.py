"""Which charts are drawn, and from what. Needs nothing but the standard library."""

import math

import comparison
import settings
from bars import Chart, number

# What the first pictures show; the other losses have one of their own.
HEADLINES = (*comparison.CROSS_ENTROPIES, "binary_crossentropy", "mean_squared_error", "huber")
SHORT = {
    "categorical_crossentropy": "cross-entropy", "sparse_categorical_crossentropy": "cross-entropy",
    "binary_crossentropy": "binary cross-entropy", "kl_divergence": "KL divergence", "ctc": "CTC",
}
THEIRS = [settings.NAMES[name] for name in settings.FRAMEWORKS]


def label(row):
    """A workload's name for a reader."""
    name = SHORT.get(row["loss"], row["loss"].replace("_", " "))
    shape = " × ".join(f"{size:,}".replace(",", " ") if size >= 1_000_000 else str(size) for size in row["shape"])
    kind = {"sparse_categorical_crossentropy": ["class ids"], "categorical_crossentropy": ["dense"]}
    # What the title says after the labels: weights and the like.
    more = row["title"].partition(f" {row['labels']} ")[2]
    return ", ".join([f"{name} {shape}", *kind.get(row["loss"], []), *([more] if more else [])])


def _is_headline(row):
    return row["loss"] in HEADLINES and row["config"].get("from_logits") is not False


def place(machine):
    return f"{machine['processor']}, {settings.instruction_set(machine)}, {machine['date']}"


def threads_text(threads):
    return "1 thread" if threads == 1 else f"{threads} threads"


def _select(rows, name, threads, headline):
    return [row for row in rows if row["pass"] == name and row["threads"] == threads
            and comparison.peers(row) and _is_headline(row) == headline]


def _chart(title, machine, rows, name, figure, **scale):
    """A group of bars per row: ours, with a gradient in a reused and in a fresh buffer, and theirs."""
    buffers = ["fresh"] if name == "value" else ["reused", "fresh"]
    ours = ["KerasLosses"] if name == "value" else ["KerasLosses, reused buffer", "fresh buffer"]
    groups = [
        (label(row), [figure(row, key) if key in row["seconds"] else None for key in (*buffers, *settings.FRAMEWORKS)])
        for row in rows]
    colours = [0, 2, 3, 4] if name == "value" else [0, 1, 2, 3, 4]
    description = "; ".join(
        f"{text}: " + ", ".join(f"{who} {Chart.text(bar)}" for who, bar in zip(ours + THEIRS, bars) if bar is not None)
        for text, bars in groups)
    return Chart(title, place(machine), description, ours + THEIRS, groups, colours=colours, **scale).svg()


def _nanoseconds(row, key):
    return row["seconds"][key] * 1e9 / row["elements"]


def _memory_share(row, key):
    share = 100 * row["seconds"]["memory"] / row["seconds"][key]
    return share, f"{share:.0f}" if share >= 1 else "< 1"


def speed(results, rows):
    """Charts of one run, by name."""
    machine = results["machine"]
    charts = {}
    counts = sorted({row["threads"] for row in rows})
    for threads in counts:
        suffix = "one" if threads == 1 else "all"
        for name, word in (("value", "value"), ("value+gradient", "gradient")):
            chosen = _select(rows, name, threads, True)
            if chosen:
                what = "Value" if name == "value" else "Value and gradient"
                charts[f"beside-{word}-{suffix}"] = _chart(
                    f"{what}, {threads_text(threads)}: nanoseconds per element", machine, chosen, name, _nanoseconds,
                    logarithmic=True, unit="nanoseconds per element, logarithmic scale; shorter is faster")
    last = counts[-1]
    chosen = _select(rows, "value+gradient", last, True)
    if chosen:
        charts["beside-memory"] = _chart(
            f"Value and gradient, {threads_text(last)}: share of the speed of memory", machine, chosen,
            "value+gradient", _memory_share, logarithmic=False, mark=100,
            unit="% of the speed of a loop that only reads and writes the same memory; longer is faster")
    chosen = _select(rows, "value+gradient", counts[0], False)
    if chosen:
        charts["beside-others"] = _chart(
            f"Other losses, value and gradient, {threads_text(counts[0])}: nanoseconds per element", machine, chosen,
            "value+gradient", _nanoseconds, logarithmic=True,
            unit="nanoseconds per element, logarithmic scale; shorter is faster")
    return charts


def exactness(results):
    """The chart of the largest errors by family of rows."""
    keys = ("ours", *settings.FRAMEWORKS)
    groups = [
        (f"{entry['family']}, {entry['classes']} classes", [_error(entry["errors"][key]) for key in keys])
        for entry in results["families"]]
    names = [settings.NAMES[key] for key in keys]
    description = "; ".join(
        f"{text}: " + ", ".join(f"{who} {Chart.text(bar)}" for who, bar in zip(names, bars)) for text, bars in groups)
    return {"beside-exactness": Chart(
        "Softmax cross-entropy, Float: largest error of a sample's loss", place(results["machine"]), description, names,
        groups, logarithmic=True, colours=[0, 2, 3, 4],
        unit="units in the last place of the true loss, logarithmic scale; shorter is more exact").svg()}


def _error(error):
    if error["not_finite"]:
        return math.inf, f"NaN in {percent(error['not_finite'])}"
    if error["zero"]:
        return error["largest"], f"{number(error['largest'])}, 0 in {percent(error['zero'])}"
    return error["largest"]


def percent(share):
    """A share, never rounded to nothing or to all."""
    value = 100 * share
    if share == 1:
        return "all"
    return f"{value:.0f} %" if 1 <= value <= 99 else f"{value:.1g} %" if value < 1 else "> 99 %"
