"""A table of 2 samples, 3 features and 4 classes as JSON; how it is spoilt is the argument."""
import json
import math
import sys

how = sys.argv[1]
score = [[[math.sin(1 + 7 * b + 3 * e + c) for c in range(4)] for e in range(3)] for b in range(2)]
label = [[(b + e) % 4 for e in range(3)] for b in range(2)]
seen = [[(3 * b + e) % 3 != 0 for e in range(3)] for b in range(2)]
if how != "harmless":
    score[0][0] = [None] * 4
    score[1][0] = [None, 1e308, None, -5]
    label[0][0] = 77
    label[1][0] = None
if how == "score_missing":
    score[1][2][3] = None
if how == "label_missing":
    label[0][1] = None
if how == "label_outside":
    label[1][2] = 4
if how == "mask_missing":
    seen[1][1] = None
json.dump({"score": score, "label": label, "seen": seen}, sys.stdout)
