"""`lacuna predict` as a command: what its options do, what a forecast is, how it ends when it is stopped.

    predict_command.py LACUNA CHECKOUT
"""
import csv
import json
import math
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import netCDF4

from terminal import on_a_terminal

LACUNA, CHECKOUT = sys.argv[1], pathlib.Path(sys.argv[2])
EXAMPLES = CHECKOUT / "examples"
wrong = []


def expect(holds, what):
    if not holds:
        wrong.append(what)


def run(*words, code=0):
    done = subprocess.run([LACUNA, *map(str, words), "--color=never"], capture_output=True, text=True, check=False)
    expect(done.returncode == code, f"{' '.join(map(str, words[:2]))}: exit code {done.returncode}, not {code}\n{done.stderr}")
    return done.stderr


def predict(folder, *words):
    """{site: {labels: [draws]}}, and what was said."""
    out = folder / "out.csv"
    said = run("predict", *words, "-o", out, "--force")
    with open(out, newline="") as table:
        header, *rows = csv.reader(table)
    first = next(i for i, name in enumerate(header) if name == "draw_0")
    cells = {}
    for row in rows:
        cells.setdefault(row[0], {})[tuple(label for label in row[1:first] if label)] = [float(x) if x else math.nan for x in row[first:]]
    return cells, said


def options(folder):
    fit = folder / "groups.lfit"
    run("fit", EXAMPLES / "new_groups/model.ppl", EXAMPLES / "new_groups/train.csv", "-o", fit, "--quiet")
    new = (fit, EXAMPLES / "new_groups/new.csv")
    plain, said = predict(folder, *new)
    expect(list(plain) == ["log_radon"] and len(plain["log_radon"]) == 8 and "1000 draws: `log_radon` [8]" in said, f"plain: {said}")
    latents, _ = predict(folder, *new, "--latents")
    expect(list(latents) == ["mu", "tau", "a", "b", "sigma", "log_radon"], f"--latents: {list(latents)}")
    expect(latents["log_radon"] == plain["log_radon"], "--latents changes digits of the observations")
    some, _ = predict(folder, *new, "--site", "a,log_radon", "--draws", "7")
    expect(list(some) == ["a", "log_radon"], f"--site: {list(some)}")
    expect({k: v[:7] for k, v in plain["log_radon"].items()} == some["log_radon"], "--draws 7 are not the first seven")
    expect(all(v == latents["a"][k][:7] for k, v in some["a"].items()), "--site changes digits")
    more, _ = predict(folder, *new, "--draws", "1500", "--site", "log_radon", "--site", "mu")
    expect(more["mu"][()][1000:] == latents["mu"][()][:500], "draws beyond the fit's do not begin again")
    expect(all(v[:1000] == plain["log_radon"][k] and v[1000:] != v[:500] for k, v in more["log_radon"].items()), "draws taken again have the chance of the first")
    slow, _ = predict(folder, *new, "--interpret", "--draws", "5")
    near = all(abs(a - b) < 1e-12 * max(1, abs(a)) for k, v in slow["log_radon"].items() for a, b in zip(v, plain["log_radon"][k]))
    expect(near, "the interpreter predicts something else")


def simulating(folder):
    """A lag reads what the new data hold, or its own draw."""
    (folder / "walk.ppl").write_text("open T\nmodel walk(y: real[T]) {\n  sample s ~ HalfNormal(1)\n  observe y[t in T where t > 0] ~ Normal(y[t - 1], s)\n}\n")
    rng, y, rows = random.Random(3), 0.0, ["t,y"]
    for t in range(40):
        rows.append(f"{t},{y}")
        y += rng.gauss(0, 0.1)
    (folder / "walk.csv").write_text("\n".join(rows) + "\n")
    (folder / "later.csv").write_text("t,y\n40,100\n41,\n42,\n")
    run("fit", folder / "walk.ppl", folder / "walk.csv", "--key", "T=t", "-o", folder / "walk.lfit", "--quiet")
    read, _ = predict(folder, folder / "walk.lfit", folder / "later.csv")
    own, _ = predict(folder, folder / "walk.lfit", folder / "later.csv", "--simulate")
    expect(all(abs(x) < 10 for x in read["y"][("40",)]), "the draw of 40 does not follow from 39")
    expect(all(abs(x - 100) < 5 for x in read["y"][("41",)] + read["y"][("42",)]), "41 does not follow from the value that is given for 40")
    expect(all(abs(x) < 20 for x in own["y"][("41",)] + own["y"][("42",)]), "--simulate reads the value that is given")


