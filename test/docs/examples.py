#!/usr/bin/env python3
"""Runs the examples of Markdown pages, so that they cannot rot.

    examples.py LACUNA PAGE_OR_FOLDER...

```ppl blocks are checked with `lacuna check` and must pass in silence; ```console blocks are run and compared. What may stand before
a block is described in README.md beside this file.
"""
import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FENCE = re.compile(r"^(\s*)(```+)\s*(\w*)\s*$")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
COMMENT = re.compile(r"<!--\s*(\w+)(?::\s*(.*?))?\s*-->", re.DOTALL)


@dataclass
class Block:
    page: str
    line: int
    language: str
    text: str
    directives: dict = field(default_factory=dict)


def read_blocks(page, text):
    """The fenced blocks of a page, each with the directives (HTML comments) directly before it."""
    blocks, lines, start, number = [], text.split("\n"), 0, 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            number += 1
            continue
        opened, indent = number, len(fence[1])
        number += 1
        while number < len(lines) and lines[number].strip() != fence[2]:
            number += 1
        body = "\n".join(line[indent:] for line in lines[opened + 1:number]) + "\n"
        before = "\n".join(lines[start:opened]).rstrip()
        directives = {}
        while before.endswith("-->"):  # only those with nothing but blank lines between them and the fence
            comment = before[before.rindex("<!--"):]
            found = COMMENT.fullmatch(comment)
            if not found:
                break
            directives[found[1]] = found[2] or ""
            before = before[:-len(comment)].rstrip()
        blocks.append(Block(page, opened + 1, fence[3], body, directives))
        number += 1
        start = number
    return blocks


def run(command, folder, **more):
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False, **more)


def codes_of(lacuna, name, folder):
    """(codes of errors and warnings, the printed text) of checking one file."""
    done = subprocess.run([lacuna, "check", "--format=json", name], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode not in (0, 1):
        return [f"status {done.returncode}"], done.stdout + done.stderr
    found = json.loads(done.stdout) if done.stdout.strip() else []
    return [d["code"] for d in found], run([lacuna, "check", "--color=never", name], folder).stdout


def check_program(lacuna, block, folder):
    name = block.directives.get("file", "example.ppl")
    text = block.text
    if "within" in block.directives:
        text = block.directives["within"].replace("...", text, 1)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text)
    codes, printed = codes_of(lacuna, name, folder)
    expected = block.directives.get("fails") or block.directives.get("warns") or ""
    if "within" in block.directives or "fails" in block.directives:  # a fragment, or half a program, may well leave things unused
        codes = [c for c in codes if not c.startswith("W") or c in expected]
    if sorted(set(codes)) != sorted(set(expected.replace(",", " ").split())):
        return f"expected {expected or 'silence'}, got {' '.join(codes) or 'silence'}\n{printed}"
    return None


def matches(expected, actual):
    """Whether the lines agree; a line `...` stands for any number of lines, and `...` within a line for any text."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"[ ]*\n" for line in expected)
    return re.fullmatch(pattern, actual) is not None


def nearly(expected, actual, share):
    """Whether both say the same in the same words, with numbers that differ by no more than this share of themselves; a last line `...` stands for any text."""
    wanted, found = " ".join(expected).split(), actual.split()
    if wanted[-1:] == ["..."]:
        wanted, found = wanted[:-1], found[:len(wanted) - 1]
    if len(wanted) != len(found):
        return False
    for one, other in zip(wanted, found):
        if NUMBER.sub("#", one) != NUMBER.sub("#", other):
            return False
        if any(abs(float(a) - float(b)) > share * abs(float(a)) for a, b in zip(NUMBER.findall(one), NUMBER.findall(other))):
            return False
    return True


def check_console(lacuna, block, folder):
    lines = block.text.rstrip("\n").split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")] + [len(lines)]
    for begin, end in zip(starts, starts[1:]):
        command = lines[begin][2:]
        environment = dict(os.environ, PATH=os.path.dirname(os.path.abspath(lacuna)) + os.pathsep + os.environ.get("PATH", ""))
        if shlex.split(command)[0] != "lacuna":
            return f"only `$ lacuna …` lines are run, not `{command}`"
        done = run(["sh", "-c", command], os.path.join(folder, block.directives.get("in", "")), env=environment)
        actual = "".join(line.rstrip() + "\n" for line in done.stdout.rstrip().splitlines())
        expected = "\n".join(lines[begin + 1:end]).rstrip().splitlines()
        if not (nearly(expected, actual, float(block.directives["near"])) if "near" in block.directives else matches(expected, actual)):
            return f"`{command}` printed something else:\n{done.stdout}"
    return None


def check_page(lacuna, page):
    """Complaints about a page, and how many blocks were run."""
    complaints, count = [], 0
    with open(page, encoding="utf-8") as source:
        blocks = read_blocks(os.path.relpath(page, ROOT), source.read())
    with tempfile.TemporaryDirectory() as folder:
        if os.path.isdir(os.path.join(ROOT, "examples")):
            shutil.copytree(os.path.join(ROOT, "examples"), os.path.join(folder, "examples"))
        for block in blocks:
            if "sketch" in block.directives:  # says that the block is no program: a rule of the grammar, pseudo-code
                continue
            complaint = None
            if block.language == "ppl":
                complaint = check_program(lacuna, block, folder)
            elif block.language == "console":
                complaint = check_console(lacuna, block, folder)
            elif "file" in block.directives:
                with open(os.path.join(folder, block.directives["file"]), "w", encoding="utf-8") as out:
                    out.write(block.text)
                continue
            else:
                continue
            count += 1
            if complaint:
                complaints.append(f"{block.page}:{block.line}: {complaint}")
    return complaints, count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lacuna", help="the command")
    parser.add_argument("pages", nargs="+", help="pages, or folders of pages")
    given = parser.parse_args()
    lacuna, pages = os.path.abspath(given.lacuna), []
    for path in given.pages:
        if os.path.isdir(path):
            pages += sorted(os.path.join(f, n) for f, _, names in os.walk(path) for n in names if n.endswith(".md"))
        else:
            pages.append(path)
    complaints, count = [], 0
    for page in pages:
        found, run_here = check_page(lacuna, page)
        complaints += found
        count += run_here
    for complaint in complaints:
        print(complaint)
    print(f"{count} examples on {len(pages)} pages, {len(complaints)} complaints")
    return 1 if complaints or not count else 0


if __name__ == "__main__":
    sys.exit(main())
