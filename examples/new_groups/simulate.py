#!/usr/bin/env python3
"""Writes the CSV files of this folder: 40 counties with 2 to 30 houses each, some of whose measurements are missing; new houses in known and in new counties."""
import random

random.seed(2404)
names = [f"county {i:02}" for i in range(1, 46)]
intercept = {c: random.gauss(1.4, 0.4) for c in names}


def house(county):
    floor = int(random.random() < 0.2)
    return floor, round(intercept[county] - 0.7 * floor + random.gauss(0, 0.75), 3)


with open("train.csv", "w", encoding="utf-8") as out:
    out.write("county,floor,log_radon\n")
    for county in names[:40]:
        for _ in range(random.randint(2, 30)):
            floor, value = house(county)
            out.write(f"{county},{floor},{'' if random.random() < 0.08 else value}\n")
with open("new.csv", "w", encoding="utf-8") as out:
    houses = [(c, f) for c in ["county 03", "county 17", "county 41", "county 45"] for f in (0, 1)]
    out.write("house,county,floor\n" + "".join(f"h{i},{c},{f}\n" for i, (c, f) in enumerate(houses, 1)))
