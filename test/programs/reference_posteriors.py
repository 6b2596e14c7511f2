"""Fits the programs of reference/ to real data and holds the draws to posteriors that are known to high precision.

A mean counts as right within 0.25 reference sd, an sd when its ratio to the reference lies in 0.8 to 1.25 (the criterion that Stan uses for
variational inference). Data and moments (posteriordb's) are read from the folder that LACUNA_SHARED names, or ../shared beside the checkout; without
them the test is skipped, which exit code 77 says.

    reference_posteriors.py LACUNA CHECKOUT [--table]    --table prints every posterior, and fails for none
"""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

# Program, data, posterior; whether it is near normal, so that sds are held to the reference too.
CASES = [
    ("kidscore_momiq", "kidiq", "kidiq-kidscore_momiq", True),
    ("logearn_interaction", "earnings", "earnings-logearn_interaction", True),
    ("logmesquite", "mesquite", "mesquite-logmesquite", True),
    ("nes1972", "nes1972", "nes1972-nes", True),
    ("sblrc", "sblrc", "sblrc-blr", True),
    ("arK", "arK", "arK-arK", True),
    ("eight_schools", "eight_schools", "eight_schools-eight_schools_noncentered", False),
]
METHODS = {"full-rank": ("--guide", "full-rank"), "dadvi": ("--method", "dadvi")}
MEAN_WITHIN = 0.25
SD_RATIO = (0.8, 1.25)
SKIPPED = 77


def reference_moments(path):
    """(posterior, parameter with 0-based index) -> (mean, sd)."""
    moments = {}
    lines = path.read_text().splitlines()
    head = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(head, line.split("\t")))
        name = re.sub(r"\[(\d+)\]", lambda m: f"[{int(m.group(1)) - 1}]", row["param"])
        moments[row["posterior"], name] = (float(row["mean"]), float(row["sd"]))
    return moments


def fit(lacuna, program, data, method, folder):
    """The summary of the fit's draws, and the seconds that the whole command took."""
    out = folder / (program.stem + ".lfit")
    start = time.monotonic()
    subprocess.run([lacuna, "fit", program, data, "-o", out, *METHODS[method], "--draws", "4000", "--seed", "1", "--quiet", "--force"], check=True)
    seconds = time.monotonic() - start
    summary = subprocess.run([lacuna, "summary", out, "--format=json"], check=True, capture_output=True, text=True)
    return json.loads(summary.stdout), seconds


def compare(summary, posterior, moments):
    """For each reference parameter: name, error of the mean in reference sds, ratio of sds."""
    rows = []
    for (of, name), (mean, sd) in moments.items():
        if of != posterior:
            continue
        ours = summary["latents"][name]
        rows.append((name, (ours["mean"] - mean) / sd, ours["sd"] / sd))
    return rows


def main(lacuna, checkout, table):
    shared = pathlib.Path(os.environ.get("LACUNA_SHARED", pathlib.Path(checkout) / ".." / "shared")) / "reference"
    if not (shared / "moments.tsv").exists():
        print("skipped: no reference posteriors beside the checkout; LACUNA_SHARED names their folder")
        return SKIPPED
    moments = reference_moments(shared / "moments.tsv")
    programs = pathlib.Path(checkout) / "test" / "programs" / "reference"
    wrong = []
    print(f"{'posterior':<42}{'method':<11}{'mean off by':>14}{'sd ratio':>18}{'Pareto k':>10}{'seconds':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for (name, data, posterior, near_normal), method in itertools.product(CASES, METHODS):
            summary, seconds = fit(lacuna, programs / f"{name}.ppl", shared / "data" / f"{data}.json", method, pathlib.Path(folder))
            rows = compare(summary, posterior, moments)
            if not rows:
                wrong.append(f"{posterior}: the reference holds none of its parameters")
                continue
            ratios = [r for _, _, r in rows]
            k = summary.get("pareto_k", summary.get("fit", {}).get("pareto_k"))
            print(f"{posterior:<42}{method:<11}{max(abs(e) for _, e, _ in rows):>11.3f} sd{min(ratios):>9.2f} .. {max(ratios):>4.2f}"
                  f"{'' if k is None else format(k, '.2f'):>10}{seconds:>9.2f}")
            for parameter, error, ratio in rows:
                if abs(error) > MEAN_WITHIN:
                    wrong.append(f"{posterior}, {method}: the mean of {parameter} is off by {error:.3f} reference sds")
                if near_normal and not SD_RATIO[0] <= ratio <= SD_RATIO[1]:
                    wrong.append(f"{posterior}, {method}: the sd of {parameter} is {ratio:.3f} of the reference's")
    print("\n".join(wrong))
    return 1 if wrong and not table else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], "--table" in sys.argv))
