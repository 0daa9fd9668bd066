"""Writes what the README and the documentation show, from the files in Results. Standard library only."""

import glob
import json
import os

import comparison
import pictures
import settings
import tables

RESULTS = os.path.join(settings.HERE, "Results")
CATALOG = "Sources/KerasLosses/KerasLosses.docc"
PICTURES = f"{CATALOG}/Resources"
ARTICLE = f"{CATALOG}/BesideTheFrameworks.md"
BEGIN, END = "<!-- begin: written by Tests/Peers/peers.py publish -->", "<!-- end -->"

SPEED_PICTURES = {
    "beside-value-one": "Nanoseconds per element, value, on one thread",
    "beside-value-all": "Nanoseconds per element, value, on all threads",
    "beside-gradient-one": "Nanoseconds per element, value and gradient, on one thread",
    "beside-gradient-all": "Nanoseconds per element, value and gradient, on all threads",
    "beside-memory": "Share of the speed of memory, value and gradient, on all threads",
    "beside-others": "Nanoseconds per element of the other losses, value and gradient, on one thread",
}


def load():
    """The timed runs, as pairs of results and rows, the widest vectors last; and the exactness, or None."""
    found, exactness = {}, None
    for path in sorted(glob.glob(os.path.join(RESULTS, "*.json"))):
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
        if "families" in results:
            exactness = results
        else:
            found.setdefault(results["machine"]["instruction_set"], []).append(results)
    order = [*sorted(set(found) - set(settings.INSTRUCTION_SETS)), *settings.INSTRUCTION_SETS]
    runs = [comparison.joined(found[isa]) for isa in order if isa in found]
    return [(results, comparison.rows(results)) for results in runs], exactness


def rendered(runs, exactness, readme):
    """All files, by their path in the package; `readme` is the README as it is."""
    files = {ARTICLE: _article(runs, exactness)}
    charts = {**pictures.speed(*runs[-1]), **pictures.exactness(exactness)}
    files.update({f"{PICTURES}/{name}.svg": chart for name, chart in charts.items()})
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END, 1)
    files["README.md"] = f"{before}{BEGIN}\n{_section(runs, exactness)}\n{END}{after}"
    return files


