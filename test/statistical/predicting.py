"""What the statistical tests of prediction share: running the command, reading its tables, comparing within Monte Carlo errors."""
import csv
import math
import os
import subprocess
import sys
import tempfile

Z = 5.0  # Monte Carlo errors


class Case:
    """A folder of its own, the command, and a count of what was compared; deviations in Monte Carlo errors."""

    def __init__(self, seed_offset=0):
        self.lacuna = os.path.abspath(sys.argv[1])
        self.seed = int(os.environ.get("LACUNA_TEST_SEED", "0")) + seed_offset
        self.folder = tempfile.TemporaryDirectory()
        self.compared, self.worst, self.complaints = 0, 0.0, []

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run(self, *words, may_doubt=False):
        done = subprocess.run([self.lacuna, *words, "--quiet", "--force"], cwd=self.folder.name, capture_output=True, text=True, check=False)
        if done.returncode != 0 and not (may_doubt and done.returncode == 3):
            sys.exit(f"lacuna {' '.join(words)}: status {done.returncode}\n{done.stdout}{done.stderr}")

    def table(self, name):
        """{(site, labels...): [numbers or texts]} of a CSV of predictions; empty cells are None."""
        with open(self.path(name), newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        first = next(i for i, column in enumerate(header) if column == "draw_0" or column in ("mean", "sd") or column[0] == "q")
        return {tuple(c for c in row[:first] if c): [value(v) for v in row[first:]] for row in rows}

    def check(self, what, got, wanted, error):
        self.compared += 1
        z = abs(got - wanted) / error
        self.worst = max(self.worst, z)
        if not z <= Z:
            self.complaints.append(f"{what}: {got:.6g} where {wanted:.6g} is right, {z:.1f} Monte Carlo errors off")

    def require(self, what, holds):
        self.compared += 1
        if not holds:
            self.complaints.append(what)

    def check_draws(self, what, draws, mean, variance, kurtosis=3.0):
        """Mean and variance of independent draws against their distribution's."""
        n = len(draws)
        got = sum(draws) / n
        self.check(f"{what}, mean", got, mean, math.sqrt(variance / n))
        spread = sum((x - mean) ** 2 for x in draws) / n
        self.check(f"{what}, variance", spread, variance, variance * math.sqrt((kurtosis - 1) / n))

    def check_tail(self, what, draws, at, probability):
        """The share of draws at or below `at`."""
        n = len(draws)
        self.check(f"{what}, P(y <= {at:.4g})", sum(x <= at for x in draws) / n, probability, math.sqrt(probability * (1 - probability) / n))

    def finish(self):
        for complaint in self.complaints:
            print(complaint)
        print(f"{self.compared} compared, worst {self.worst:.2f} Monte Carlo errors, seed {self.seed}, {len(self.complaints)} complaints")
        sys.exit(1 if self.complaints or not self.compared else 0)


def value(text):
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))
