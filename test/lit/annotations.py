#!/usr/bin/env python3
"""Compares what `lacuna check` says of a program with what the program's own comments say it should.

    annotations.py --lacuna COMMAND FILE.ppl

The comments, their meaning and the rule for file names are described in README.md beside this file. Exit status 0: everything
agrees; 1: something does not, and each disagreement is printed with its line.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

MARK = re.compile(r"^\s*//\s*(?P<marks>\^+)(?P<more>\.\.\.)?\s+(?P<severity>error|warning)\[(?P<code>[EW]\d{4})\]: (?P<text>.*\S)\s*$")
PLACED = re.compile(r"^\s*//@(?P<where>\d+-\d+|line|end)\s+(?P<severity>error|warning)\[(?P<code>[EW]\d{4})\]: (?P<text>.*\S)\s*$")
LABEL = re.compile(r"^\s*//\s*(?P<marks>-+)\s+(?P<text>.*\S)\s*$")
REMARK = re.compile(r"^\s*//\s*(?P<kind>note|help|fixed): ?(?P<text>.*\S)\s*$")
LOOKS_LIKE = re.compile(r"^\s*//@?\s*(\^|[\d-]*\s*(error|warning)\[)")


@dataclass
class Expectation:
    """One annotated diagnostic: where its primary range must be, and what it must say. Lines and columns count from 1."""
    at: int                     # the line of the annotation itself
    line: int                   # the line it speaks of
    begin: int | None           # None: anywhere in the line
    end: int | None             # exclusive; None: the range goes on into later lines, or (with no begin) is not compared
    severity: str
    code: str
    text: str
    remarks: list = field(default_factory=list)   # (kind, text)
    at_end: bool = False


def read_annotations(lines):
    """Of a program's lines: the expectations, the labels (line, begin, end, text), and complaints about what cannot be read."""
    found, labels, complaints = [], [], []
    subject = 0  # the last line that is no annotation
    for number, line in enumerate(lines, 1):
        mark, placed, label, remark = (p.match(line) for p in (MARK, PLACED, LABEL, REMARK))
        if mark:
            begin = mark.start("marks") + 1
            end = None if mark["more"] else begin + len(mark["marks"])
            found.append(Expectation(number, subject, begin, end, mark["severity"], mark["code"], mark["text"]))
        elif placed:
            begin = end = None
            if placed["where"] not in ("line", "end"):
                begin, last = map(int, placed["where"].split("-"))
                end = last + 1
            found.append(Expectation(number, subject, begin, end, placed["severity"], placed["code"], placed["text"],
                                     at_end=placed["where"] == "end"))
        elif label:
            begin = label.start("marks") + 1
            labels.append((subject, begin, begin + len(label["marks"]), label["text"]))
        elif remark and found:
            found[-1].remarks.append((remark["kind"], remark["text"]))
        else:
            if LOOKS_LIKE.match(line):
                complaints.append(f"line {number}: this looks like an annotation and is none: {line.strip()}")
            subject = number
    return found, labels, complaints


def span(text, where):
    """((line, column), (line, column)) of a JSON range, columns in characters: offsets are bytes, so they are recounted."""
    data = text.encode()

    def place(offset):
        before = data[:offset].decode(errors="replace")
        start = before.rfind("\n") + 1
        return before.count("\n") + 1, len(before) - start + 1

    begin, end = place(where["begin"]["offset"]), place(where["end"]["offset"])
    return begin, (end if end > begin else (begin[0], begin[1] + 1))


def covers(text, where, line, begin, end):
    """Whether a JSON range is exactly the expected columns of the expected line."""
    (first, column), (last, after) = span(text, where)
    if first != line or (begin is not None and column != begin):
        return False
    if begin is None:
        return True
    return last > line if end is None else (last, after) == (line, end)


def describe(diagnostic, text):
    (line, column), (last, after) = span(text, diagnostic["range"])
    reach = f"{after - 1}" if last == line else f"{last}:{after - 1}"
    return f"{line}:{column}-{reach} {diagnostic['severity']}[{diagnostic['code']}]: {diagnostic['message']}"


def fits(expected, diagnostic, text, last_line):
    if (expected.severity, expected.code) != (diagnostic["severity"], diagnostic["code"]):
        return False
    if expected.text not in diagnostic["message"]:
        return False
    if expected.at_end:
        return span(text, diagnostic["range"])[0][0] >= last_line
    return covers(text, diagnostic["range"], expected.line, expected.begin, expected.end)


