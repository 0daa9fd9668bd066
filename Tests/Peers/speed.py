"""The measuring run: every workload in every framework and in ours, in turn, round after round."""

import contextlib
import statistics
import sys
import tempfile
import time

import comparison
import settings
from processes import Failure, Framework, Ours

# How far values and lengths of gradients may lie apart, relative to ours. Frameworks add floats, and lose up to
# thousandths of a mean over ten million; that they compute the same loss is seen from the gradients.
VALUE_TOLERANCE = 2e-5
LONG_VALUE_TOLERANCE = 5e-3
LONG = 1_000_000
GRADIENT_TOLERANCE = 2e-4
# Logarithms of the probabilities of paths go down to −6000, where a float's last place is 5e-4.
GRADIENT_TOLERANCES = {"ctc": 1e-2}


class Settings:
    """How long is measured: `rounds` times `budget` seconds per pass, after a trial of each form."""

    def __init__(self, rounds=5, budget=0.06, trial=0.03, most_elements=None):
        self.rounds = rounds
        self.budget = budget
        self.trial = trial
        self.most_elements = most_elements

    @classmethod
    def quick(cls):
        return cls(rounds=2, budget=0.02, trial=0.01, most_elements=300_000)

    def repetitions(self, elements):
        """Repetitions of the benchmark that take about as long as the others' budget for one pass."""
        # A repetition is a call and two loops over the memory, each of 100 µs or more.
        return max(3, int(self.budget / max(300e-6, elements * 1.2e-9)))


def measure(isa, threads, title, part, plan):
    """What was asked for, as the JSON that `tables` and `pictures` read.

    `title` is in the titles of all workloads; of these, `part` = (k, n) takes every nth from the kth on.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="losses-peers-"))
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        started = time.monotonic()
        ours = Ours(isa)
        workloads = [
            workload for workload in ours.export(folder, title)
            if plan.most_elements is None or comparison.elements(workload) <= plan.most_elements
        ][part[0] - 1 :: part[1]]
        if not workloads:
            raise Failure(f"no workload's title contains {title!r}.")
        frameworks = [
            Framework(name, count, isa, log)
            for count in settings.thread_counts(threads) for name in settings.FRAMEWORKS
        ]
        for framework in frameworks:
            stack.callback(framework.close)
        versions = {framework.name: framework.ask("version") for framework in frameworks}
        results = []
        for number, workload in enumerate(workloads):
            results.append(_Workload(workload, f"{folder}/{workload['folder']}", plan, ours, frameworks).run())
            print(f"{time.monotonic() - started:4.0f} s  {number + 1}/{len(workloads)}  {_line(results[-1])}",
                  file=sys.stderr, flush=True)
        return {
            "machine": settings.machine(isa), "versions": {"ours": ours.version(), **versions},
            "rounds": plan.rounds, "workloads": results,
        }


class _Workload:
    def __init__(self, workload, folder, plan, ours, frameworks):
        self.workload = workload
        self.folder = folder
        self.plan = plan
        self.ours = ours
        self.frameworks = frameworks

    def run(self):
        # All compile at once; what is timed is timed alone.
        for framework in self.frameworks:
            framework.send("load", loss=self.workload["loss"], config=self.workload["config"], folder=self.folder)
        known = [framework for framework in self.frameworks if framework.receive()]
        chosen = {framework: framework.ask("choose", budget=self.plan.trial) for framework in known}
        loaded = {framework: answer["passes"] for framework, answer in chosen.items()}
        rows = []
        for threads in sorted({framework.threads for framework in self.frameworks}):
            here = {f: answer for f, answer in loaded.items() if f.threads == threads}
            rows += self._rows(threads, here)
        for framework in self.frameworks:
            framework.ask("drop")
        keys = ("title", "loss", "shape", "labels", "weighted", "config")
        return {
            **{key: self.workload[key] for key in keys}, **self._agreement(loaded), "rows": rows,
            "failures": sorted({
                f"{framework.name}, {form}: {text}" for framework, answer in chosen.items()
                for form, text in answer["failures"].items()}),
        }

    def _rows(self, threads, loaded):
        """The medians over rounds in which each program has its turn."""
        rounds = []
        repetitions = self.plan.repetitions(comparison.elements(self.workload))
        for _ in range(self.plan.rounds):
            passes = comparison.ours_by_pass(
                self.ours.measure(self.workload["title"], threads, repetitions), self.workload)
            for framework, answer in loaded.items():
                for name in answer:
                    passes[name][framework.name] = framework.ask("time", name=name, budget=self.plan.budget)
            rounds.append(passes)
        return [
            {
                "pass": name, "threads": threads, "seconds": comparison.medians([r[name] for r in rounds]),
                "spread": self._spread([r[name] for r in rounds]),
                "forms": {
                    framework.name: answer[name]["form"] for framework, answer in loaded.items() if name in answer},
            }
            for name in (rounds[0] if rounds else ())
        ]

    @staticmethod
    def _spread(rounds):
        """Of each program the largest distance of a round from the median, relative to it."""
        middle = comparison.medians(rounds)
        return {key: max(abs(r[key] / middle[key] - 1) for r in rounds) for key in middle}

    def _agreement(self, loaded):
        """The values and the lengths of the gradients, and whether they are the same numbers."""
        values, norms = {"ours": self.workload["value"]}, {"ours": self.workload["gradient_norm"]}
        for framework, answer in loaded.items():
            key = f"{framework.name}, {framework.threads}"
            for name, tried in answer.items():
                values[f"{key}, {name}"] = tried["value"]
                if tried["gradient_norm"] is not None:
                    norms[key] = tried["gradient_norm"]
        apart = comparison.relative_difference(list(values.values()), comparison.SMALLEST_VALUE)
        gradients_apart = comparison.relative_difference(list(norms.values()))
        is_long = comparison.elements(self.workload) >= LONG
        tolerance = LONG_VALUE_TOLERANCE if is_long else VALUE_TOLERANCE
        gradient_tolerance = GRADIENT_TOLERANCES.get(self.workload["loss"], GRADIENT_TOLERANCE)
        return {
            "values": values, "gradient_norms": norms,
            "agrees": apart <= tolerance and gradients_apart <= gradient_tolerance,
        }


def _line(workload):
    ratios = [comparison.ratio(row) for row in workload["rows"]]
    known = [ratio for ratio in ratios if ratio is not None]
    agreement = "" if workload["agrees"] else "  VALUES DIFFER"
    if not known:
        return f"{workload['title']}: no peer{agreement}"
    return f"{workload['title']}: {min(known):.2f} to {max(known):.2f}, mean {statistics.fmean(known):.2f}{agreement}"
