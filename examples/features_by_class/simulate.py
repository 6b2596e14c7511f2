#!/usr/bin/env python3
"""Writes the CSV files of this folder: 200 samples, 6 features of 4 classes; each sample has its own half of the features."""
import math
import random

random.seed(3394)
FEATURES = ["colour", "shape", "size", "sound", "smell", "weight"]
CLASSES = ["a", "b", "c", "d"]
HEAT = 1.4
bias = {f: [random.gauss(0, 0.7) for _ in CLASSES] for f in FEATURES}


def draw(logits):
    weights = [math.exp(z - max(logits)) for z in logits]
    return random.choices(CLASSES, weights)[0]


def write(name, first, count, with_label):
    with open(f"{name}_scores.csv", "w", encoding="utf-8") as scores, open(f"{name}_labels.csv", "w", encoding="utf-8") as labels:
        scores.write("sample,feature,class,score\n")
        labels.write("sample,feature,label\n")
        for s in range(first, first + count):
            for f in sorted(random.sample(FEATURES, 3), key=FEATURES.index):
                values = [round(random.gauss(0, 1), 3) for _ in CLASSES]
                for c, value in zip(CLASSES, values):
                    scores.write(f"s{s:03},{f},{c},{value}\n")
                labels.write(f"s{s:03},{f},{draw([HEAT * v + b for v, b in zip(values, bias[f])]) if with_label else ''}\n")


write("train", 0, 200, True)
write("new", 200, 20, False)
