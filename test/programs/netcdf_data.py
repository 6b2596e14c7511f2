"""Data in NetCDF: the numbers of the same data in JSON, coordinates as labels, and what is said of each kind of mistake.

    netcdf_data.py LACUNA CHECKOUT        needs ncgen (Debian's netcdf-bin); without it the test is skipped, which exit code 77 says
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

LACUNA = pathlib.Path(sys.argv[1]).resolve()
# The factor reads `county` and `w` in all rows, so that all of their cells are checked.
PROGRAM = """model m(county: J[N], x: real[N, P], y: count?[N], w: positive[N], s: simplex[K], u: real[J]) {
  sample a[J] ~ Normal(0, 1)
  sample c[P] ~ Normal(0, 1)
  observe y[n in N] ~ Poisson(log_rate = w[n] * a[county[n]] + sum(x[n, p] * c[p] for p in P) + u[county[n]] + sum(s[k] * s[k] for k in K))
  factor sum(w[n] * a[county[n]] for n in N)
}
"""
RIGHT = {"county": ("int", "N", "0, 1, 1"), "x": ("double", "N, P", "1, 2, 3, 4, 5, 6"), "y": ("double", "N", "1, NaN, 2"), "w": ("double", "N", "1, 2, 0.5"),
         "s": ("double", "K", "0.2, 0.3, 0.5"), "u": ("double", "J", "0.1, 0.2")}
SIZES = {"N": 3, "P": 2, "K": 3, "J": 2, "M": 4}
LABELS = {"J": ("string", "J", '"Cook", "Aitkin"')}
# What differs from RIGHT, and what must be said.
MISTAKES = {
    "text": ({"w": ("string", "N", '"a", "b", "c"')}, "error[R0716]: `w` holds text where a number is needed\n"),
    "not whole": ({"y": ("double", "N", "1, 1.5, 2.5")}, "error[R0716]: `y` holds what is not a whole number\n  --> data.nc\n   | y[1]: 1.5\n   | y[2]: 2.5\n"),
    "outside": ({"w": ("double", "N", "1, -1, 0")}, "error[R0731]: `w` has 2 values outside its type\n  --> data.nc\n   | w[1]: -1\n   | w[2]: 0\n"),
    "below": ({"y": ("int", "N", "1, -1, 0")}, "`y` is a whole number at least 0"),
    "a gap": ({"w": ("double", "N", "1, NaN, 2")}, "error[R0730]: `w` has 1 gap, and its type has no gaps\n  --> data.nc\n   | w[1]\n"),
    "sizes": ({"w": ("double", "M", "1, 1, 1, 1")}, "error[R0722]: sizes disagree: `county` has 3 along N, `w` has 4\n"),
    "from 1": ({"county": ("int", "N", "1, 2, 2")}, "error[R0734]: `county` counts from 1, and positions count from 0\n"),
    "position": ({"county": ("int", "N", "0, 5, 1")}, "error[R0735]: `county` has 1 value outside the positions of `J`\n  --> data.nc\n   | county[1]: 5\n"),
    "rank": ({"x": ("double", "N", "1, 2, 3")}, "error[R0723]: `x` has 1 dimension in the data, and 2 dimensions in the model\n"),
    "label": ({**LABELS, "county": ("string", "N", '"Cook", "Cock", "Aitkin"')},
              "error[R0732]: `county` has labels that `J` does not know\n  --> data.nc\n   | county[1]: `Cock`\n"),
    "missing": ({"w": None, "W": ("double", "N", "1, 1, 1")}, "error[R0720]: the data have nothing for `w`\n"),
    "simplex": ({"s": ("double", "K", "0.2, 0.3, 0.6")}, "error[R0739]: `s` is not a simplex everywhere\n"),
}
wrong = []


def make(folder, changes, name="data"):
    variables = {key: value for key, value in {**RIGHT, **changes}.items() if value}
    used = {d for _, dims, _ in variables.values() for d in dims.split(", ")}
    text = ("netcdf data {\ndimensions:\n" + "".join(f"  {d} = {SIZES[d]} ;\n" for d in SIZES if d in used)
            + "variables:\n" + "".join(f"  {kind} {key}({dims}) ;\n" for key, (kind, dims, _) in variables.items())
            + "data:\n" + "".join(f"  {key} = {values} ;\n" for key, (_, _, values) in variables.items()) + "}\n")
    (folder / f"{name}.cdl").write_text(text)
    subprocess.run(["ncgen", "-4", "-o", f"{name}.nc", f"{name}.cdl"], cwd=folder, check=True)


def density(folder, data):
    done = subprocess.run([LACUNA, "log-density", "m.ppl", data, "--unconstrained", "point.json", "--gradient", "--color=never"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main(folder):
    (folder / "m.ppl").write_text(PROGRAM)
    (folder / "point.json").write_text("[0.3, -0.2, 0.1, -0.4]")
    (folder / "data.json").write_text(json.dumps({"county": [0, 1, 1], "x": [[1, 2], [3, 4], [5, 6]], "y": [1, None, 2], "w": [1, 2, 0.5], "s": [0.2, 0.3, 0.5], "u": [0.1, 0.2]}))
    make(folder, {})
    if density(folder, "data.nc") != density(folder, "data.json"):
        wrong.append(f"NetCDF {density(folder, 'data.nc')}, JSON {density(folder, 'data.json')}")
    # Labels in another order than their own: Aitkin comes first, with its own value of u.
    (folder / "data.json").write_text(json.dumps({"county": [1, 0, 0], "x": [[1, 2], [3, 4], [5, 6]], "y": [1, None, 2], "w": [1, 2, 0.5], "s": [0.2, 0.3, 0.5], "u": [0.2, 0.1]}))
    make(folder, {**LABELS, "county": ("string", "N", '"Cook", "Aitkin", "Aitkin"')})
    if density(folder, "data.nc") != density(folder, "data.json"):
        wrong.append(f"labels: NetCDF {density(folder, 'data.nc')}, JSON {density(folder, 'data.json')}")
    for name, (changes, said) in MISTAKES.items():
        make(folder, changes)
        code, text = density(folder, "data.nc")
        if code != 1 or said not in text:
            wrong.append(f"{name}: exit code {code}\n{text}")
    whole = (folder / "data.nc").read_bytes()
    (folder / "data.nc").write_bytes(whole[:len(whole) // 2])
    code, text = density(folder, "data.nc")
    if code != 1 or "error[R0711]: `data.nc` is not NetCDF" not in text:
        wrong.append(f"cut: exit code {code}\n{text}")


if not shutil.which("ncgen"):
    print("skipped: ncgen is absent (netcdf-bin)")
    sys.exit(77)
with tempfile.TemporaryDirectory() as place:
    main(pathlib.Path(place))
print("\n".join(wrong) or "as it should be")
sys.exit(1 if wrong else 0)
