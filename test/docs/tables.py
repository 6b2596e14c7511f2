#!/usr/bin/env python3
"""The reference's tables name all distributions and functions that there are, with their parameters, and no others."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = "stdlib/distributions"
SIGNATURE = re.compile(r"^dist (\w+)\((.*)\): [\w\[\], ()]+ \{", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Z]\w*)\(([^)`]*)\)` \|(.*)\|$", re.MULTILINE)
BODY = re.compile(r"^dist (\w+)\(.*?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"^  (\w+)(?:\(\w*\))?\s*=", re.MULTILINE)
BUILTIN = re.compile(r'^LACUNA_BUILTIN\(\w+, "([a-z]\w*)"', re.MULTILINE)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


def parameters(text):
    """(names in order, aliases) of a parameter list; derived dimensions are not given by a caller."""
    depth, pieces, piece = 0, [], ""
    for c in text + ",":
        depth += (c in "[(") - (c in "])")
        if c == "," and depth == 0:
            pieces.append(piece.strip())
            piece = ""
        else:
            piece += c
    pieces = [p for p in pieces if p and not p.startswith("dim ")]
    return tuple(p.split(":")[0].strip() for p in pieces), {a for p in pieces for a in re.findall(r"alias (\w+)", p)}


def member_table():
    """What the table `What each gives` says wrongly: each row lists the distributions that have the member, or all but those that have not."""
    members = {}
    for file in sorted(os.listdir(os.path.join(ROOT, LIBRARY))):
        for name, body in BODY.findall(read(f"{LIBRARY}/{file}")):
            members.setdefault(name, set()).update(MEMBER.findall(body))
    table = read("docs/language/distributions.md").split("## What each gives")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*) \| (.*) \|$", table, re.MULTILINE)
    complaints = [] if rows else ["docs/language/distributions.md has no table of members"]
    for label, text in rows:
        wanted = set(re.findall(r"`(\w+)`", label))
        having = {name for name, own in members.items() if wanted <= own}
        listed = set(re.findall(r"[A-Z]\w*", text))
        if text.startswith("all but "):
            listed = members.keys() - listed
        complaints += [f"docs/language/distributions.md: {name} and {label}" for name in sorted(having ^ listed)]
    return complaints


def main():
    complaints = member_table()
    declared = {}
    for name in sorted(os.listdir(os.path.join(ROOT, LIBRARY))):
        for distribution, text in SIGNATURE.findall(read(f"{LIBRARY}/{name}")):
            names, aliases = parameters(text)
            declared[distribution, names] = aliases
    listed = {}
    for distribution, names, rest in ROW.findall(read("docs/language/distributions.md")):
        listed[distribution, tuple(n.strip() for n in names.split(",") if n.strip())] = rest
    for key in sorted(declared.keys() - listed.keys()):
        complaints.append(f"docs/language/distributions.md has no row for {key[0]}({', '.join(key[1])})")
    for key in sorted(listed.keys() - declared.keys()):
        complaints.append(f"docs/language/distributions.md lists {key[0]}({', '.join(key[1])}), which {LIBRARY} has not")
    for key in sorted(declared.keys() & listed.keys()):
        complaints += [f"docs/language/distributions.md does not say that {key[0]} accepts `{alias}`"
                       for alias in sorted(declared[key]) if f"`{alias}`" not in listed[key]]

    described = read("docs/language/functions.md") + read("docs/language/expressions.md") + read("stdlib/README.md")
    functions = BUILTIN.findall(read("compiler/check/builtins.def"))
    described = re.sub(r"```.*?```", "", described, flags=re.DOTALL)
    words = {w for code in re.findall(r"`([^`]+)`", described) for w in re.findall(r"\w+", code)}
    complaints += [f"the function `{f}` is described nowhere in docs/language/functions.md" for f in functions if f not in words]

    for complaint in complaints:
        print(complaint)
    print(f"{len(declared)} distributions, {len(functions)} functions, {len(complaints)} complaints")
    return 1 if complaints or not declared or not functions else 0


if __name__ == "__main__":
    sys.exit(main())
