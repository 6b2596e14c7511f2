#!/usr/bin/env python3
"""How long a program takes to become the machine code of its gradient: first_gradient.py LACUNA [PROGRAM...]

From parsing to code for this processor, of what a first gradient needs: the functions that bind data and the gradient, no data read
(`lacuna compile --emit=asm --function ...`). Programs: the names given, else all of the gallery that compile, test/programs/gallery and,
where it lies beside the checkout, ../shared/design/gallery. Prints the least of ten processes, wall and processor's time, and the
latter without what a process takes to start, load the compiler and end (a model of one normal). Nothing is judged."""
import os
import resource
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDERS = [os.path.join(SOURCE, "test", "programs", "gallery"), os.path.join(SOURCE, "..", "shared", "design", "gallery")]
FUNCTIONS = ["bind", "gather_rows", "log_density_gradient"]
RUNS = 10


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1e3


def least(lacuna, program):
    """(wall, processor's) in ms, or nothing where the program is not compiled."""
    command = [lacuna, "compile", program, "--emit=asm", "--function", *FUNCTIONS]
    walls, processor = [], []
    for _ in range(RUNS):
        before, start = spent(), time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        walls.append((time.perf_counter() - start) * 1e3)
        processor.append(spent() - before)
        if done.returncode != 0:
            return None
    return min(walls), min(processor)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lacuna, wanted = sys.argv[1], sys.argv[2:]
    if not os.path.isdir(FOLDERS[1]):
        print("no ../shared/design/gallery beside the checkout: its programs are left out")
    programs = {}
    for folder in reversed([each for each in FOLDERS if os.path.isdir(each)]):
        programs.update({name[:-4]: os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".ppl")})
    with tempfile.TemporaryDirectory() as folder:
        small = os.path.join(folder, "small.ppl")
        with open(small, "w", encoding="utf-8") as out:
            out.write("model small() {\n  sample x ~ Normal(0, 1)\n}\n")
        start = least(lacuna, small)
    print(f"{'program':<26}{'process, ms':>12}{'processor, ms':>15}{'without its start':>19}")
    for name in sorted(programs):
        if wanted and name not in wanted:
            continue
        found = least(lacuna, programs[name])
        if found is not None:
            print(f"{name:<26}{found[0]:>12.1f}{found[1]:>15.1f}{found[1] - start[1]:>19.1f}")


if __name__ == "__main__":
    main()
