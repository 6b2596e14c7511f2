"""`lacuna fit --method map` against modes that modes/make_table.py computed otherwise; and densities without a mode are said to have none.

    modes.py LACUNA CHECKOUT
"""
import json
import pathlib
import subprocess
import sys
import tempfile

LACUNA, CHECKOUT = sys.argv[1], pathlib.Path(sys.argv[2])
WITHIN = 2e-5  # of the largest of 1 and the value: scipy's own optima are good to 1e-6
# Program, data, the latent that runs away.
ENDLESS = {
    "a line through every point": ("model m(x: real[N], y: real[N]) {\n  sample b ~ Normal(0, 10)\n  sample sigma ~ HalfNormal(1)\n  observe y ~ Normal(b * x, sigma)\n}\n",
                                   {"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]}, "sigma"),
    "groups with a common scale": ("model m(y: real[J]) {\n  sample tau ~ HalfNormal(5)\n  sample a[J] ~ Normal(0, tau)\n  observe y ~ Normal(a, 10)\n}\n",
                                   {"y": [28, 8, -3, 7, -1, 1, 18, 12]}, "tau"),
    "a density that is infinite at 0": ("model m(y: real[N]) {\n  sample r ~ Gamma(0.5, 1)\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, 1)\n}\n", {"y": [1, 2]}, "r"),
}
wrong = []


def fit(folder, program, data):
    (folder / "m.ppl").write_text(program)
    (folder / "m.json").write_text(json.dumps(data))
    done = subprocess.run([LACUNA, "fit", folder / "m.ppl", folder / "m.json", "--method", "map", "-o", folder / "m.lfit", "--force", "--color=never"],
                          capture_output=True, text=True, check=False)
    found = subprocess.run([LACUNA, "summary", folder / "m.lfit", "--format=json"], capture_output=True, text=True, check=False)
    return done, json.loads(found.stdout)["latents"] if found.returncode == 0 else {}


with tempfile.TemporaryDirectory() as place:
    for case in json.loads((CHECKOUT / "test/programs/modes/table.json").read_text()):
        ended, latents = fit(pathlib.Path(place), case["program"], case["data"])
        if ended.returncode != 0 or set(latents) != set(case["mode"]):
            wrong.append(f"{case['name']}: exit code {ended.returncode}, latents {list(latents)}\n{ended.stderr}")
            continue
        for name, value in case["mode"].items():
            ours = latents[name]["mean"]
            if abs(ours - value) > WITHIN * max(1, abs(value)):
                wrong.append(f"{case['name']}: {name} is {ours}, and should be {value}")
    for name, (program, data, latent) in ENDLESS.items():
        ended, latents = fit(pathlib.Path(place), program, data)
        if ended.returncode != 3 or f"error[R0702]: the density grows without bound: `{latent}` runs away" not in ended.stderr or not latents:
            wrong.append(f"{name}: exit code {ended.returncode}, {len(latents)} latents\n{ended.stderr}")
print("\n".join(wrong) or "the modes")
sys.exit(1 if wrong else 0)
