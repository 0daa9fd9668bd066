"""Markdown tables of results. Needs nothing but the standard library."""

import comparison
import settings
from bars import number
from pictures import label, percent, threads_text


def table(header, rows, right_from=1):
    """A table whose columns from `right_from` on are aligned to the right."""
    rule = ["---" if place < right_from else "---:" for place in range(len(header))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, rule, *rows))


def versions(results):
    """What was compared, in a sentence's middle."""
    found = results["versions"]
    return ", ".join(f"{settings.NAMES[name]} {found[name]}" for name in settings.FRAMEWORKS)


def times(value):
    return "–" if value is None else f"{value:.2f}" if value < 9.95 else f"{value:.0f}"


def summary(runs):
    """Geometric means and the least, a column per run and number of threads; `runs` are pairs of results and rows."""
    columns, header = [], ["best peer's time ÷ ours"]
    for results, rows in runs:
        lines = comparison.summary(rows)
        for threads in sorted({line["threads"] for line in lines}):
            header.append(f"{settings.instruction_set(results['machine'])}, {threads_text(threads)}")
            columns.append({(line["pass"], line["buffer"]): line for line in lines if line["threads"] == threads})
    body = []
    for name, buffer in comparison.SUMMARIES:
        what = "value" if name == "value" else f"value and gradient, {buffer} buffer"
        body.append([f"cross-entropy of matrices, {what}: geometric mean"]
                    + [_cell(column, (name, buffer), "cross_entropies") for column in columns])
    for name, buffer in comparison.SUMMARIES:
        what = "value" if name == "value" else f"value and gradient, {buffer} buffer"
        body.append([f"workloads measured, {what}: least"]
                    + [_cell(column, (name, buffer), "least") for column in columns])
    return table(header, body)


def _cell(column, key, field):
    return times(column[key][field]) if key in column else "–"


def workloads(rows, threads, name):
    """Nanoseconds per element of one pass, and how many times the best peer's time is ours."""
    here = [row for row in rows if row["threads"] == threads and row["pass"] == name]
    buffers = ["fresh"] if name == "value" else ["fresh", "reused"]
    ours = ["ours"] if name == "value" else ["ours, fresh", "ours, reused"]
    header = ["workload", *ours, "of memory", *(settings.NAMES[peer] for peer in settings.FRAMEWORKS), *(
        ["best peer ÷ ours"] if name == "value" else ["best peer ÷ fresh", "÷ reused"])]
    body = []
    for row in here:
        cells = [label(row)]
        cells += [_nanoseconds(row, key) for key in buffers]
        cells.append(f"{100 * row['seconds']['memory'] / row['seconds'][buffers[-1]]:.0f} %")
        cells += [_nanoseconds(row, key) for key in settings.FRAMEWORKS]
        cells += [times(comparison.ratio(row, buffer)) for buffer in buffers]
        body.append(cells)
    return table(header, body)


def _nanoseconds(row, key):
    return number(row["seconds"][key] * 1e9 / row["elements"]) if key in row["seconds"] else "–"


def exactness(results):
    """The largest error by family of rows, in units in the last place."""
    keys = ("ours", *settings.FRAMEWORKS)
    body = [
        [entry["family"], str(entry["classes"]), *(_error(entry["errors"][key]) for key in keys)]
        for entry in results["families"]]
    return table(["rows", "classes", *(settings.NAMES[key] for key in keys)], body)


def _error(error):
    text = "–" if error["largest"] is None else _ulps(error["largest"])
    if error["not_finite"]:
        return f"NaN in {percent(error['not_finite'])}"
    return f"{text}; 0 in {percent(error['zero'])}" if error["zero"] else text


def _ulps(value):
    return number(float(f"{value:.2g}")) if value >= 10 else f"{value:.1f}"


def means(results):
    """The relative error of the mean of many losses."""
    keys = ("ours", *settings.FRAMEWORKS)
    body = [
        [entry["name"], *(f"{entry['relative_errors'][key]:.1e}" if key in entry["relative_errors"] else "–"
                          for key in keys)]
        for entry in results["means"]]
    return table(["mean of", *(settings.NAMES[key] for key in keys)], body)


def timed_means(results):
    """How far the means of the timed workloads are from ours, where one is more than 10⁻⁵ away; empty if none is."""
    body = []
    for workload in results["workloads"]:
        ours = workload["values"]["ours"]
        apart = {
            name: max((comparison.relative_difference([ours, value], comparison.SMALLEST_VALUE)
                       for key, value in workload["values"].items() if key.startswith(name)), default=None)
            for name in settings.FRAMEWORKS}
        if any(distance is not None and distance > 1e-5 for distance in apart.values()):
            cells = ["–" if distance is None else f"{distance:.0e}" for distance in apart.values()]
            body.append([label(workload), *cells])
    return table(["mean of", *(settings.NAMES[name] for name in settings.FRAMEWORKS)], body) if body else ""
