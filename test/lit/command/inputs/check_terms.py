#!/usr/bin/env python3
"""check_terms.py TERMS LATENTS DATA: each term is log Normal(y; a + b x, sigma) of a row that has a `y`, for each draw."""
import csv
import math
import sys


def rows(path):
    with open(path, newline="", encoding="utf-8") as table:
        return list(csv.reader(table))


terms, latents, data = (rows(path) for path in sys.argv[1:])
draws = len(terms[0]) - 2
a, b, sigma = ([float(v) for v in next(r for r in latents if r[0] == name)[-draws:]] for name in ("a", "b", "sigma"))
columns = {name: data[0].index(name) for name in ("x", "y")}
scored = [n for n, row in enumerate(data[1:]) if row[columns["y"]] != ""]
if [int(row[1]) for row in terms[1:]] != scored:
    sys.exit("the cells are not those that are scored")
for row in terms[1:]:
    x, y = (float(data[1 + int(row[1])][columns[name]]) for name in ("x", "y"))
    for d in range(draws):
        wanted = -0.5 * ((y - a[d] - b[d] * x) / sigma[d]) ** 2 - math.log(sigma[d]) - 0.5 * math.log(2 * math.pi)
        if abs(float(row[2 + d]) - wanted) > 1e-11 * (1 + abs(wanted)):
            sys.exit(f"row {row[1]}, draw {d}: {row[2 + d]} in place of {wanted}")
print(len(scored), "cells,", draws, "draws")
