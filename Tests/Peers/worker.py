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
        # The form that is timed, by pass.
        self.chosen = {}

    def version(self):
        return self.peer.version

    def load(self, loss, config, folder, trial):
        """Tries every form of every pass for `trial` seconds and keeps the fastest, with what it computed.

        Null where the framework has no counterpart.
        """
        from task import Task

        try:
            passes = self.peer.forms(Task(loss, config, folder))
        except KeyError:
            return None
        return {name: self._fastest(name, forms, trial) for name, forms in passes.items()}

    def _fastest(self, name, forms, trial):
        import numpy as np
        from stopwatch import median_seconds

        times, results, failures = {}, {}, {}
        for form, call in forms.items():
            try:
                # The first call compiles, the second finds memory and threads ready.
                call()
                results[form] = call()
                times[form] = median_seconds(call, trial)
            except Exception as error:  # One form that fails must not take the others with it.
                failures[form] = f"{type(error).__name__}: {error}"[:300]
        if not times:
            return {"failures": failures}
        best = min(times, key=times.get)
        self.chosen[name] = forms[best]
        value, gradient = results[best]
        norm = None if gradient is None else float(np.linalg.norm(np.asarray(gradient).astype(np.float64).ravel()))
        return {"form": best, "value": float(value), "gradient_norm": norm, "trials": times, "failures": failures}

    def time(self, name, budget):
        """Seconds per call of the form that was chosen for a pass."""
        from stopwatch import median_seconds

        return median_seconds(self.chosen[name], budget)

    def drop(self):
        self.chosen = {}
        self.peer.drop()

    def losses(self, loss, config, folder):
        """Writes losses.FRAMEWORK.npy into the folder: one loss per sample. Returns its path."""
        import numpy as np
        from task import Task

        path = os.path.join(folder, f"losses.{type(self.peer).__module__}.npy")
        np.save(path, self.peer.losses(Task(loss, config, folder)))
        return path


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
