#!/usr/bin/env python3
"""How long `lacuna check` takes: the whole process, on the gallery and on generated programs up to 100,000 statements.

    bench/front_end.py LACUNA [--runs 20] [--limits SLACK]

Prints one line a case: processor time (user and system, the least of several runs) and the largest memory. With --limits it fails
when a case takes more than SLACK times what is allowed below.
"""
import argparse
import os
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GALLERY_MS = 15.0          # each program of the gallery
TEN_THOUSAND_MS = 700.0    # 10,000 statements
DOUBLING = 2.5             # each doubling of the statements, up to 100,000
LARGEST_MB = 1000.0
SIZES = [12_500, 25_000, 50_000, 100_000]


def generated(statements):
    """A right program of that many statements: chains of priors, derived quantities, reductions and likelihoods."""
    lines = ["model large(x: real[N, P], y: real?[N], k: count?[N], keep: bool[N]) {"]
    for i in range(statements // 5):
        before = f"a{i - 1}" if i else "0"
        lines += [f"  sample a{i} ~ Normal({before}, 1)",
                  f"  sample b{i}[P] ~ Normal(a{i}, exp(0.1 * a{i}))",
                  f"  let m{i} = a{i} + x @ b{i}",
                  f"  let s{i}[n in N] = if m{i}[n] > 0 then m{i}[n] ^ 2 else sum(x[n, p] * b{i}[p] for p in P)",
                  f"  factor -0.5 * sum(s{i}[n] for n in N where keep[n])"]
    return "\n".join(lines) + "\n  observe y ~ Normal(m0, 1) where keep\n  observe k ~ Poisson(log_rate = m0)\n}\n"


def measure(lacuna, files, runs):
    """(least processor time in ms, largest memory in MB) of checking the files in one process."""
    least, largest = float("inf"), 0.0
    for _ in range(runs):
        process = os.posix_spawn(lacuna, [lacuna, "check", *files], os.environ)
        _, status, usage = os.wait4(process, 0)
        if status != 0:
            sys.exit(f"`lacuna check {' '.join(files)}` failed")
        least = min(least, 1000 * (usage.ru_utime + usage.ru_stime))
        largest = max(largest, usage.ru_maxrss / 1024)
    return least, largest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lacuna")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--limits", type=float, metavar="SLACK")
    arguments = parser.parse_args()
    lacuna, complaints = os.path.abspath(arguments.lacuna), []

    def case(name, files, runs, limit_ms):
        took, memory = measure(lacuna, files, runs)
        print(f"{name:32} {took:9.1f} ms {memory:8.1f} MB")
        if arguments.limits and (took > limit_ms * arguments.limits or memory > LARGEST_MB):
            complaints.append(f"{name}: allowed are {limit_ms:.0f} ms (times {arguments.limits}) and {LARGEST_MB:.0f} MB")
        return took

    gallery = os.path.join(ROOT, "test", "programs", "gallery")
    for program in sorted(os.listdir(gallery)):
        case(program, [os.path.join(gallery, program)], arguments.runs, GALLERY_MS)
    with tempfile.TemporaryDirectory() as folder:
        before = None
        for size in [10_000, *SIZES]:
            path = os.path.join(folder, f"{size}.ppl")
            with open(path, "w", encoding="utf-8") as out:
                out.write(generated(size))
            limit = TEN_THOUSAND_MS if size == 10_000 else DOUBLING * before if before else float("inf")
            took = case(f"{size} statements", [path], 3, limit)
            before = took if size in SIZES else None
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
