#!/usr/bin/env python3
"""Samples × features × classes, in each sample another subset of features seen, NaN scores where not.

    predict_classes.py LACUNA

The cell log densities are those that any implementation must give for logits sin(1 + 7 b + 3 e + c), labels (b + e) mod 4, seen cells
(3 b + e) mod 3 != 0 (worked out with Python's `math` below, and to eight digits those of other systems). The predicted class
probabilities of unseen cells, and of cells of other samples with other subsets, are the softmax averaged over the same draws.
"""
import math
import random

from predicting import Case

B, E, C = 2, 3, 4
# A scale that is 1 to nine digits, so that there is something to fit.
PROGRAM = """open Sample
model m(score: real?[Sample, Feature, Class], label: Class?[Sample, Feature], seen: bool[Sample, Feature]) {
  sample heat ~ Normal(1, WIDTH)
  observe label[b in Sample, e in Feature] ~ Categorical(logits = heat * score[b, e, :]) where seen[b, e] && present(score[b, e, :])
}
"""
BINDS = ["--bind", "score[Sample, Feature, Class] = score by sample, feature, class", "--bind", "label[Sample, Feature] = label by sample, feature",
         "--bind", "seen[Sample, Feature] = seen by sample, feature"]
KNOWN = [[-1.01842701, -2.22239135, -1.49131677], [-1.22645367, -1.22226400, -2.70905773]]


def logit(b, e, c):
    return math.sin(1 + 7 * b + 3 * e + c)


def is_seen(b, e):
    return (3 * b + e) % 3 != 0


def log_sum_exp(values):
    top = max(values)
    return top + math.log(sum(math.exp(v - top) for v in values))


def write_tables(case, name, samples, has_scores, labels=True):
    with open(case.path(f"{name}_scores.csv"), "w", encoding="utf-8") as scores, open(case.path(f"{name}_labels.csv"), "w", encoding="utf-8") as cells:
        scores.write("sample,feature,class,score\n")
        cells.write("sample,feature,label,seen\n")
        for b in samples:
            for e in range(E):
                for c in range(C):
                    scores.write(f"s{b},f{e},c{c},{logit(b, e, c) if has_scores(b, e) else 'NaN'}\n")
                cells.write(f"s{b},f{e},{f'c{(b + e) % 4}' if labels else ''},{int(is_seen(b, e))}\n")
    return [case.path(f"{name}_scores.csv"), case.path(f"{name}_labels.csv")]


def check_terms(case):
    case.write("m.ppl", PROGRAM.replace("WIDTH", "1e-10"))
    for scores in (lambda b, e: True, is_seen):  # with NaN where nothing is seen: the same
        case.run("fit", "m.ppl", *write_tables(case, "train", range(B), scores), *BINDS, "-o", "fit.lfit", may_doubt=True)
        case.run("log-likelihood", "fit.lfit", "-o", "terms.csv")
        table = case.table("terms.csv")
        case.require("the seen cells have terms", set(table) == {("label", f"s{b}", f"f{e}") for b in range(B) for e in range(E) if is_seen(b, e)})
        total = 0.0
        for (_, sample, feature), row in table.items():
            b, e = int(sample[1:]), int(feature[1:])
            right = logit(b, e, (b + e) % 4) - log_sum_exp([logit(b, e, c) for c in range(C)])
            case.require(f"term of {sample}, {feature}", abs(row[0] - right) < 1e-8 and abs(right - KNOWN[b][e]) < 5e-9)
            total += row[0]
        case.require("their sum", abs(total - -7.6450298598) < 1e-8)


def check_probabilities(case, name, samples, files):
    case.run("predict", "fit.lfit", *files, "-o", "shares.csv", "--summary", "mean", "--draws", "1000")
    case.run("predict", "fit.lfit", *files, "-o", "draws.csv", "--latents", "--draws", "1000")
    heats, table = case.table("draws.csv")["heat",], case.table("shares.csv")
    for b in samples:
        for e in range(E):
            for c in range(C):
                probability = sum(math.exp(h * logit(b, e, c) - log_sum_exp([h * logit(b, e, k) for k in range(C)])) for h in heats) / len(heats)
                case.check(f"{name}: P({c}) at s{b}, f{e}", table["label", f"s{b}", f"f{e}", f"c{c}"][0], probability,
                           math.sqrt(probability * (1 - probability) / len(heats)))


def main():
    case = Case()
    check_terms(case)
    case.write("m.ppl", PROGRAM.replace("WIDTH", "0.5"))
    train = write_tables(case, "train", range(B), lambda b, e: True)
    case.run("fit", "m.ppl", *train, *BINDS, "-o", "fit.lfit", "--seed", str(case.seed), may_doubt=True)
    check_probabilities(case, "training, seen or not", range(B), [])
    check_probabilities(case, "five new samples", range(10, 15), write_tables(case, "new", range(10, 15), lambda b, e: True, labels=False)[:1])
    # Another subset of features in each sample: those without scores cannot be predicted, the others can.
    has = {(b, e): random.Random(b * 10 + e).random() < 0.5 for b in range(20, 24) for e in range(E)}
    case.run("predict", "fit.lfit", write_tables(case, "other", range(20, 24), lambda b, e: has[b, e], labels=False)[0], "-o", "other.csv", "--summary", "mean")
    table = case.table("other.csv")
    for (b, e), there in has.items():
        row = [table["label", f"s{b}", f"f{e}", f"c{c}"][0] for c in range(C)]
        case.require(f"s{b}, f{e} is predicted where it has scores", abs(sum(row) - 1) < 1e-12 if there else row == [None] * C)
    case.finish()


main()
