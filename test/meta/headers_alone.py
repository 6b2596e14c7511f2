#!/usr/bin/env python3
"""Every header compiles alone, so that no file depends on the order of its includes.

    headers_alone.py BUILD_FOLDER [COMPILER...]

Each header is compiled by itself from a stub, through ccache where it is found, so a second run costs little.
"""
import concurrent.futures
import os
import shutil
import subprocess
import sys

from tree import ROOT, arguments, files, finish

LLVM_INCLUDE = "/usr/lib/llvm-22/include"


def main():
    given = arguments(__doc__, build="a configured build folder", compiler="the compiler and its options; g++ when left out...")
    build, compiler = given.build, given.compiler or ["g++"]
    if not os.path.exists(os.path.join(build, "CMakeCache.txt")):
        sys.exit(f"headers_alone.py: {build} is no build folder")
    folder = os.path.join(build, "test", "meta", "headers")
    os.makedirs(folder, exist_ok=True)
    if shutil.which("ccache") and compiler[0] != "ccache":
        compiler = ["ccache", *compiler]
    flags = ["-std=c++20", "-O0", "-fno-char8_t", "-w", f"-I{ROOT}", f"-I{ROOT}/runtime/include", f"-I{build}", "-I/usr/include/eigen3",
             "-isystem", LLVM_INCLUDE, "-isystem", "/usr/include/antlr4-runtime"]

    def compile_alone(header):
        stub = os.path.join(folder, header.replace("/", "__") + ".cpp")
        text = f'#include "{header}"\n#include "{header}"\n'
        if not os.path.exists(stub) or open(stub, encoding="utf-8").read() != text:
            with open(stub, "w", encoding="utf-8") as out:
                out.write(text)
        done = subprocess.run([*compiler, *flags, "-c", stub, "-o", stub + ".o"], capture_output=True, text=True, check=False)
        return f"{header} does not compile alone:\n{done.stderr}" if done.returncode else None

    headers = files(".h", ".hpp", under="compiler") + files(".h", ".hpp", under="runtime")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [c for c in pool.map(compile_alone, headers) if c]
    finish(complaints, len(headers))


if __name__ == "__main__":
    main()
