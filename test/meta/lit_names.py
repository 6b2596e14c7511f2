#!/usr/bin/env python3
"""A lit test's name begins with `fail_` exactly when the tool must fail on it (when it must both fail and not, either will do); every
lit file runs something.

For annotated files test/lit/annotations.py compares the name with the annotations; here it is compared with the RUN lines.
"""
import os
import re

from tree import arguments, files, finish, read

TOOL = re.compile(r"(?:^|[|;&\s])(not\s+(?:--crash\s+)?)?%lacuna")
RUN = re.compile(r"RUN:(.*(?:\\\n.*)*)")


def main():
    arguments(__doc__)
    complaints = []
    tests = [p for p in files(".ppl", ".lir", ".test", under="test/lit") if "/inputs/" not in p]
    for path in tests:
        runs = RUN.findall(read(path))
        started = [bool(must) for run in runs for must in TOOL.findall(run)]
        named = os.path.basename(path).startswith("fail_")
        if not runs:
            complaints.append(f"{path}: has no RUN line")
        elif any("%check_annotations" in run for run in runs):
            continue
        elif named and not any(started):
            complaints.append(f"{path}: its name says that the tool fails, its RUN lines do not")
        elif started and all(started) and not named:
            complaints.append(f"{path}: the tool must fail in every RUN line, but the name does not begin with fail_")
    finish(complaints, len(tests))


if __name__ == "__main__":
    main()
