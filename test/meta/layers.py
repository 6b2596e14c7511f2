#!/usr/bin/env python3
"""Dependencies point one way: what each folder may include, and where LLVM and ANTLR may be seen.

The order of the layers is written here once. Each layer's CMakeLists.txt declares what it uses (`lacuna_layer(check types)`); a
declaration may only point down the order, and an include only at what is declared, directly or through another layer.
"""
import os
import re

from tree import arguments, files, finish, read

ORDER = ["support", "diagnostics", "syntax", "types", "check", "elaborate", "ir", "analysis", "transform", "autodiff", "density",
         "schedule", "codegen", "entries", "jit", "aot", "cache", "driver"]
TEXT_ONLY = {"stdlib"}  # the standard library's files, embedded: data, not a layer
SEES_LLVM = {"codegen", "jit", "aot"}
SEES_ANTLR = {"syntax"}
ONE_USER = {"llvm/Passes/PassBuilder.h": "compiler/codegen/", "llvm/ExecutionEngine/Orc/LLJIT.h": "compiler/jit/"}
C_ABI = {"lacuna/model.h", "lacuna/data.h", "lacuna/metadata.h"}  # the C interface: all that compiler and runtime share
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def declared():
    """What each layer's CMakeLists.txt links: {layer: {layer, ...}}."""
    uses = {}
    for layer in ORDER:
        text = re.sub(r"#.*", "", read(f"compiler/{layer}/CMakeLists.txt"))
        named = re.search(rf"lacuna_layer\(\s*{layer}\b([^)]*)\)", text)
        uses[layer] = set(named.group(1).split()) if named else set()
        for more in re.findall(r"target_link_libraries\(([^)]*)\)", text):
            uses[layer] |= {w[len("lacuna_"):] for w in more.split() if w.startswith("lacuna_")} & set(ORDER) - {layer}
        # What loads the compiler library at run time uses the layer that it stands for.
        if re.search(r"add_dependencies\([^)]*\blacuna_compiler\b", text):
            uses[layer] |= {"jit", "aot"}
    return uses


def closure(uses, layer):
    reached, todo = set(), [layer]
    while todo:
        for below in uses[todo.pop()]:
            if below in uses and below not in reached:
                reached.add(below)
                todo.append(below)
    return reached


def main():
    arguments(__doc__)
    complaints = []
    folders = {p.split("/")[1] for p in files(".cpp", ".h", under="compiler") if p.count("/") > 1}
    complaints += [f"compiler/{f}: not in the order of layers (test/meta/layers.py)" for f in sorted(folders - set(ORDER))]
    uses = declared()
    for layer, below in uses.items():
        for other in sorted(below - TEXT_ONLY):
            if other not in ORDER or ORDER.index(other) > ORDER.index(layer):
                complaints.append(f"compiler/{layer}/CMakeLists.txt: {layer} may not use {other}, which is not below it")

    users = {header: [] for header in ONE_USER}
    sources = files(".cpp", ".h", ".c", ".hpp", ".def", under="compiler") + files(".cpp", ".h", ".c", ".hpp", ".def", under="runtime")
    for path in sources:
        layer = path.split("/")[1] if path.startswith("compiler/") else None
        seen = closure(uses, layer) | {layer} if layer in uses else set()
        for name in INCLUDE.findall(read(path)):
            if name in users:
                users[name].append(path)
            other = name.split("/")[1] if name.startswith("compiler/") else None
            if layer is None and (other or name.startswith(("llvm", "antlr4", "grammar/"))):
                complaints.append(f"{path}: the runtime does not know the compiler, but includes {name}")
            elif layer and other and other not in seen:
                complaints.append(f"{path}: {layer} includes {name}, and compiler/{layer}/CMakeLists.txt declares no use of {other}")
            elif layer and name.startswith(("llvm/", "llvm-c/")) and layer not in SEES_LLVM:
                complaints.append(f"{path}: LLVM is seen in {', '.join(sorted(SEES_LLVM))} only, but this includes {name}")
            elif layer and name.startswith(("antlr4", "grammar/generated")) and layer not in SEES_ANTLR:
                complaints.append(f"{path}: the parser's runtime is seen in syntax only, but this includes {name}")
            elif layer and layer != "driver" and (name.startswith("runtime/") or (name.startswith("lacuna/") and name not in C_ABI)):
                complaints.append(f"{path}: compiler and runtime share the C interface only, but this includes {name}")
            if name.startswith("..") or "/../" in name:
                complaints.append(f"{path}: includes are written from the repository's root, not {name}")
    for header, found in users.items():
        if len(found) > 1 or any(not p.startswith(ONE_USER[header]) for p in found):
            complaints.append(f"{header} has one user, in {ONE_USER[header]}, but is included by {', '.join(found)}")
    finish(complaints, len(sources))


if __name__ == "__main__":
    main()
