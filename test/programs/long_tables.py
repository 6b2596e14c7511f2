"""A table in the long form gives the digits of the dense one, and never becomes it.

    long_tables.py LACUNA CHECKOUT

Small tables with rows out of order, gaps and empty rows: density and gradient against nested arrays with nulls. A large one, 60,000 x 30,000 with
100,000 cells, is fitted within 2 GB of address space, where its dense form alone would take 14.
"""
import json
import math
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

LACUNA, GALLERY = sys.argv[1], pathlib.Path(sys.argv[2]) / "test" / "programs" / "gallery"
PROGRAMS = {
    "effects": "model m(t: real?[User, Film]) {\n  sample a[User] ~ Normal(0, 1)\n  sample b[Film] ~ Normal(0, 1)\n  sample s ~ HalfNormal(1)\n"
               "  observe t[i in User, j in Film] ~ Normal(a[i] + b[j], s)\n}\n",
    "masked": "model m(t: count?[User, Film], seen: bool[User]) {\n  sample a[User] ~ Normal(0, 1)\n"
              "  observe t[i in User, j in Film] ~ Poisson(log_rate = a[i]) where seen[i]\n}\n",
    "read twice": "model m(t: real?[User, Film]) {\n  sample a[User] ~ Normal(0, 1)\n  observe t[i in User, j in Film] ~ Normal(a[i], 1)\n"
                  "  factor sum(if present(t[i, j]) then a[i] * t[i, j] else 0 for i in User, j in Film)\n}\n",
    "other order": "model m(t: real?[User, Film]) {\n  sample b[Film] ~ Normal(0, 1)\n  for j in Film {\n"
                   "    factor sum(b[j] * t[i, j] for i in User where present(t[i, j]))\n  }\n  observe t[i in User, j in Film] ~ Normal(b[j], 1)\n}\n",
    "three axes": "model m(t: real?[User, Film, Day]) {\n  sample a[User, Day] ~ Normal(0, 1)\n  observe t[i in User, j in Film, d in Day] ~ Normal(a[i, d], 1)\n}\n",
}
wrong = []


def run(*words):
    return subprocess.run([LACUNA, *map(str, words), "--color=never"], capture_output=True, text=True, check=False)


def compare(folder, name, program, rng):
    axes = ["User", "Film", "Day"] if "Day" in program else ["User", "Film"]
    sizes = [rng.randint(2, 7) for _ in axes]
    labels = [[f"{axis[0].lower()}{i}" for i in range(size)] for axis, size in zip(axes, sizes)]
    cells = {}
    for flat in range(math.prod(sizes)):
        at = tuple(flat // math.prod(sizes[k + 1:]) % sizes[k] for k in range(len(sizes)))
        if rng.random() < 0.4:
            cells[at] = rng.randint(0, 4)
    for k, size in enumerate(sizes):  # each label somewhere, if only with a gap, so that both forms have the same dimensions
        for i in range(size):
            at = tuple(i if n == k else 0 for n in range(len(sizes)))
            cells.setdefault(at, None)
    rows = list(cells.items())
    rng.shuffle(rows)
    (folder / "m.ppl").write_text(program)
    columns = [axis.lower() for axis in axes]
    (folder / "long.csv").write_text(",".join([*columns, "value"]) + "\n" + "".join(
        ",".join([*(labels[k][i] for k, i in enumerate(at)), "" if value is None else str(value)]) + "\n" for at, value in rows))

    def nested(at=()):
        return cells.get(at) if len(at) == len(sizes) else [nested((*at, i)) for i in range(sizes[len(at)])]

    seen = {"seen": [i % 3 != 1 for i in range(sizes[0])]}
    (folder / "dense.json").write_text(json.dumps({"t": nested(), **seen}))
    (folder / "seen.json").write_text(json.dumps(seen))
    count = json.loads(run("bench", folder / "m.ppl", folder / "dense.json", "--for", "0.001", "--format=json").stdout)["parameters"]
    (folder / "point.json").write_text(json.dumps([math.sin(3 * k) for k in range(count)]))
    extra = [folder / "seen.json"] if "seen" in program else []
    long = run("log-density", folder / "m.ppl", folder / "long.csv", *extra, "--bind", f"t[{', '.join(axes)}] = value by {', '.join(columns)}",
               "--unconstrained", folder / "point.json", "--gradient", "--terms")
    dense = run("log-density", folder / "m.ppl", folder / "dense.json", "--unconstrained", folder / "point.json", "--gradient", "--terms")
    if long.returncode or dense.returncode or long.stdout != dense.stdout:
        wrong.append(f"{name}, {sizes}: long\n{long.stdout}{long.stderr}dense\n{dense.stdout}{dense.stderr}")


def large(folder):
    rng = random.Random(8)
    lines, seen = ["user,film,stars"], set()
    while len(seen) < 100_000:
        at = (rng.randrange(60_000), rng.randrange(30_000))
        if at not in seen:
            seen.add(at)
            lines.append(f"{at[0]},{at[1]},{rng.randint(1, 5)}")
    (folder / "large.csv").write_text("\n".join(lines) + "\n")
    done = subprocess.run([LACUNA, "fit", GALLERY / "ratings.ppl", folder / "large.csv", "--bind", "stars[User, Film] = stars by user, film", "--size", "R=2",
                           "--steps", "20", "--draws", "10", "-o", folder / "large.lfit", "--threads", "1"], capture_output=True, text=True, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)))
    if done.returncode or not (folder / "large.lfit").exists():
        wrong.append(f"the large table: exit code {done.returncode}\n{done.stderr}")
    # A program that reads the table in every draw has it whole; and nobody has a covariance of so many latents.
    (folder / "whole.ppl").write_text("model whole(t: real?[User, Film]) {\n  sample a[User] ~ Normal(0, 1)\n  observe t ~ Normal(0, 1)\n"
                                      "  factor sum(a[i] * (t[i, j] ?? 0) for i in User, j in Film)\n}\n")
    for program, more, code in ((folder / "whole.ppl", [], "R0728"), (GALLERY / "ratings.ppl", ["--size", "R=2", "--guide", "full-rank"], "R0709")):
        argument = "t" if code == "R0728" else "stars"
        done = subprocess.run([LACUNA, "fit", program, folder / "large.csv", "--bind", f"{argument}[User, Film] = stars by user, film", *more,
                               "-o", folder / "none.lfit"], capture_output=True, text=True, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)))
        if f"error[{code}]" not in done.stderr:
            wrong.append(f"{code} is not said: exit code {done.returncode}\n{done.stderr}")


with tempfile.TemporaryDirectory() as place:
    for program_name, text in PROGRAMS.items():
        for seed in range(2):
            compare(pathlib.Path(place), program_name, text, random.Random(f"{program_name} {seed}"))
    large(pathlib.Path(place))
print("\n".join(wrong) or "the same digits")
sys.exit(1 if wrong else 0)
