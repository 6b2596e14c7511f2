"""How much memory fits take: the most that a process ever holds, beside what a small fit of the same program does.

    fit_memory.py LACUNA CHECKOUT

A table of numbers (8 bytes each) is held once as it was read, and twice in the bound model: as it came, and in the order in which the density goes through it. A further
copy, or the text beside them, would be seen. 200,000 latents fit within 600 MB beside their draws.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

LACUNA, GALLERY = sys.argv[1], pathlib.Path(sys.argv[2]) / "test" / "programs" / "gallery"
ROWS, COLUMNS = 400_000, 10
LINE = "model line(x: real[N, P], y: real?[N]) {\n  sample b[P] ~ Normal(0, 1)\n  observe y ~ Normal(x @ b, 1)\n}\n"
wrong = []


def most(*words):
    """Megabytes."""
    child = subprocess.Popen([LACUNA, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        wrong.append(f"{words[0]}: status {status}\n{said}")
    return usage.ru_maxrss / 1e3


def table(folder):
    rng = random.Random(3)
    names = [f"x{i}" for i in range(COLUMNS - 1)]
    block = "".join(",".join(f"{rng.gauss(0, 1):.6f}" for _ in range(COLUMNS)) + "\n" for _ in range(1000))
    (folder / "line.ppl").write_text(LINE)
    for name, times in (("small", 1), ("large", ROWS // 1000)):
        with open(folder / f"{name}.csv", "w", encoding="utf-8") as out:
            out.write(",".join([*names, "y"]) + "\n")
            for _ in range(times):
                out.write(block)
    numbers = ROWS * COLUMNS * 8e-6
    bind = ("--bind", "x = " + ", ".join(names))
    for extension in ("lfit", "nc"):
        small, large = (most("fit", folder / "line.ppl", folder / f"{name}.csv", *bind, "--steps", "20", "--draws", "10", "--threads", "1", "-o", folder / f"{name}.{extension}")
                        for name in ("small", "large"))
        limit = numbers * (3.6 if extension == "nc" else 4.6)  # the second form is written through memory that is the file
        print(f"{extension}: {large - small:.0f} MB for {numbers:.0f} MB of numbers, at most {limit:.0f}")
        if large - small > limit:
            wrong.append(f"{extension}: {large - small:.0f} MB beside a small fit's, for {numbers:.0f} MB of numbers")


def latents(folder):
    """190,000 pupils who meet 3 of 5,000 items each."""
    pupils, items = 190_000, 5_000
    with open(folder / "items.csv", "w", encoding="utf-8") as out:
        out.write("pupil,item,right\n")
        for p in range(pupils):
            for k in range(3):
                out.write(f"p{p},i{(p * 7919 + k * 1667) % items},{(p + k) % 2}\n")
    held = most("fit", GALLERY / "item_response.ppl", folder / "items.csv", "--bind", "right[Pupil, Item] = right by pupil, item", "--steps", "20", "--draws", "10",
                "--threads", "1", "-o", folder / "items.lfit")
    print(f"200,000 latents: {held:.0f} MB")
    if held > 600:
        wrong.append(f"200,000 latents take {held:.0f} MB")


with tempfile.TemporaryDirectory() as place:
    table(pathlib.Path(place))
    latents(pathlib.Path(place))
print("\n".join(wrong) or "within bounds")
sys.exit(1 if wrong else 0)
