#!/usr/bin/env python3
"""Prints ours, anchor and ratio for the workloads of density_speed: `table.py build/release/bin/density_speed ANCHORS`.

ANCHORS is a folder of hand-written kernels whose `build/bench` prints tab-separated lines of workload, variant, size, least nanoseconds.
"""
import os
import subprocess
import sys

# ours: (anchor's filter, words of its line, its variants: the best one counts), once for one draw and once for eight
ROWS = {
    "logistic 10000x20": ("w1", "N=10000,P=20", ("c2", "c "), ("d 8 draws",)),
    "logistic 100000x20": ("w1", "N=100000,P=20", ("c2", "c "), ("d 8 draws",)),
    "logistic 581012x54": ("w1", "N=581012,P=54", ("c2", "c "), ("d 8 draws",)),
    "masked 90%": ("w2", "N=10000,P=20,density=90%", ("bind-time compacted",), ()),
    "masked 50%": ("w2", "N=10000,P=20,density=50%", ("bind-time compacted",), ()),
    "masked 10%": ("w2", "N=10000,P=20,density=10%", ("bind-time compacted",), ()),
    "masked 1%": ("w2", "N=10000,P=20,density=1%", ("bind-time compacted",), ()),
    "categorical 100%": ("w3", "512x256x32,density=100%", ("fused, bind-time list",), ()),
    "categorical 10%": ("w3", "512x256x32,density=10%", ("fused, bind-time list",), ()),
    "categorical 1%": ("w3", "512x256x32,density=1%", ("fused, bind-time list",), ()),
    "radon": ("w4", "N=12573", ("sorted",), ()),
    "poisson": ("w5", "Poisson", ("tile64",), ()),
    "negative binomial": ("w5", "NegBin2", ("tile64, own lgamma",), ()),
    "garch": ("w8", "GARCH", ("reverse",), ()),
    "eight schools": ("w8", "eight schools", ("one zmm", "scalar"), ()),
    "ratings": ("w_10", "matrix factorisation", ("CSR",), ()),
}


def lines(command, **keywords):
    return subprocess.run(command, capture_output=True, text=True, check=True, **keywords).stdout.splitlines()


def best(anchor_lines, words, variants):
    found = [float(line.split("\t")[3]) for line in anchor_lines
             if words in "\t".join(line.split("\t")[:3]) + "," and line.split("\t")[1].startswith(variants) and "f32" not in line]
    return min(found, default=None)


def main():
    program, anchors = os.path.abspath(sys.argv[1]), sys.argv[2]
    known = {}
    print("| workload | ours, one draw | anchor | ratio | ours, eight draws, each | anchor | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (kernel, words, single, several) in ROWS.items():
        if kernel not in known:
            known[kernel] = lines(["./build/bench", kernel, "0.1"], cwd=anchors)
        ours = [line.split("\t") for line in lines([program, name])[1:]]
        if not ours or len(ours[0]) < 3:
            continue
        cells = [name]
        for value, variants in ((float(ours[0][1]), single), (float(ours[0][2]), several)):
            anchor = best(known[kernel], words, tuple(variants)) if variants else None
            cells += [f"{value / 1e3:.3g} us", f"{anchor / 1e3:.3g} us" if anchor else "-", f"{value / anchor:.2f}" if anchor else "-"]
        print("| " + " | ".join(cells) + " |")


main()
