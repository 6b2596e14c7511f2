#!/usr/bin/env python3
"""Each verb's --help shows an example, and the example runs; docs/command.md has a row for each verb.

    help_examples.py LACUNA
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(folder, *command):
    environment = dict(os.environ, PATH=os.path.dirname(os.path.abspath(sys.argv[1])) + os.pathsep + os.environ.get("PATH", ""))
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False, env=environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lacuna", help="the command")
    lacuna = os.path.abspath(parser.parse_args().lacuna)
    overview = run(ROOT, lacuna, "--help").stdout
    verbs = re.findall(r"^  ([a-z][\w-]*) ", overview.split("Subcommands:")[1], re.MULTILINE)
    with open(os.path.join(ROOT, "docs", "command.md"), encoding="utf-8") as page:
        described = set(re.findall(r"^\| `([a-z][\w-]*)", page.read(), re.MULTILINE))
    complaints = [f"docs/command.md has no row for `{verb}`" for verb in verbs if verb not in described]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(ROOT, "examples"), os.path.join(folder, "examples"))
        for verb in verbs:
            examples = re.findall(r"^  (lacuna .*)$", run(ROOT, lacuna, verb, "--help").stdout.partition("Example")[2], re.MULTILINE)
            if not examples:
                complaints.append(f"`lacuna {verb} --help` shows no example")
            for example in examples:
                done = run(folder, "sh", "-c", example)
                if done.returncode != 0:
                    complaints.append(f"`{example}` ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    for complaint in complaints:
        print(complaint)
    print(f"{len(verbs)} verbs, {len(complaints)} complaints")
    return 1 if complaints or not verbs else 0


if __name__ == "__main__":
    sys.exit(main())