def opening(folder):
    (folder / "closed.ppl").write_text("model m(g: G[N], y: real?[N]) {\n  sample mu ~ Normal(0, 1)\n  sample a[G] ~ Normal(mu, 0.1)\n  observe y[n in N] ~ Normal(a[g[n]], 0.1)\n}\n")
    (folder / "closed.csv").write_text("g,y\nx,5\ny,5.2\nz,4.9\n")
    (folder / "wider.csv").write_text("g\nx\nw\n")
    run("fit", folder / "closed.ppl", folder / "closed.csv", "-o", folder / "closed.lfit", "--quiet")
    said = run("predict", folder / "closed.lfit", folder / "wider.csv", "-o", folder / "out.csv", "--force", code=1)
    expect("error[R0703]" in said and "`w`" in said and "--open G" in said, said)
    cells, _ = predict(folder, folder / "closed.lfit", folder / "wider.csv", "--open", "G", "--latents")
    new = [a - m for a, m in zip(cells["a"][("w",)], cells["mu"][()])]
    share = sum(x * x for x in new) / len(new) / 0.01
    expect(abs(share - 1) < 5 * math.sqrt(2 / len(new)), f"a new element of an opened dimension is not drawn from the population: {share}")


def garch(folder):
    """Twelve days ahead: each return, over the scale that follows from the draw's own past, is a standard normal."""
    rng, h, rows, r = random.Random(8), 1.0, ["day,r"], []
    for t in range(300):
        r.append(rng.gauss(0.1, math.sqrt(h)))
        rows.append(f"{t},{'' if t % 17 == 5 else repr(r[-1])}")
        if t % 17 == 5:
            r[-1] = None
        h = 0.2 + 0.3 * ((0.1 if r[-1] is None else r[-1]) - 0.1) ** 2 + 0.5 * h
    (folder / "garch.csv").write_text("\n".join(rows) + "\n")
    run("fit", CHECKOUT / "test/programs/gallery/garch.ppl", folder / "garch.csv", "--key", "T=day", "-o", folder / "garch.lfit", "--quiet")
    cells, said = predict(folder, folder / "garch.lfit", "--size", "T=+12", "--latents")
    expect("`r` [12]" in said and [k[0] for k in cells["r"]] == [str(300 + t) for t in range(12)], f"garch: {said}")
    count = len(cells["mu"][()])
    ratios = []
    for d in range(count):
        mu, omega, alpha, beta, h = (cells[name][()][d] for name in ("mu", "omega", "alpha", "beta", "h0"))
        past = r + [cells["r"][(str(300 + t),)][d] for t in range(12)]
        own = []
        for t, value in enumerate(past):
            if t > 0:
                before = mu if past[t - 1] is None else past[t - 1]
                h = omega + alpha * (before - mu) ** 2 + beta * h
            own.append(None if value is None else (value - mu) / math.sqrt(h))
        ratios.append(own[300:])
    for t in range(12):
        z = [row[t] for row in ratios]
        mean, square, fourth = (sum(x**p for x in z) / count for p in (1, 2, 4))
        expect(abs(mean) < 5 / math.sqrt(count) and abs(square - 1) < 5 * math.sqrt(2 / count) and abs(fourth - 3) < 5 * math.sqrt(96 / count),
               f"garch, {t + 1} days ahead: moments {mean:.3f}, {square:.3f}, {fourth:.3f}")
    summarised = run("predict", folder / "garch.lfit", "--size", "T=+12", "-o", folder / "s.csv", "--summary", "mean,sd")
    expect("`r` [12]" in summarised, summarised)


def training_file(folder):
    """Where dimensions have no labels but are closed, the training data from their own file are the predictive check, digit for digit."""
    (folder / "table.ppl").write_text("model table(y: real?[I, P], x: real[I]) {\n  sample mu ~ Normal(0, 1)\n  sample a[I] ~ Normal(mu, 1)\n  sample b[P] ~ Normal(0, 1)\n"
                                      "  observe y[i in I, p in P] ~ Normal(a[i] + b[p] * x[i], 0.5)\n  output top = max(a[i] for i in I)\n}\n")
    rng = random.Random(5)
    data = {"x": [rng.gauss(0, 1) for _ in range(6)], "y": [[None if rng.random() < 0.3 else rng.gauss(0, 1) for _ in range(4)] for _ in range(6)]}
    (folder / "table.json").write_text(json.dumps(data))
    run("fit", folder / "table.ppl", folder / "table.json", "-o", folder / "table.lfit", "--quiet")
    check, _ = predict(folder, folder / "table.lfit")
    again, _ = predict(folder, folder / "table.lfit", folder / "table.json")
    expect(len(check["y"]) == 24 and check == again, "the training data from their own file are not the predictive check")
    del data["y"]
    (folder / "table.json").write_text(json.dumps(data))
    without, _ = predict(folder, folder / "table.lfit", folder / "table.json")
    expect(check == without, "what is predicted is not the same without the values that were observed")


