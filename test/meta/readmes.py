#!/usr/bin/env python3
"""Each main folder has a README of a page, and every relative link in a Markdown file leads somewhere."""
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
    finish(complaints, len(folders) + len(pages))


if __name__ == "__main__":
    main()
