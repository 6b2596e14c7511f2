#!/usr/bin/env python3
"""Two compiles of one program are byte-identical.

    two_compiles.py LACUNA EMIT...       e.g. two_compiles.py build/release/bin/lacuna model ir

Every program of the gallery is compiled twice to each form, in two processes and from two working folders.
"""
import os
import subprocess
import tempfile

from tree import ROOT, arguments, files, finish


def emitted(lacuna, form, program):
    with tempfile.TemporaryDirectory() as folder:
        command = [lacuna, "compile", f"--emit={form}", program]
        if form == "object":
            command = [lacuna, "compile", program, "-o", "out.o"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        made = {"stdout": done.stdout, "stderr": done.stderr, "status": done.returncode}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as out:
                made[name] = out.read()
        return made


def main():
    given = arguments(__doc__, lacuna="the command", emit="what to compile to: model, ir, object...")
    lacuna, forms = os.path.abspath(given.lacuna), given.emit
    programs = files(".ppl", under="test/programs/gallery")
    complaints = []
    for program in programs:
        for form in forms:
            first, second = (emitted(lacuna, form, os.path.join(ROOT, program)) for _ in range(2))
            if first["status"] != 0:
                complaints.append(f"{program}: compiling to {form} failed:\n{first['stderr'].decode(errors='replace')}")
            elif first != second:
                complaints.append(f"{program}: two compiles to {form} differ in {[k for k in first if first[k] != second.get(k)]}")
            elif not any(v for k, v in first.items() if k not in ("status", "stderr")):
                complaints.append(f"{program}: compiling to {form} gave nothing")
    finish(complaints, len(programs) * len(forms))


if __name__ == "__main__":
    main()
