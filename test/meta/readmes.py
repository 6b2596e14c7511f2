#!/usr/bin/env python3
"""Each main folder has a README of a page, every relative link in a Markdown file leads somewhere, and each decision is listed under a number of its own."""
import os
import re

from tree import ROOT, arguments, files, finish, read

PAGE = 130  # lines
TOP = ["", "grammar", "compiler", "runtime", "stdlib", "test", "tools", "docs", "examples", "bench"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def main_folders():
    folders = list(TOP)
    for parent in ("compiler", "test"):
        inside = os.path.join(ROOT, parent)
        folders += [f"{parent}/{f}" for f in sorted(os.listdir(inside)) if os.path.isdir(os.path.join(inside, f)) and not f.startswith("__")]
    return folders


def main():
    arguments(__doc__)
    complaints, folders = [], main_folders()
    for folder in folders:
        path = os.path.join(folder, "README.md")
        if not os.path.exists(os.path.join(ROOT, path)):
            complaints.append(f"{folder or 'the root'}: has no README.md")
        elif read(path).count("\n") > PAGE:
            complaints.append(f"{path}: longer than a page ({PAGE} lines)")
    pages = files(".md")
    for path in pages:
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", read(path), flags=re.DOTALL)
        for target in LINK.findall(prose):
            if not os.path.exists(os.path.join(ROOT, os.path.dirname(path), target)):
                complaints.append(f"{path}: links to {target}, which does not exist")
    decisions = [os.path.basename(p) for p in files(".md", under="docs/decisions") if not p.endswith("README.md")]
    listed = read("docs/decisions/README.md")
    complaints += [f"docs/decisions/README.md does not list {d}" for d in decisions if f"({d})" not in listed]
    complaints += [f"docs/decisions: the number {n} is given twice" for n in {d[:4] for d in decisions} if sum(d.startswith(n) for d in decisions) > 1]
    finish(complaints, len(folders) + len(pages))


if __name__ == "__main__":
    main()