def all_labels(diagnostic):
    return [{"range": diagnostic["range"], "text": diagnostic["label"]}, *diagnostic["labels"]]


def compare(text, expectations, labels, diagnostics):
    """Complaints about every expectation without its diagnostic and every diagnostic without its expectation."""
    complaints, left = [], list(diagnostics)
    for line, begin, end, words in labels:
        if not any(words in label["text"] and covers(text, label["range"], line, begin, end)
                   for diagnostic in diagnostics for label in all_labels(diagnostic)):
            complaints.append(f"line {line}: no label `{words}` at {line}:{begin}-{end - 1}")
    last_line = max((e.line for e in expectations), default=0)
    for expected in expectations:
        match = next((d for d in left if fits(expected, d, text, last_line)), None)
        if match is None:
            complaints.append(f"line {expected.at}: expected {expected.severity}[{expected.code}]: {expected.text}")
            continue
        left.remove(match)
        for kind, words in expected.remarks:
            if kind == "fixed":
                continue
            said = match["notes"] if kind == "note" else [h["text"] for h in match["helps"]]
            if not any(words in s for s in said):
                complaints.append(f"line {expected.at}: [{expected.code}] has no {kind} with `{words}`; it has {said}")
    complaints += [f"not annotated: {describe(d, text)}" for d in left]
    return complaints


def apply_fixits(text, fixits):
    """The text with all replacements made, the last first so that offsets hold."""
    data = text.encode()
    for fix in sorted(fixits, key=lambda f: f["range"]["begin"]["offset"], reverse=True):
        data = data[:fix["range"]["begin"]["offset"]] + fix["replacement"].encode() + data[fix["range"]["end"]["offset"]:]
    return data.decode()


def run_check(command, path):
    """(exit status, diagnostics) of `lacuna check`."""
    done = subprocess.run([*command, "check", "--format=json", path], capture_output=True, text=True, timeout=60, check=False)
    output = done.stdout.strip()
    if done.returncode not in (0, 1):
        raise SystemExit(f"`{' '.join(command)} check` ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.returncode, json.loads(output) if output else []


def check_fixits(command, path, text, expectations, diagnostics):
    """Applies each help's fix-its alone: the diagnostic must be gone, and `fixed:` lines must be what they make of the text."""
    complaints = []
    for diagnostic in diagnostics:
        for fixits in (h["fixits"] for h in diagnostic["helps"] if h.get("fixits")):
            mended = apply_fixits(text, fixits)
            with tempfile.TemporaryDirectory() as folder:
                copy = os.path.join(folder, os.path.basename(path))
                with open(copy, "w", encoding="utf-8") as out:
                    out.write(mended)
                _, after = run_check(command, copy)

            def count(all_of, code=diagnostic["code"]):
                return sum(d["code"] == code for d in all_of)

            if count(after) >= count(diagnostics):
                complaints.append(f"the fix-it does not mend: {describe(diagnostic, text)}")
    for expected in expectations:
        for kind, words in expected.remarks:
            if kind != "fixed":
                continue
            matches = [d for d in diagnostics if d["code"] == expected.code and span(text, d["range"])[0][0] == expected.line]
            results = [apply_fixits(text, h["fixits"]) for d in matches for h in d["helps"] if h.get("fixits")]
            if not any(words in (line.strip() for line in result.split("\n")) for result in results):
                complaints.append(f"line {expected.at}: no fix-it of [{expected.code}] makes a line `{words}`")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lacuna", required=True, help="the command under test")
    parser.add_argument("file")
    arguments = parser.parse_args()
    with open(arguments.file, encoding="utf-8", newline="") as source:
        text = source.read()
    expectations, labels, complaints = read_annotations(text.split("\n"))
    status, diagnostics = run_check([arguments.lacuna], arguments.file)

    fails = any(e.severity == "error" for e in expectations)
    if os.path.basename(arguments.file).startswith("fail_") != fails:
        complaints.append("a file's name begins with `fail_` exactly when it annotates an error")
    if status != (1 if fails else 0):
        complaints.append(f"`lacuna check` ended with status {status}")
    complaints += compare(text, expectations, labels, diagnostics)
    complaints += check_fixits([arguments.lacuna], arguments.file, text, expectations, diagnostics)
    for complaint in complaints:
        print(f"{arguments.file}: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
