#!/usr/bin/env python3
"""What the tests ask of tables of predictions.

table_cells.py same A B        every cell of B is in A with the same digits, whatever the order; both must have some
table_cells.py shape A         `SITE CELLS x COLUMNS` for each site
table_cells.py wider A L1 L2   the interval q05 to q95 of the row labelled L2 is wider than that of L1
"""
import csv
import sys


def read(path):
    """(header, {labels: values}); the values begin with the first draw or summary."""
    with open(path, newline="", encoding="utf-8") as table:
        header, *rows = csv.reader(table)
    first = next(i for i, name in enumerate(header) if name == "draw_0" or name in ("mean", "sd", "median") or name[0] == "q")
    cells = {tuple(row[:first]): row[first:] for row in rows}
    if len(cells) != len(rows):
        sys.exit(f"{path}: labels repeat")
    return header, cells


def main():
    header, cells = read(sys.argv[2])
    if sys.argv[1] == "same":
        other, some = read(sys.argv[3])
        wrong = [labels for labels, values in some.items() if cells.get(labels) != values]
        if header != other or wrong or not some:
            sys.exit(f"{sys.argv[3]}: not as in {sys.argv[2]}: {wrong[:5] or header}")
    elif sys.argv[1] == "shape":
        for site in dict.fromkeys(labels[0] for labels in cells):
            own = [values for labels, values in cells.items() if labels[0] == site]
            print(site, len(own), "x", len(own[0]))
    else:
        width = {}
        for labels, values in cells.items():
            row = dict(zip(header[len(labels):], values))
            width[labels[1]] = float(row["q95"]) - float(row["q05"])
        if not width[sys.argv[3]] < width[sys.argv[4]]:
            sys.exit(f"{sys.argv[4]} is not wider: {width}")


if __name__ == "__main__":
    main()
