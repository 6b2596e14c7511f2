"""`lacuna fit` as a command: what its files hold, what it says, how it ends.

    fit_command.py LACUNA CHECKOUT

Parts that need Debian's python3-xarray or ncdump, or reference data beside the checkout, say that they are skipped where those are absent.
"""
import json
import os
import pathlib
import pty
import random
import shutil
import subprocess
import sys
import tempfile

from terminal import on_a_terminal

LACUNA, CHECKOUT = sys.argv[1], pathlib.Path(sys.argv[2])
GALLERY = CHECKOUT / "test" / "programs" / "gallery"
SHARED = pathlib.Path(os.environ.get("LACUNA_SHARED", CHECKOUT / ".." / "shared")) / "reference" / "data"
AIR = CHECKOUT / "examples" / "airquality"
AIR_BINDS = [word for name, column in (("ozone", "Ozone"), ("solar", "Solar.R"), ("wind", "Wind"), ("temp", "Temp")) for word in ("--bind", f"{name} = {column}")]
wrong = []


def expect(holds, what):
    if not holds:
        wrong.append(what)


def fit(*words, code=0):
    done = subprocess.run([LACUNA, "fit", *map(str, words), "--color=never"], capture_output=True, text=True, check=False)
    expect(done.returncode == code, f"fit {' '.join(map(str, words[:1]))}: exit code {done.returncode}, not {code}\n{done.stderr}")
    return done.stderr


def summary(path):
    return json.loads(subprocess.run([LACUNA, "summary", str(path), "--format=json"], check=True, capture_output=True, text=True).stdout)


def imputing_changes_nothing(folder):
    """Asking for missing outcomes as values adds no latent, and changes no digit of the fit."""
    rng = random.Random(5)
    rows = ["x,y,keep"]
    for n in range(100):
        x = rng.gauss(0, 1)
        rows.append(f"{x},{'' if n % 5 == 0 else 1 + 2 * x + rng.gauss(0, 0.5)},1")
    (folder / "gaps.csv").write_text("\n".join(rows) + "\n")
    for how in (["--guide", "mean-field"], ["--guide", "full-rank"], ["--method", "dadvi"], ["--method", "map"], ["--method", "laplace"]):
        found = []
        for program in ("missing_outcome", "missing_outcome_imputed"):
            fit(GALLERY / f"{program}.ppl", folder / "gaps.csv", "-o", folder / "gaps.lfit", "--force", *how)
            found.append(summary(folder / "gaps.lfit"))
        expect(list(found[0]["latents"]) == ["a", "b", "sigma"], f"{how}: latents {list(found[0]['latents'])}")
        for key in ("latents", "elbo", "elbo_error", "pareto_k", "steps"):
            expect(found[0].get(key) == found[1].get(key), f"{how}: `{key}` differs with `else impute`")


