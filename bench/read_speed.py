"""Reading data: megabytes a second and the most memory, for tables that are long, wide, and full of labels.

    read_speed.py LACUNA

The time is `read_ms` of `lacuna bench`: from files to arrays that fit the program, before binding. Memory is that of the whole process, compiler and bound model included, beside the file and the numbers it
holds (8 bytes a cell).
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

MATRIX = "model m(x: real[N, P], y: real?[N]) {\n  sample b[P] ~ Normal(0, 1)\n  observe y ~ Normal(x @ b, 1)\n}\n"
LABELS = "model m(g: G[N], y: real?[N]) {\n  sample a[G] ~ Normal(0, 1)\n  observe y[n in N] ~ Normal(a[g[n]], 1)\n}\n"


def write(path, header, rows, times):
    with open(path, "w", encoding="utf-8") as out:
        out.write(header + "\n")
        block = "\n".join(rows) + "\n"
        for _ in range(times):
            out.write(block)


def measure(lacuna, name, folder, program, path, cells, *more):
    (folder / "m.ppl").write_text(program)
    best, most = float("inf"), 0
    for _ in range(3):
        child = subprocess.Popen([lacuna, "bench", folder / "m.ppl", path, *more, "--for", "0.001", "--format=json"], stdout=subprocess.PIPE, text=True)
        printed = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"{name}: lacuna bench failed")
        best, most = min(best, json.loads(printed)["read_ms"]), usage.ru_maxrss
    size = os.path.getsize(path) / 1e6
    print(f"{name:<34}{size:>8.1f} MB{best:>10.1f} ms{size / best * 1e3:>8.0f} MB/s{most / 1e3:>9.0f} MB at most, of which numbers {cells * 8e-6:.0f}")


def main(lacuna):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for title, columns, distinct, times in (("10,000,000 cells, 10 columns", 10, 10_000, 100), ("10,000,000 cells, 5,000 columns", 5_000, 20, 100)):
            names = [f"x{i}" for i in range(columns - 1)]
            rows = [",".join(f"{rng.gauss(0, 1):.6f}" for _ in range(columns)) for _ in range(distinct)]
            path = folder / f"{columns}.csv"
            write(path, ",".join([*names, "y"]), rows, times)
            measure(lacuna, title, folder, MATRIX, path, distinct * times * columns, "--bind", "x = " + ", ".join(names))
            path.unlink()
        rows = [f"county {rng.randrange(3000)},{rng.gauss(0, 1):.6f}" for _ in range(10_000)]
        path = folder / "labels.csv"
        write(path, "g,y", rows, 200)
        measure(lacuna, "2,000,000 rows, 3,000 labels", folder, LABELS, path, 4_000_000)
        path = folder / "data.json"
        path.write_text(json.dumps({"x": [[round(rng.gauss(0, 1), 6) for _ in range(10)] for _ in range(200_000)], "y": [0.5] * 200_000}))
        measure(lacuna, "JSON, 2,200,000 numbers", folder, MATRIX, path, 2_200_000)


if __name__ == "__main__":
    main(sys.argv[1])
