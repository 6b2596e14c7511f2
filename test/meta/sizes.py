#!/usr/bin/env python3
"""Files stay small: over 500 lines a warning is printed, over 800 the check fails. There is no list of exceptions."""
from tree import arguments, files, finish, read

WARN, FAIL = 500, 800


def main():
    arguments(__doc__)
    sources = files(".cpp", ".h", ".c", ".hpp", ".def", ".py", ".g4", ".ppl", ".cmake", ".sh", "CMakeLists.txt")
    complaints = []
    for path in sources:
        lines = read(path).count("\n")
        if lines > FAIL:
            complaints.append(f"{path}: {lines} lines; no file has more than {FAIL}")
        elif lines > WARN:
            print(f"warning: {path}: {lines} lines; it probably holds two ideas")
    finish(complaints, len(sources))


if __name__ == "__main__":
    main()