def groups_are_as_arviz_has_them(folder):
    path = folder / "air.nc"
    fit(AIR / "model.ppl", AIR / "airquality.csv", *AIR_BINDS, "-o", path, "--log-likelihood", "--draws", "200")
    expect("converged" in fit(AIR / "model.ppl", AIR / "airquality.csv", *AIR_BINDS, "-o", path, "--draws", "200", "--force", "--log-likelihood"), "no word of convergence")
    if shutil.which("ncdump"):
        header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
        for group in ("posterior", "sample_stats", "log_likelihood", "observed_data", "constant_data"):
            expect(f"group: {group} " in header, f"ncdump shows no group {group}")
    else:
        print("skipped: ncdump is absent (netcdf-bin)")
    try:
        import netCDF4  # noqa: F401
        import xarray
    except ImportError:
        print("skipped: python3-xarray or python3-netcdf4 is absent")
        return

    def group(name):
        with xarray.open_dataset(path, group=name) as opened:
            return opened.load()

    posterior, stats, terms = group("posterior"), group("sample_stats"), group("log_likelihood")
    for name in ("m", "s", "a", "b_solar", "b_wind", "b_temp", "sigma"):
        expect(posterior[name].dims == ("chain", "draw") and posterior[name].shape == (1, 200), f"posterior: {name} is {posterior[name].dims}")
    expect(posterior["solar.imputed"].dims == ("chain", "draw", "solar.imputed_cell"), "posterior: the imputed cells' dimensions")
    expect(list(posterior["solar.imputed_cell"].values) == [4, 5, 10, 26, 95, 96, 97], "posterior: the imputed cells' positions")
    for dataset in (posterior, stats, terms):
        expect(all(v.dims[:2] == ("chain", "draw") for v in dataset.data_vars.values()), "a variable over draws does not begin with chain and draw")
        expect(dataset.attrs.get("inference_library") == "lacuna", "a group does not name its library")
    expect(set(stats.data_vars) == {"lp", "log_guide"}, f"sample_stats: {set(stats.data_vars)}")
    expect(terms["ozone"].shape == (1, 200, 116) and terms["solar"].shape == (1, 200, 146), "log_likelihood: not the scored cells")
    # The terms of the outcome are LogNormal's at the draws.
    import numpy
    observed, constant = group("observed_data"), group("constant_data")
    expect(int(observed["ozone"].isnull().sum()) == 37 and int(observed["solar"].isnull().sum()) == 7, "observed_data: not 37 and 7 gaps")
    solar = numpy.tile(observed["solar"].values, (200, 1))
    solar[:, posterior["solar.imputed_cell"].values] = posterior["solar.imputed"].values[0]
    draws = {name: posterior[name].values[0][:, None] for name in ("a", "b_solar", "b_wind", "b_temp", "sigma")}
    middle = (draws["a"] + draws["b_solar"] * (solar - 185) / 90 + draws["b_wind"] * (constant["wind"].values - 10) / 3.5
              + draws["b_temp"] * (constant["temp"].values - 78) / 9.5)
    y = numpy.log(observed["ozone"].values)
    term = -0.5 * ((y - middle) / draws["sigma"]) ** 2 - numpy.log(draws["sigma"]) - 0.5 * numpy.log(2 * numpy.pi) - y
    expect(numpy.allclose(term[:, terms["ozone_cell"].values], terms["ozone"].values[0], rtol=1e-9, atol=1e-9), "log_likelihood: not the terms of the draws")
    root = xarray.open_dataset(path)
    expect(root.attrs["program"] == (AIR / "model.ppl").read_text(), "the program's text is not in the file")
    expect("--bind 'solar = Solar.R'" in root.attrs["options"] and root.attrs["seed"] == 0, "options or seed are not in the file")


def labels_travel(folder):
    (folder / "labels.ppl").write_text("open County\nmodel labels(county: County[N], y: real?[N]) {\n  sample mu ~ Normal(0, 1)\n  sample a[County] ~ Normal(mu, 1)\n"
                                       "  observe y[n in N] ~ Normal(a[county[n]], 1)\n}\n")
    (folder / "labels.csv").write_text("county,y\nAitkin,1\nSão,2\nCook,\nAitkin,3\n")
    for extension in ("nc", "lfit"):
        fit(folder / "labels.ppl", folder / "labels.csv", "-o", folder / f"labels.{extension}")
        expect(list(summary(folder / f"labels.{extension}")["latents"]) == ["mu", "a[Aitkin]", "a[Cook]", "a[São]"], f"{extension}: labels are lost")


def failures_are_said(folder):
    (folder / "zero.ppl").write_text("model zero(y: real[N], s: nonnegative[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y[n in N] ~ Normal(mu, s[n])\n}\n")
    (folder / "zero.csv").write_text("y,s\n1,0\n2,1\n")
    said = fit(folder / "zero.ppl", folder / "zero.csv", "-o", folder / "zero.nc", code=3)
    expect("error[R0701]: log density is" in said and "`Normal(mu, s[n])`: s[n] = 0 in 100 of 100, in 1 of 2 cells" in said, said)
    expect(not (folder / "zero.nc").exists(), "a file is written without a starting point")
    (folder / "schools.ppl").write_text((CHECKOUT / "test/programs/gallery/eight_schools.ppl").read_text())
    (folder / "schools.csv").write_text("y,sigma\n28,15\n8,10\n-3,16\n7,11\n-1,9\n1,11\n18,10\n12,18\n")
    for how in (["--method", "map"], ["--guide", "delta"]):
        said = fit(folder / "schools.ppl", folder / "schools.csv", "-o", folder / "schools.lfit", "--force", *how, code=3)
        expect("error[R0702]: the density grows without bound: `tau` runs away" in said, said)
        expect((folder / "schools.lfit").exists(), "what was reached is not saved")
    said = fit(folder / "schools.ppl", folder / "schools.csv", "-o", folder / "few.lfit", "--method", "map", "--guide", "full-rank", code=2)
    expect("`--guide` belongs to `--method svi`" in said, said)
    said = fit(folder / "schools.ppl", folder / "schools.csv", "-o", folder / "schools.lfit", code=1)
    expect("error[R0754]" in said, said)


