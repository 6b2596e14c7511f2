#!/usr/bin/env python3
"""Prints ours, anchor and ratio for every workload: `table.py build/release/bin/density_speed ANCHORS [NAME...]`.

ANCHORS is a folder of hand-written kernels whose `build/bench` prints tab-separated lines of workload, variant, size, least nanoseconds.
Ours and theirs run in turns, so that both meet the same neighbours; the least of all rounds counts.
"""
import os
import subprocess
import sys

ROUNDS = 2
COMPACTED = ("bind-time compacted",)
TILES = ("c2", "c ")
FUSED = ("fused, bind-time list",)

# ours: (anchor's filter, words of its size, the variants of which the best counts, the same for eight draws, highest ratios)
ROWS = {
    "logistic 10000x20": ("w1", "N=10000,P=20", TILES, ("d 8 draws",), 1.3, 1.4),
    "logistic 100000x20": ("w1", "N=100000,P=20", TILES, ("d 8 draws",), 1.3, 1.4),
    "logistic 581012x54": ("w1", "N=581012,P=54", TILES, ("d 8 draws",), 1.3, 1.4),
    "masked 100%": ("w2", "N=10000,P=20,density=100%", COMPACTED, (), 1.4, None),
    "masked 90%": ("w2", "N=10000,P=20,density=90%", COMPACTED, (), 1.4, None),
    "masked 50%": ("w2", "N=10000,P=20,density=50%", COMPACTED, (), 1.4, None),
    "masked 10%": ("w2", "N=10000,P=20,density=10%", COMPACTED, (), 1.4, None),
    "masked 1%": ("w2", "N=10000,P=20,density=1%", COMPACTED, (), 1.4, None),
    "categorical 100%": ("w3", "512x256x32,density=100%", FUSED, (), 1.4, None),
    "categorical 50%": ("w3", "512x256x32,density=50%", FUSED, (), 1.4, None),
    "categorical 10%": ("w3", "512x256x32,density=10%", FUSED, (), 1.4, None),
    "categorical 1%": ("w3", "512x256x32,density=1%", FUSED, (), 1.4, None),
    "masked categories": (None, "", (), (), None, None),
    "radon": ("w4", "N=12573", ("sorted",), (), 2, None),
    "poisson": ("w5", "N=100000,P=10", ("tile64, own exp", "tile64, own table exp"), (), 1.4, None),
    "negative binomial": ("w5", "ymax", ("tile64, own lgamma",), (), 1.4, None),
    "garch": ("w8", "T=1000", ("reverse",), (), 3, None),
    "eight schools": ("w8", "J=8", ("one zmm", "scalar"), (), 3, None),
    "ratings": ("w_10", "2000x1000", ("CSR",), (), 2, None),
    "local level": (None, "", (), (), None, None),
}


def lines(command, **keywords):
    run = subprocess.run(command, capture_output=True, text=True, check=True, **keywords)
    return [line.split("\t") for line in run.stdout.splitlines()]


def least(known, new):
    """The least times of `known` and `new`, both {key: nanoseconds}."""
    return {key: min(time for time in (known.get(key), new.get(key)) if time is not None) for key in known | new}


def best(anchors, kernel, size, variants):
    found = [time for (filter_, variant, of), time in anchors.items()
             if filter_ == kernel and size in of.split(" ") and variant.startswith(variants) and "f32" not in variant]
    return min(found, default=None)


def sizes(fields):
    """The size column as words that a row's size is compared with whole: `N=10000,P=20`, and each of its pieces."""
    return " ".join([fields[2], *fields[2].replace("=58", "").split(",")])


def measure(program, folder, names):
    ours, anchors = {}, {}
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        sys.exit(f"table.py: there is no row named {', '.join(unknown)}; there are: {', '.join(ROWS)}")
    kernels = sorted({ROWS[name][0] for name in names if ROWS[name][0]})
    for _ in range(ROUNDS):
        for kernel in [*kernels, None]:
            if kernel:
                found = lines(["./build/bench", kernel, "0.1"], cwd=folder)[1:]
                anchors = least(anchors, {(kernel, f[1], sizes(f)): float(f[3]) for f in found})
            for name in (name for name in names if ROWS[name][0] == kernel):
                for fields in lines([program, name])[1:]:
                    if len(fields) > 2:
                        ours = least(ours, {(name, 1): float(fields[1]), (name, 8): float(fields[2])})
    return ours, anchors


def time(nanoseconds):
    if nanoseconds is None:
        return "-"
    for unit, scale in (("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= scale:
            return f"{nanoseconds / scale:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def compared(ours, anchor, bar):
    ratio = "-" if anchor is None or ours is None else f"{ours / anchor:.2f}"
    return [time(ours), time(anchor), ratio, "-" if bar is None else f"{bar}"]


def main():
    program, folder, names = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:] or list(ROWS)
    ours, anchors = measure(program, folder, names)
    print("| workload | ours | anchor | ratio | at most | eight draws, each | anchor | ratio | at most |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        kernel, size, single, several, bar, bar_of_several = ROWS[name]
        cells = [name, *compared(ours.get((name, 1)), best(anchors, kernel, size, single) if single else None, bar),
                 *compared(ours.get((name, 8)), best(anchors, kernel, size, several) if several else None, bar_of_several)]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
