"""Joining the tables: medians over rounds, ratios, geometric means, and whether all computed the same number.

Needs nothing but the standard library.
"""

import math
import statistics

import settings

BUFFERS = ("fresh", "reused")
CROSS_ENTROPIES = ("categorical_crossentropy", "sparse_categorical_crossentropy")
# The matrices of logits that the geometric means are taken over, with dense labels and with class ids.
CROSS_ENTROPY_SHAPES = ([128, 10], [256, 1000], [128, 21841], [512, 50257], [128, 128256])
# The mean of losses of both signs may come out near 0; then this is what distances are relative to.
SMALLEST_VALUE = 0.1


def identity(entry):
    """What the benchmark's JSON says of a workload."""
    return entry["loss"], tuple(entry["shape"]), entry["labels"]


def elements(workload):
    return math.prod(workload["shape"])


def rows(results):
    """The rows of all workloads of a run, each with what its workload is."""
    return [
        {**{key: workload[key] for key in ("title", "loss", "shape", "labels", "weighted", "config")},
         "elements": elements(workload), **row}
        for workload in results["workloads"] for row in workload["rows"]
    ]


def joined(parts):
    """One run of the parts that were measured one by one, cross-entropies first, then as they come; shapes by size."""
    workloads = [workload for part in parts for workload in part["workloads"]]
    if len({workload["title"] for workload in workloads}) < len(workloads):
        raise ValueError("a workload is in two files of Results: remove the older file")
    order = {name: place for place, name in enumerate(CROSS_ENTROPIES)}
    for workload in workloads:
        order.setdefault(workload["loss"], len(order))
    return {**parts[-1], "workloads": sorted(workloads, key=lambda w: (order[w["loss"]], w["shape"]))}


def medians(rounds):
    """Of dictionaries with the same keys, one per round, the dictionary of medians."""
    return {key: statistics.median(values[key] for values in rounds) for key in rounds[0]}


def ours_by_pass(rows, workload):
    """Of the benchmark's rows those of a workload, as {pass: {"fresh" | "reused" | "memory": seconds per call}}."""
    passes = {}
    for row in rows:
        if identity(row) == identity(workload):
            seconds = row["us_per_call"] * 1e-6
            here = passes.setdefault(row["pass"], {})
            here[row["buffer"]] = seconds
            if row["buffer"] == "reused" or row["pass"] == "value":
                here["memory"] = seconds * row["share_of_bandwidth"]
    return passes


def relative_difference(numbers, least=0.0):
    """The largest distance from the first, which is ours, relative to it, or to `least` if that is larger."""
    first, *others = numbers
    if not all(map(math.isfinite, numbers)):
        return math.inf
    scale = max(abs(first), least) or 1
    return max((abs(other - first) / scale for other in others), default=0.0)


def peers(row):
    """The frameworks that have a time in a row."""
    return {name: row["seconds"][name] for name in settings.FRAMEWORKS if name in row["seconds"]}


def ratio(row, buffer="fresh"):
    """The best peer's time over ours; None where there is no peer or no such buffer."""
    others = peers(row)
    if not others or buffer not in row["seconds"]:
        return None
    return min(others.values()) / row["seconds"][buffer]


def geometric_mean(numbers):
    return math.exp(statistics.fmean(map(math.log, numbers))) if numbers else None


def is_cross_entropy_matrix(row):
    return row["loss"] in CROSS_ENTROPIES and row["shape"] in CROSS_ENTROPY_SHAPES and not row["weighted"]


SUMMARIES = (("value", "fresh"), ("value+gradient", "fresh"), ("value+gradient", "reused"))


def summary(rows):
    """For each number of threads, pass and buffer: geometric means, and the workload that does worst."""
    lines = []
    for threads in sorted({row["threads"] for row in rows}):
        for name, buffer in SUMMARIES:
            here = [row for row in rows if row["threads"] == threads and row["pass"] == name]
            ratios = [(ratio(row, buffer), row) for row in here if ratio(row, buffer) is not None]
            if not ratios:
                continue
            least, worst = min(ratios, key=lambda pair: pair[0])
            lines.append({
                "threads": threads, "pass": name, "buffer": buffer,
                "cross_entropies": geometric_mean([r for r, row in ratios if is_cross_entropy_matrix(row)]),
                "least": least, "least_title": worst["title"],
            })
    return lines


def slower(rows):
    """Rows in which a peer is faster, as sentences; worst first."""
    found = []
    for row in rows:
        for buffer in BUFFERS:
            value = ratio(row, buffer)
            if value is not None and value < 1:
                best = min(peers(row), key=peers(row).get)
                text = (f"{row['title']}, {row['pass']}, {buffer}, {row['threads']} thread(s): "
                        f"{value:.2f} × {settings.NAMES[best]} ({row['forms'][best]})")
                found.append((value, text))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]