def a_terminal_shows_a_line(folder):
    """Under a pseudo-terminal: a bar, the bound, the time left; gone at the end."""
    rows = ["x,y,keep"] + [f"{n / 5000},{n / 5000 + (n * 7919 % 100) / 100},1" for n in range(5000)]
    (folder / "long.csv").write_text("\n".join(rows) + "\n")
    command = [LACUNA, "fit", str(GALLERY / "missing_outcome.ppl"), str(folder / "long.csv"), "-o", str(folder / "long.lfit"), "--steps", "20000"]
    code, text = on_a_terminal(command)
    expect(code == 0 and "step " in text and "ELBO -" in text and "[#" in text and " left" in text, f"no line of progress:\n{text[:500]!r}")


def control_c_ends_it(folder):
    """Under a pseudo-terminal, with the key itself: 130, and a state to go on from, for every method that takes long enough."""
    (folder / "much.ppl").write_text((GALLERY / "missing_outcome.ppl").read_text())
    rows = ["x,y,keep"] + [f"{n / 50000},{n / 50000 + (n * 7919 % 100) / 100},1" for n in range(50000)]
    (folder / "much.csv").write_text("\n".join(rows) + "\n")
    output = folder / "much.lfit"
    command = [LACUNA, "fit", str(folder / "much.ppl"), str(folder / "much.csv"), "-o", str(output), "--steps", "200000"]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    shown, pressed = b"", False
    while True:
        try:
            data = os.read(terminal, 1024)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        shown += data
        if b"step " in shown and not pressed:
            os.write(terminal, b"\x03")
            pressed = True
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    expect(code == 130 and b"interrupted after" in shown and b"`--resume` goes on from" in shown, f"Ctrl-C: exit code {code}\n{shown[-300:]!r}")
    expect(not output.exists() and pathlib.Path(f"{output}.checkpoint").exists(), "Ctrl-C: no state to go on from, or a file under the last name")


def gaps_in_a_survey(folder):
    """235 sites over 9 years, 43 counts missing, from positions that count from 1 in a table of the long form."""
    data = SHARED / "GLMM_data.json"
    if not data.exists():
        print("skipped: GLMM_data is not beside the checkout")
        return
    fit(CHECKOUT / "test/programs/reference/survey_counts.ppl", data, "--bind", "count[Year, Site] = obs by obsyear, obssite", "-o", folder / "survey.lfit")
    found, raw = summary(folder / "survey.lfit"), json.loads(data.read_text())
    expect(len(found["latents"]) == 237, f"{len(found['latents'])} latents: a missing count is none")
    # Where a site has many birds, its rate is the mean of its seen counts: the prior weighs no more than one of hundreds.
    import math
    for site in range(1, 236):
        seen = [y for y, s in zip(raw["obs"], raw["obssite"]) if s == site]
        if sum(seen) < 400:
            continue
        ours = found["latents"][f"alpha[{site}]"]
        expect(abs(ours["mean"] - math.log(sum(seen) / len(seen))) < 0.5 / math.sqrt(sum(seen)), f"site {site}: {ours['mean']}")
        expect(abs(ours["sd"] * math.sqrt(sum(seen)) - 1) < 0.15, f"site {site}: sd {ours['sd']}")


def main():
    with tempfile.TemporaryDirectory() as name:
        for part in (imputing_changes_nothing, groups_are_as_arviz_has_them, labels_travel, failures_are_said, a_terminal_shows_a_line, control_c_ends_it, gaps_in_a_survey):
            part(pathlib.Path(name))
    print("\n".join(wrong) or "as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
