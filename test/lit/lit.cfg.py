# lit's configuration for everything that is shown by what the tools print. See README.md beside this file.
import os

import lit.formats

config.name = "lacuna"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ppl", ".lir", ".test"]
config.excludes = ["inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build_folder, "test", "lit")

config.environment["PATH"] = os.pathsep.join([config.llvm_tools, os.environ.get("PATH", "")])
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")  # not the user's own
config.environment["FILECHECK_OPTS"] = "--dump-input-filter=error"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LACUNA_SHARED"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

annotations = os.path.join(config.test_source_root, "annotations.py")
config.substitutions += [
    (r"%check_annotations\b", f"'{config.python}' '{annotations}' --lacuna '{config.lacuna}'"),
    (r"%status\b", f"'{config.python}' '{os.path.join(config.test_source_root, 'status.py')}'"),
    (r"%python\b", f"'{config.python}'"),
    (r"%lacuna-opt\b", config.lacuna_opt),
    (r"%lacuna\b(?!-)", config.lacuna),
    (r"%gallery\b", os.path.join(config.source_folder, "test", "programs", "gallery")),
    (r"%examples\b", os.path.join(config.source_folder, "examples")),
    (r"%source\b", config.source_folder),
]

# A test says `REQUIRES: lacuna-opt` when it needs a tool that a tree may lack.
if config.lacuna_opt:
    config.available_features.add("lacuna-opt")
if config.sanitized:
    config.available_features.add("sanitized")
