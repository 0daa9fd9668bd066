"""The processes that are measured: one per framework and number of threads, and the package's own programs."""

import json
import os
import re
import subprocess
import sys

import settings



class Failure(Exception):
    """Something that ends the run, said in a sentence."""


class Framework:
    """A worker process."""

    def __init__(self, name, threads, isa, log):
        self.name = name
        self.threads = threads
        self._process = subprocess.Popen(
            [sys.executable, os.path.join(settings.HERE, "worker.py"), name, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            env=settings.environment(threads, isa),
        )

    def ask(self, method, **arguments):
        self.send(method, **arguments)
        return self.receive()

    def send(self, method, **arguments):
        self._request = f"{method} {arguments}"
        try:
            print(json.dumps({"method": method, "arguments": arguments}), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            pass  # The answer will be missing, too.

    def receive(self):
        answer = json.loads(self._process.stdout.readline() or '{"failure": "the process ended"}')
        if "failure" in answer:
            raise Failure(f"{settings.NAMES[self.name]}, {self._request}: {answer['failure']}")
        return answer["result"]

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class Ours:
    """The package's programs, built for release."""

    def __init__(self, isa):
        self._isa = isa
        folder = self._swift("build", "-c", "release", "--show-bin-path").strip()
        for product in ("losses-benchmark", "keras-losses"):
            self._swift("build", "-c", "release", "--product", product)
        self._benchmark = os.path.join(folder, "losses-benchmark")
        self._command = os.path.join(folder, "keras-losses")

    def version(self):
        """The compiler's."""
        found = re.search(r"Swift version \S+", self._run(["swift", "--version"]))
        return found.group() if found else "unknown Swift version"

    def export(self, folder, title):
        """The workloads, with arrays in `folder`; those whose title contains `title`."""
        self._run([self._benchmark, "--export", folder] + (["--filter", title] if title else []))
        with open(os.path.join(folder, "workloads.json"), encoding="utf-8") as file:
            return json.load(file)

    def measure(self, title, threads, repetitions):
        """The benchmark's rows of the workload with this title, on so many threads."""
        count = "1" if threads == 1 else "all"
        # The pass follows the title: without it, weighted workloads and others with longer titles would run, too.
        title += " value"
        return json.loads(self._run(
            [self._benchmark, "--json", "--filter", title, "--threads", count, "--repetitions", str(repetitions)],
            threads))

    def knows(self, loss):
        """Whether keras-losses has a loss of this name."""
        listed = json.loads(self._run([self._command, "list", "--json"]))["losses"]
        return any(loss in entry["functions"] for entry in listed)

    def evaluate(self, loss, config, folder, reduction):
        """What keras-losses evaluate makes of the arrays in a folder."""
        text = self._run(
            [self._command, "evaluate", "--loss", loss, "--config", json.dumps(config), "--reduction", reduction,
             "--y-true", os.path.join(folder, "labels.npy"), "--y-pred", os.path.join(folder, "predictions.npy"),
             "--json"])
        return json.loads(text)["value"]

    def _swift(self, *arguments):
        return self._run(["swift", *arguments, "--package-path", settings.PACKAGE], environment=dict(os.environ))

    def _run(self, command, threads=None, environment=None):
        environment = environment or settings.environment(threads or len(settings.processors()), self._isa)
        pin = None if threads is None else lambda: settings.pin(threads)
        result = subprocess.run(command, capture_output=True, text=True, env=environment, preexec_fn=pin, check=False)
        if result.returncode != 0:
            raise Failure(f"{' '.join(command)}: {result.stderr.strip() or result.stdout.strip()}")
        return result.stdout
