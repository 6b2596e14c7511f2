#!/usr/bin/env python3
"""Programs around gaps, masks, domains, conditional binders, imputation and recurrences, each beside the sum that a reader would write by
hand: `log-density` gives its value, and the differences of it as the gradient, by machine code and by the evaluator.

Usage: programs.py COMMAND
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

from sums import CASES


def without_nan(value):
    """NaN stands for a missing cell: null in JSON."""
    if isinstance(value, list):
        return [without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def places(value, path=()):
    """The subscripts of every number."""
    if not isinstance(value, list):
        return [path]
    return [found for i, each in enumerate(value) for found in places(each, path + (i,))]


def moved(values, name, path, by):
    copy = json.loads(json.dumps(values))
    if not path:
        copy[name] += by
        return copy
    inner = copy[name]
    for i in path[:-1]:
        inner = inner[i]
    inner[path[-1]] += by
    return copy


def element(value, path):
    for i in path:
        value = value[i]
    return value


def slope(density, data, at, name, path, step=1e-5):
    """The fourth-order difference quotient."""
    f = lambda k: density(data, moved(at, name, path, k * step))
    return (f(-2) - 8 * f(-1) + 8 * f(1) - f(2)) / (12 * step)


def check(command, folder, case, way):
    name, text, data, at, density = case
    program = folder / f"{name}.ppl"
    program.write_text(text)
    values, point = folder / f"{name}.data.json", folder / f"{name}.at.json"
    values.write_text(json.dumps({key: without_nan(value) for key, value in data.items()}))
    point.write_text(json.dumps(at))
    call = [command, "log-density", "--no-cache", program, values, "--at", point, "--gradient", *way]
    run = subprocess.run(call, capture_output=True, text=True)
    if run.returncode:
        return [f"{name}: {run.stderr}"]
    said = json.loads(run.stdout)
    wanted = density(data, at)
    complaints = []
    if not abs(float(said["log_density"]) - wanted) <= 1e-12 * max(1, abs(wanted)):
        complaints.append(f"{name} {way}: {said['log_density']}, not {wanted}")
    for key in at:
        for path in places(at[key]):
            got, want = element(said["constrained_gradient"][key], path), slope(density, data, at, key, path)
            if not abs(float(got) - want) <= 1e-8 * max(1, abs(want)):
                complaints.append(f"{name} {way}: the derivative by {key}{list(path)} is {got}, not {want}")
    return complaints


def main(command):
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            for way in ([], ["--interpret"]):
                complaints += check(command, pathlib.Path(folder), case, way)
    print("\n".join(complaints) or f"{len(CASES)} programs, each in two ways: value and gradient are those of the sums")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
