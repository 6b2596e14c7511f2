#!/usr/bin/env python3
"""Writes nile.csv: the Nile's yearly flow at Aswan, 1871 to 1970 (10^8 m^3), with the two stretches left out that Durbin and Koopman leave out.

Reads the table that Debian's package python3-statsmodels ships (Cobb 1978, "The problem of the Nile", Biometrika 65): prepare.py NILE.CSV
"""
import csv
import sys

LEFT_OUT = {*range(1891, 1911), *range(1931, 1951)}
with open(sys.argv[1], encoding="utf-8") as table, open("nile.csv", "w", encoding="utf-8") as out:
    out.write("year,volume\n")
    for row in csv.DictReader(table):
        year = int(row["year"])
        out.write(f"{year},{'' if year in LEFT_OUT else row['volume']}\n")
