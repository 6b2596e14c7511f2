#!/usr/bin/env python3
"""Every diagnostic is produced by some test, and has its page.

The diagnostics are those declared in .def files. A test produces one when a lit file annotates or expects its code, or when a
unit test names it. The page docs/diagnostics/CODE.md is what `lacuna explain CODE` prints: it shows a program that is wrong
in this way and one that is right (compile time only, limits aside), and test/docs runs both.
"""
import re

from tree import arguments, files, finish, read

DECLARED = re.compile(r'LACUNA_[A-Z_]*DIAGNOSTIC\(\s*"?([EWR]\d{4})"?\s*,\s*(\w+)')
EXPECTED = re.compile(r"\[([EWR]\d{4})\]|\b([EWR]\d{4})\b")


def main():
    arguments(__doc__)
    declared = {}
    for path in files(".def"):
        for code, name in DECLARED.findall(re.sub(r"^\s*//.*$", "", read(path), flags=re.MULTILINE)):
            if code in declared:
                print(f"{path}: {code} is declared twice")
            declared[code] = name
    tested, named = set(), set()
    for path in files(under="test"):
        if not path.endswith((".ppl", ".lir", ".test", ".cpp", ".c", ".py", ".sh")) or path.startswith(("test/meta/", "test/lit/annotations")):
            continue
        text = read(path)
        tested |= {a or b for a, b in EXPECTED.findall(text)}
        if path.endswith(".cpp"):
            named |= set(re.findall(r"\bId::(\w+)", text))

    pages = {p.split("/")[-1][:-3] for p in files(".md", under="docs/diagnostics")} - {"README"}
    complaints = []
    for code, name in sorted(declared.items()):
        if code not in tested and name not in named:
            complaints.append(f"{code} ({name}): no test produces it")
        if code not in pages:
            complaints.append(f"{code} ({name}): has no page docs/diagnostics/{code}.md")
            continue
        page = read(f"docs/diagnostics/{code}.md")
        if not page.startswith(f"# {code}: "):
            complaints.append(f"docs/diagnostics/{code}.md: the first line is not `# {code}: …`")
        shows_programs = code[0] in "EW" and code[1:3] not in ("08", "09")  # no program is wrong: files, sizes, machines are
        if shows_programs and f": {code} -->" not in page:
            complaints.append(f"docs/diagnostics/{code}.md: shows no program that is wrong in this way (a block after `<!-- fails: {code} -->`)")
        if shows_programs and page.count("```ppl") < 2:
            complaints.append(f"docs/diagnostics/{code}.md: shows no program that is right")
    complaints += [f"docs/diagnostics/{code}.md: no such diagnostic is declared" for code in sorted(pages - set(declared))]
    finish(complaints, len(declared))


if __name__ == "__main__":
    main()
