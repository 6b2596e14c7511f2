#!/usr/bin/env python3
"""`lacuna log-density` on every case of this folder against `expected.json`: at natural values, which the evaluator serves, and by machine code.

The one latent of each case that compiles lives on the whole line, so its coordinates are its values and the log-Jacobian is 0.

Usage: run_cases.py LACUNA. Cases that the compiler says it does not compile yet (E0910) are named and passed over.
"""
import json
import math
import os
import subprocess
import sys
import tempfile

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


def complaints(lacuna, case, machine):
    folder = os.path.join(HERE, case)
    files = [os.path.join(folder, name) for name in ("model.ppl", "data.json")]
    point = os.path.join(folder, "point.json")
    with tempfile.TemporaryDirectory() as scratch:
        where = ["--at", point]
        if machine:
            with open(point, encoding="utf-8") as source:
                (value,) = json.load(source).values()
            where = ["--unconstrained", os.path.join(scratch, "point.json")]
            with open(where[1], "w", encoding="utf-8") as out:
                json.dump(flat(value), out)
        run = subprocess.run([lacuna, "log-density", *files, *where, "--gradient"], capture_output=True, text=True, check=False)
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
        slopes = got["gradient"] if machine else got["constrained_gradient"][name]
        if not distance(slopes, want, 1e-3) < GRADIENT_BAR:
            found.append(f"derivative by {name} is {slopes}, not {want}")
    return found


def main():
    lacuna = sys.argv[1]
    cases = sorted(name for name in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, name)) and name != "__pycache__")
    ran = wrong = 0
    for case in cases:
        for machine in (False, True):
            if machine and case == "rows_with_gaps":
                continue  # no latent on the line, and not compiled yet
            found = complaints(lacuna, case, machine)
            if found is None:
                print(f"{case}: not compiled yet")
                continue
            ran += 1
            wrong += bool(found)
            for complaint in found:
                print(f"{case}, {'machine code' if machine else 'evaluator'}: {complaint}")
    print(f"{ran} runs, {wrong} wrong")
    return 1 if wrong or ran < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
