"""The checkout as the checks of this folder see it: its files, without what is built or hidden."""
import argparse
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEFT_OUT = {"build", "shared", "__pycache__", "third_party"}


def files(*suffixes, under=""):
    """Paths from the root of all files with one of the suffixes (all, when none is given), in order."""
    found = []
    for folder, folders, names in os.walk(os.path.join(ROOT, under)):
        folders[:] = sorted(f for f in folders if f not in LEFT_OUT and (not f.startswith(".") or f == ".ci"))
        found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names if n != ".git" and (not suffixes or n.endswith(suffixes))]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


def arguments(page, **positional):
    """The words of the command line by name, each with what it is for ("…..." takes any number); `--help` prints the page."""
    parser = argparse.ArgumentParser(description=page, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, meaning in positional.items():
        parser.add_argument(name, help=meaning.removesuffix("..."), nargs="*" if meaning.endswith("...") else None)
    return parser.parse_args()


def finish(complaints, looked_at):
    """Prints the complaints and ends the process; a check that looked at nothing has failed too."""
    for complaint in complaints:
        print(complaint)
    print(f"{looked_at} looked at, {len(complaints)} complaints")
    sys.exit(1 if complaints or not looked_at else 0)
