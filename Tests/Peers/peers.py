"""Measures the losses beside PyTorch, TensorFlow and JAX, and shows what came out. See README.md."""

import argparse
import json
import os
import sys

import comparison
import settings
import speed
from processes import HERE, Failure

RESULTS = os.path.join(HERE, "Results")


def measure(arguments):
    plan = speed.Settings.quick() if arguments.quick else speed.Settings()
    results = speed.measure(arguments.isa, arguments.threads, arguments.filter, plan)
    write(results, arguments.output or os.path.join(RESULTS, f"{results['machine']['instruction_set']}.json"))
    for line in comparison.summary(speed.rows(results)):
        print(line)
    for text in comparison.slower(speed.rows(results)):
        print("slower:", text)
    return 0


def write(results, path):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("measure")
    command.add_argument("--isa", choices=settings.INSTRUCTION_SETS, default=settings.best_instruction_set())
    command.add_argument("--threads", choices=("1", "all", "both"), default="both")
    command.add_argument("--filter", default="")
    command.add_argument("--quick", action="store_true")
    command.add_argument("--output")
    command.set_defaults(run=measure)
    arguments = parser.parse_args()
    try:
        return arguments.run(arguments)
    except Failure as failure:
        print(f"peers: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
