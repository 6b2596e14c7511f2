#!/usr/bin/env python3
"""tools/setup.sh does what it says, on a machine that is played: nothing when all is installed; names the packages when there is neither root nor
sudo; names the suite when LLVM is not to be had; installs what is missing, and no more."""
import os
import subprocess
import tempfile

from tree import ROOT, arguments, finish, read

LIST = "there # installed\nlacking # not\n"
CASES = {  # what is played: (installed, user, sudo works, LLVM is to be had) -> (status, what the output must hold, the calls made)
    "all installed": (("there", "lacking"), 0, False, False, 0, "", []),
    "neither root nor sudo": (("there",), 1000, False, True, 1, "apt-get install --no-install-recommends lacking", []),
    "no LLVM 22": (("there",), 0, False, False, 1, "bookworm-security", ["update -q"]),
    "root": (("there",), 0, False, True, 0, "installing lacking", ["update -q", "install -q -y --no-install-recommends lacking"]),
    "sudo": (("there",), 1000, True, True, 0, "installing lacking", ["update -q", "install -q -y --no-install-recommends lacking"]),
}


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write("#!/bin/sh\n" + text + "\n")
    os.chmod(path, 0o755)


def play(installed, user, sudo, llvm):
    """(status, output, what apt-get was called with)."""
    with tempfile.TemporaryDirectory() as folder:
        tools, log = os.path.join(folder, "tools"), os.path.join(folder, "calls")
        os.mkdir(tools)
        write(tools, "setup.sh", read("tools/setup.sh"))
        with open(os.path.join(tools, "packages.txt"), "w", encoding="utf-8") as out:
            out.write(LIST)
        write(folder, "dpkg-query", f'for last; do :; done\ncase " {" ".join(installed)} " in *" $last "*) echo installed;; *) exit 1;; esac')
        write(folder, "id", f"echo {user}")
        write(folder, "sudo", 'if [ "$1" = -n ]; then shift; exec "$@"; fi\nexec "$@"' if sudo else "exit 1")
        write(folder, "apt-cache", f"exit {0 if llvm else 1}")
        write(folder, "apt-get", f'echo "$*" >>"{log}"')
        done = subprocess.run(["sh", os.path.join(tools, "setup.sh")], env={"PATH": folder + os.pathsep + "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, cwd=ROOT, check=False)
        calls = open(log, encoding="utf-8").read().splitlines() if os.path.exists(log) else []
        return done.returncode, done.stdout + done.stderr, calls


def main():
    arguments(__doc__)
    complaints = []
    for name, (installed, user, sudo, llvm, status, text, calls) in CASES.items():
        found = play(installed, user, sudo, llvm)
        if found[0] != status or text not in found[1] or (not text and found[1]) or found[2] != calls:
            complaints.append(f"{name}: ended with {found[0]}, called {found[2]}, printed:\n{found[1]}")
    finish(complaints, len(CASES))


if __name__ == "__main__":
    main()