def write():
    runs, exactness = load()
    with open(os.path.join(settings.PACKAGE, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    os.makedirs(os.path.join(settings.PACKAGE, PICTURES), exist_ok=True)
    for old in glob.glob(os.path.join(settings.PACKAGE, PICTURES, "beside-*.svg")):
        os.remove(old)
    for path, text in rendered(runs, exactness, readme).items():
        with open(os.path.join(settings.PACKAGE, path), "w", encoding="utf-8") as file:
            file.write(text)


def _circumstances(runs):
    results = runs[-1][0]
    machine = results["machine"]
    dates = sorted({run["machine"]["date"] for run, _ in runs})
    return (f"Measured {' and '.join(dates)} on {machine['processors']} processors ({machine['processor']}, "
            f"{machine['system']}), {results['versions']['ours']}, beside {tables.versions(results)}")


def _highlights(rows):
    """What the README's table shows: matrices of two sizes, and the longest vectors."""
    sizes = {
        "categorical_crossentropy": [[256, 1000], [512, 50257]],
        "sparse_categorical_crossentropy": [[256, 1000], [512, 50257]],
        "binary_crossentropy": [[10_000_000]], "mean_squared_error": [[10_000_000]], "huber": [[10_000_000]],
    }
    return [row for row in rows if row["shape"] in sizes.get(row["loss"], ())]


def _section(runs, exactness):
    results, rows = runs[-1]
    counts = sorted({row["threads"] for row in rows})
    isa = settings.instruction_set(results["machine"])
    return f"""{_circumstances(runs)}, each
in the fastest of its own forms (eager, compiled or by XLA, chosen per workload), with as many threads, in turn, on
the same numbers; all four must agree on values and lengths of gradients. Value and gradient on
{isa}, {pictures.threads_text(counts[-1])}, in nanoseconds per element; "of memory" is the share of
the speed of such a loop, and a reused buffer is `valueWithGradient(_:_:into:)`, which spares the allocation:

![Nanoseconds per element of the value and the gradient, on all threads]({PICTURES}/beside-gradient-all.svg)

{tables.workloads(_highlights(rows), counts[-1], "value+gradient")}

Over the workloads measured, on one thread and on all:

{tables.summary(runs)}

The largest error of a sample's loss, by kind of row, and the share of rows that come out as 0 or NaN:

![Largest error by family of rows, in units in the last place]({PICTURES}/beside-exactness.svg)

The tables are in the documentation ([Beside the frameworks]({ARTICLE})); `Tests/Peers` has the program that
measures and draws them, and the numbers it measured."""


def _article(runs, exactness):
    parts = [f"""# Beside the frameworks

How fast and how exact the losses are, beside PyTorch, TensorFlow and JAX on the same machine.

## Overview

{_circumstances(runs)}.

All of it is the output of one program, `Tests/Peers/peers.py` in the package's repository, whose README says how
to run it again. Each framework computes every workload in several forms: PyTorch eagerly and with `torch.compile`,
TensorFlow eagerly, as a `tf.function` and compiled by XLA, JAX compiled, with the cross-entropies written in two ways.
The fastest form counts, chosen anew for each workload, pass and number of threads. Each program runs in a process
of its own, with one thread on one processor or with all; they take turns, round after round, and medians over the
rounds are compared, of which there were {runs[-1][0]['rounds']}. The data are the same numbers, and values and lengths of gradients
must agree.

A *fresh* buffer is a gradient that is allocated in the call, as the frameworks do it; with
`valueWithGradient(_:_:into:)` the same one is *reused*. All programs keep freed memory for the next call
(`GLIBC_TUNABLES=glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184`): otherwise glibc gives large arrays
back to the system unless its heap happens to have room for them, and page faults come by chance. "of memory" is the
share of the speed of a loop that only reads and writes the same arrays, in the same process.

{tables.summary(runs)}

The matrices are 128 × 10, 256 × 1000, 128 × 21841, 512 × 50257 and 128 × 128256 logits, each with dense labels and
with class ids."""]
    charts = pictures.speed(*runs[-1])
    parts += [f"![{words}]({name})" for name, words in SPEED_PICTURES.items() if name in charts]
    parts.append(f"""## How exact

The largest error of a sample's softmax cross-entropy in `Float`, in units in the last place of the true loss, which
is computed in `Double` without cancellation and checked against arithmetic with 60 digits. Losses of at least 2⁻¹²⁶
are judged. "0 in" is the share of rows whose loss came out as exactly 0, "NaN in" of those that came out as no
number. Confident rows are those whose target stands 10 to 60 above the others; in the rows with −inf about three in
ten logits are −inf, none of them the target's.

![Largest error by family of rows](beside-exactness)

{tables.exactness(exactness)}

The error of the mean of {exactness['means'][0]['samples'] // 10**6} million losses, relative to the true mean;
rounding it to `Float` alone costs up to 6e-08:

{tables.means(exactness)}""")
    timed = tables.timed_means(runs[-1][0])
    if timed:
        parts.append(f"""The same shows in the timed workloads. Distances of the frameworks' means from the package's, which is the
exact mean of its losses, rounded once, where one of them is beyond 1e-05:

{timed}""")
    for results, rows in runs:
        for threads in sorted({row["threads"] for row in rows}):
            for name in ("value", "value+gradient"):
                words = name.replace("+", " and ")
                isa = settings.instruction_set(results["machine"])
                parts.append(f"## {isa}, {pictures.threads_text(threads)}, {words}\n\n"
                             f"Nanoseconds per element.\n\n{tables.workloads(rows, threads, name)}")
    return "\n\n".join(parts) + "\n"
