#!/usr/bin/env python3
"""Every construct has an example in the reference: each word and operator of the grammar, each type, distribution and documented function occurs in
a program on docs/language/ (which examples.py runs). What only the standard library uses is described in its README."""
import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


def pages():
    folder = os.path.join(ROOT, "docs", "language")
    return "\n".join(read(os.path.join("docs", "language", name)) for name in sorted(os.listdir(folder)))


def constructs():
    """{what it is: its spelling} of all that must be shown."""
    wanted = {f"the word `{word}`": word for word in read("grammar/reserved_words.txt").split()}
    wanted |= {f"the word `{word}`": word for word in re.findall(r'^LACUNA_TOKEN\(\w+, \w+, "`([a-z]+)`"', read("compiler/syntax/tokens.def"), re.MULTILINE)}
    spellings = re.findall(r'^LACUNA_OPERATOR\(\w+, \w+, ((?:"[^"]*")+)', read("compiler/syntax/operators.def"), re.MULTILINE)
    wanted |= {f"the operator `{s}`": s for s in (spelled.replace('"', "") for spelled in spellings)}
    wanted |= {f"the type `{name}`": name for name in re.findall(r'^    \{"(\w+)", Scalar::', read("compiler/check/check_type.cpp"), re.MULTILINE)}
    for name in sorted(os.listdir(os.path.join(ROOT, "stdlib", "distributions"))):
        wanted |= {f"the distribution `{d}`": d for d in re.findall(r"^dist (\w+)\(", read(f"stdlib/distributions/{name}"), re.MULTILINE)}
    internal = {w for code in re.findall(r"`([^`]+)`", read("stdlib/README.md")) for w in re.findall(r"\w+", code)}
    functions = re.findall(r'^LACUNA_BUILTIN\(\w+, "([a-z]\w*)"', read("compiler/check/builtins.def"), re.MULTILINE)
    wanted |= {f"the function `{f}`": f for f in functions if f not in internal}
    return wanted


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    programs = "\n".join(re.findall(r"```ppl\n(.*?)```", pages(), re.DOTALL))
    programs = re.sub(r"//.*|/\*.*?\*/", "", programs)
    words = set(re.findall(r"\w+", programs))
    wanted = constructs()
    complaints = [f"{what} has no example on docs/language/" for what, spelled in sorted(wanted.items())
                  if (spelled not in words if spelled.isidentifier() else spelled not in programs)]
    for complaint in complaints:
        print(complaint)
    print(f"{len(wanted)} constructs, {len(complaints)} complaints")
    return 1 if complaints or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
