#!/usr/bin/env python3
"""A lit test's name begins with `fail_` exactly when the tool must fail on it; every lit file runs something.

For annotated files test/lit/annotations.py compares the name with the annotations; here it is compared with the RUN lines.
"""
import os
import re

from tree import files, finish, read

RUN = re.compile(r"RUN:(.*(?:\\\n.*)*)")


def main():
    complaints = []
    tests = [p for p in files(".ppl", ".lir", ".test", under="test/lit") if "/inputs/" not in p]
    for path in tests:
        runs = RUN.findall(read(path))
        must_fail = any(re.search(r"(^|[|;&\s])not\s+(--crash\s+)?%lacuna", run) for run in runs)
        named = os.path.basename(path).startswith("fail_")
        if not runs:
            complaints.append(f"{path}: has no RUN line")
        elif not any("%check_annotations" in run for run in runs) and named != must_fail:
            complaints.append(f"{path}: " + ("its name says that it fails, its RUN lines do not" if named else
                                             "a RUN line says `not %lacuna`, but its name does not begin with fail_"))
    finish(complaints, len(tests))


if __name__ == "__main__":
    main()
