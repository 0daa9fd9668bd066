"""Measures the losses beside PyTorch, TensorFlow and JAX, and shows what came out. See README.md."""

import argparse
import json
import os
import sys

import comparison
import publish
import settings
import speed
import tables
from processes import Failure


def measure(arguments):
    plan = speed.Settings.quick() if arguments.quick else speed.Settings(rounds=arguments.rounds)
    results = speed.measure(arguments.isa, arguments.threads, arguments.filter, arguments.part, plan)
    path = arguments.output or _place(arguments, results)
    if path is not None:
        write(results, path)
    rows = comparison.rows(results)
    print(tables.summary([(results, rows)]))
    for text in comparison.slower(rows):
        print("slower:", text)
    failures = [f"{w['title']}: {text}" for w in results["workloads"] for text in w["failures"]]
    for text in failures:
        print("not measured:", text)
    different = [w["title"] for w in results["workloads"] if not w["agrees"]]
    if different:
        raise Failure(f"values or gradients differ: {'; '.join(different)}")


def _place(arguments, results):
    """Where the results belong; nowhere if they are of a selection."""
    if arguments.quick or arguments.filter or arguments.threads != "both":
        return None
    number, parts = arguments.part
    suffix = "" if parts == 1 else f"-{number}of{parts}"
    return os.path.join(publish.RESULTS, f"{results['machine']['instruction_set']}{suffix}.json")


def warm(arguments):
    """Compiles what torch.compile keeps on disk, so that the measurement need not wait for it."""
    plan = speed.Settings(rounds=0, trial=0)
    speed.measure(arguments.isa, arguments.threads, arguments.filter, arguments.part, plan)


def judge(arguments):
    # Only here: the rest runs without NumPy.
    import exactness

    results = exactness.measure(arguments.isa)
    write(results, arguments.output or os.path.join(publish.RESULTS, "exactness.json"))
    print(tables.exactness(results))
    print(tables.means(results))


def everything(arguments):
    """Measures on every instruction set of this machine, and publishes."""
    best = settings.best_instruction_set()
    sets = [None] if best is None else list(settings.INSTRUCTION_SETS[: settings.INSTRUCTION_SETS.index(best) + 1])
    options = {"threads": "both", "filter": "", "part": (1, 1), "rounds": 5, "quick": False, "output": None}
    for isa in sets:
        here = argparse.Namespace(isa=isa, **options)
        warm(here)
        measure(here)
    judge(argparse.Namespace(isa=best, output=None))
    publish.write()


def write(results, path):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


def _parser():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name, run, text):
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    timed = [
        command("measure", measure, "times all four, compares them and writes Results/ISA.json"),
        command("warm", warm, "compiles everything once, so that measure takes less time"),
    ]
    exact = command("exactness", judge, "measures errors of losses and means, and writes Results/exactness.json")
    command("publish", lambda arguments: publish.write(), "writes README, documentation and pictures from Results")
    command("all", everything, "all of these, on every instruction set of this machine")
    for added in (*timed, exact):
        added.add_argument("--isa", choices=settings.INSTRUCTION_SETS, default=settings.best_instruction_set())
    for added in timed:
        added.add_argument("--threads", choices=("1", "all", "both"), default="both")
        added.add_argument("--filter", metavar="TEXT", default="", help="only workloads whose title contains TEXT")
        added.add_argument(
            "--part", metavar="K/N", type=_part, default=(1, 1), help="only every Nth workload, from the Kth on")
    timed[0].add_argument("--rounds", type=int, default=5, help="how many turns each has; default: 5")
    timed[0].add_argument("--quick", action="store_true", help="small workloads, two short rounds: does it work?")
    for added in (timed[0], exact):
        added.add_argument("--output", metavar="FILE", help="where the results go instead")
    return parser


def _part(text):
    number, parts = map(int, text.split("/"))
    if not 1 <= number <= parts:
        raise ValueError(text)
    return number, parts


def main():
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
        return 0
    except Failure as failure:
        print(f"peers: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