def means_of_all_rows(folder):
    """A mean of data is that of all rows, also where a table goes through them in stretches: with a fit of its rows, from the prior of those given."""
    (folder / "mean.ppl").write_text("model m(x: real[N], y: real?[N]) {\n  sample a ~ Normal(0, 1)\n  observe y[n in N] ~ Normal(x[n] - mean(x), 1e-9)\n}\n")
    (folder / "mean.csv").write_text("x\n" + "\n".join(map(str, range(20001))) + "\n")
    (folder / "three.csv").write_text("x,y\n1,0\n2,0\n6,0\n")
    run("fit", folder / "mean.ppl", folder / "three.csv", "-o", folder / "mean.lfit", "--quiet")
    for words, middle in ((("prior", folder / "mean.ppl"), 10000), (("predict", folder / "mean.lfit"), 3)):
        run(*words, folder / "mean.csv", "-o", folder / "mean_out.csv", "--force", "--summary", "mean", "--site", "y")
        with open(folder / "mean_out.csv", newline="") as table:
            found = [float(row[-1]) for row in list(csv.reader(table))[1:]]
        expect(len(found) == 20001 and all(abs(x - (n - middle)) < 1e-6 for n, x in enumerate(found)), f"{words[0]}: row 0 is {found[0]}, not {-middle}")


def ten_million_rows(folder):
    """As many rows as a size says: each draw's rows have the mean and the standard deviation of that draw of the fit."""
    (folder / "rows.ppl").write_text("model rows(y: real?[N]) {\n  sample mu ~ Normal(0, 10)\n  sample s ~ HalfNormal(1)\n  observe y ~ Normal(mu, s)\n}\n")
    (folder / "few.csv").write_text("y\n1\n2\n\n3\n")
    run("fit", folder / "rows.ppl", folder / "few.csv", "-o", folder / "rows.nc", "--quiet")
    run("predict", folder / "rows.nc", "--size", "N=10000000", "--draws", "2", "-o", folder / "many.nc", "--quiet")
    with netCDF4.Dataset(folder / "rows.nc") as fit, netCDF4.Dataset(folder / "many.nc") as many:
        y = many["predictions"]["y"]
        expect(y.shape == (1, 2, 10000000), f"ten million rows: {y.shape}")
        for draw in range(2):
            mu, s = (float(fit["posterior"][name][0, draw]) for name in ("mu", "s"))
            rows = y[0, draw, :]
            expect(abs(rows.mean() - mu) < 5 * s / 1e7**0.5, f"ten million rows: mean {rows.mean()} of draw {draw}, not {mu}")
            expect(abs(rows.std() - s) < 5 * s / 2e7**0.5, f"ten million rows: sd {rows.std()} of draw {draw}, not {s}")
    (folder / "many.nc").unlink()


def large(folder):
    """Inputs of a prediction that takes some seconds."""
    run("fit", EXAMPLES / "regression_with_gaps/model.ppl", EXAMPLES / "regression_with_gaps/train.csv", "-o", folder / "rows.lfit", "--quiet")
    (folder / "rows.csv").write_text("x\n" + "\n".join(str(n % 1000 / 500 - 1) for n in range(400000)) + "\n")
    return [LACUNA, "predict", str(folder / "rows.lfit"), str(folder / "rows.csv"), "--summary", "mean,q05,q50,q95", "--threads", "1"]


def stopped(folder, command):
    """Ctrl-C ends with 130; neither that nor a kill leaves a file under the output's name."""
    for extension in ("csv", "nc"):
        for how, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
            output = folder / f"{how.name}.{extension}"
            before = set(folder.iterdir())
            with subprocess.Popen([*command, "-o", str(output)], stderr=subprocess.PIPE, text=True) as process:
                while set(folder.iterdir()) == before and process.poll() is None:
                    time.sleep(0.005)
                process.send_signal(how)
                said = process.communicate()[1]
            expect(process.returncode == code, f"{output.name}: exit code {process.returncode}, not {code}\n{said}")
            expect(not output.exists(), f"{output.name} is there although the prediction was stopped")
            if how == signal.SIGINT:
                expect("interrupted" in said, f"{output.name}: {said}")
                expect(set(folder.iterdir()) == before, f"{output.name}: something is left behind: {set(folder.iterdir()) - before}")


def a_terminal_shows_a_bar(folder, command):
    code, text = on_a_terminal([*command, "-o", str(folder / "bar.csv")])
    expect(code == 0 and "  [=" in text and " %" in text, f"no bar:\n{text[:500]!r}")
    # Rows without labels are known by their place: the first fifty are those of a file that has no others.
    lines = (folder / "rows.csv").read_text().splitlines()
    (folder / "first.csv").write_text("\n".join(lines[:51]) + "\n")
    run("predict", folder / "rows.lfit", folder / "first.csv", "-o", folder / "first_out.csv", *command[4:6])
    expect((folder / "bar.csv").read_text().splitlines()[:51] == (folder / "first_out.csv").read_text().splitlines(), "rows differ from those of a short file")
    expect("1000 draws: `y` [400000]" in text.rsplit("\r", 2)[-2] + text.rsplit("\r", 2)[-1], f"the bar is not gone at the end:\n{text[-200:]!r}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in (options, simulating, opening, garch, training_file, means_of_all_rows, ten_million_rows):
            part(folder)
        command = large(folder)
        stopped(folder, command)
        a_terminal_shows_a_bar(folder, command)
    print("\n".join(wrong) or "as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
