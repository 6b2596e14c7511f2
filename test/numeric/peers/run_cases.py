#!/usr/bin/env python3
"""`lacuna log-density` on every case of this folder, at natural values, which the evaluator serves (machine code: test/unit/density/peers_test.cpp), against `expected.json`.

Usage: run_cases.py LACUNA. Cases that the compiler says it does not compile yet (E0910) are named and passed over.
"""
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VALUE_BAR = 1e-13
GRADIENT_BAR = 1e-12


def flat(value):
    if isinstance(value, list):
        return [leaf for element in value for leaf in flat(element)]
    return [float(value)]


def distance(got, want, least):
    """The largest difference, relative to the largest wanted entry (at least `least`)."""
    got, want = flat(got), flat(want)
    if len(got) != len(want):
        return math.inf
    size = max([abs(w) for w in want] + [least])
    return max(abs(g - w) / size for g, w in zip(got, want))


def complaints(lacuna, case, options):
    folder = os.path.join(HERE, case)
    files = [os.path.join(folder, name) for name in ("model.ppl", "data.json")]
    run = subprocess.run([lacuna, "log-density", *files, "--at", os.path.join(folder, "point.json"), "--gradient", *options],
                         capture_output=True, text=True, check=False)
    if "E0910" in run.stderr:
        return None
    if run.returncode != 0:
        return [run.stderr]
    got = json.loads(run.stdout)
    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as source:
        expected = json.load(source)
    found = []
    error = distance(got["log_density"], expected["log_density"], 1)
    if not error < VALUE_BAR:
        found.append(f"log density {got['log_density']}, not {expected['log_density']}")
    for name, want in expected.get("gradient", {}).items():
        error = distance(got["constrained_gradient"][name], want, 1e-3)
        if not error < GRADIENT_BAR:
            found.append(f"derivative by {name} is {got['constrained_gradient'][name]}, not {want}")
    return found


def main():
    lacuna = sys.argv[1]
    cases = sorted(name for name in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, name)) and name != "__pycache__")
    ran = wrong = 0
    for case in cases:
        for options in ([],):
            found = complaints(lacuna, case, options)
            if found is None:
                print(f"{case} {' '.join(options)}: not compiled yet")
                continue
            ran += 1
            wrong += bool(found)
            for complaint in found:
                print(f"{case} {' '.join(options)}: {complaint}")
    print(f"{ran} runs, {wrong} wrong")
    return 1 if wrong or ran < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
