"""One framework on one number of threads: reads a request per line, answers each with a line of JSON.

    python worker.py torch|tensorflow|jax THREADS

The requests are the public methods of Worker. The environment is settings.environment's.
"""

import importlib
import json
import os
import sys
import traceback

import settings


class Worker:
    def __init__(self, framework, threads):
        self.peer = importlib.import_module(f"{framework}_peer").Peer(threads)
        self.drop()

    def version(self):
        return self.peer.version

    def load(self, loss, config, folder):
        """Compiles every form of every pass. Whether there is a counterpart of the loss at all."""
        from task import Task

        try:
            self.passes = self.peer.forms(Task(loss, config, folder))
        except KeyError:
            return False
        for name, forms in self.passes.items():
            for form, call in list(forms.items()):
                try:
                    call()
                except Exception as error:  # One form that fails must not take the others with it.
                    del forms[form]
                    self.failures[f"{name}, {form}"] = f"{type(error).__name__}: {error}"[:300]
        return True

    def choose(self, budget):
        """Times every form for `budget` seconds and keeps the fastest of each pass, with what it computes."""
        return {"failures": self.failures,
                "passes": {name: self._fastest(name, forms, budget) for name, forms in self.passes.items() if forms}}

    def _fastest(self, name, forms, budget):
        import numpy as np
        from stopwatch import median_seconds, seconds

        times = {}
        for form, call in forms.items():
            times[form] = seconds(call)
            # What is far behind after one call, or takes long enough to be measured by one, needs no more.
            if times[form] < min(budget, max(1e-3, 2 * min(times.values()))):
                times[form] = median_seconds(call, budget)
        best = min(times, key=times.get)
        self.chosen[name] = forms[best]
        value, gradient = forms[best]()
        norm = None if gradient is None else float(np.linalg.norm(np.asarray(gradient).astype(np.float64).ravel()))
        return {"form": best, "value": float(value), "gradient_norm": norm, "trials": times}

    def time(self, name, budget):
        """Seconds per call of the form that was chosen for a pass."""
        from stopwatch import median_seconds

        return median_seconds(self.chosen[name], budget)

    def drop(self):
        # All forms, and the one that is timed, by pass; why others are missing.
        self.passes = {}
        self.chosen = {}
        self.failures = {}
        self.peer.drop()

    def losses(self, loss, config, folder):
        """Writes losses.FRAMEWORK.npy into the folder: one loss per sample. Returns its path."""
        import numpy as np
        from task import Task

        path = os.path.join(folder, f"losses.{type(self.peer).__module__}.npy")
        np.save(path, self.peer.losses(Task(loss, config, folder)))
        return path

    def mean(self, loss, config, folder):
        """The mean over the samples, in the framework's plain form."""
        from task import Task

        value, _ = next(iter(self.peer.forms(Task(loss, config, folder))["value"].values()))()
        return float(value)


def main():
    framework, threads = sys.argv[1], int(sys.argv[2])
    settings.pin(threads)
    # What the frameworks print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(framework, threads)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": getattr(worker, request["method"])(**request["arguments"])}
        except Exception:
            answer = {"failure": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
