#!/usr/bin/env python3
"""No file names a folder of somebody's machine: what is built and tested here works in any checkout."""
import re

from tree import arguments, files, finish, read

HOME = re.compile(r"(?<![\w.~])/(?:home/\w+|root|work|Users/\w+|mnt/\w+)/")
BINARY = (".nc", ".png", ".gz", ".bin", ".o", ".so", ".npz")


def main():
    arguments(__doc__)
    complaints, texts = [], [p for p in files() if not p.endswith(BINARY) and p != "test/meta/machine_paths.py"]
    for path in texts:
        try:
            text = read(path)
        except UnicodeDecodeError:  # an input of a test that is not text on purpose
            continue
        for number, line in enumerate(text.split("\n"), 1):
            found = HOME.search(line)
            if found:
                complaints.append(f"{path}:{number}: names {found.group(0)}")
    finish(complaints, len(texts))


if __name__ == "__main__":
    main()
