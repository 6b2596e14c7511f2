#!/usr/bin/env python3
"""Writes the CSV files of this folder: y = 1.5 - 0.8 x + noise of sd 0.6, twenty outcomes of the training rows removed."""
import random

random.seed(1847)


def rows(count):
    xs = [round(random.uniform(-3, 3), 3) for _ in range(count)]
    return [(x, round(1.5 - 0.8 * x + random.gauss(0, 0.6), 3)) for x in xs]


gaps = set(random.sample(range(100), 20))
with open("train.csv", "w", encoding="utf-8") as out:
    out.write("x,y\n")
    for i, (x, y) in enumerate(rows(100)):
        out.write(f"{x},{'' if i in gaps else y}\n")
for count in (1, 50, 1000):
    with open(f"new_{count}.csv", "w", encoding="utf-8") as out:
        out.write("x\n" + "".join(f"{x}\n" for x, _ in rows(count)))
