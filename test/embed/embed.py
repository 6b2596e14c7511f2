#!/usr/bin/env python3
"""Installs a build, moves what was installed, and builds against it, as projects of their own, the client of the C interface
and the examples: embed.py BUILD plain|address|thread. What they print is held to what must be so."""
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLAGS = {"plain": "", "address": "-fsanitize=address,undefined -fno-sanitize-recover=all -g1", "thread": "-fsanitize=thread -g1"}
failures = []


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(ok, what):
    if not ok:
        failures.append(what)


class Prefix:
    """A build, installed and moved; and what is built against it."""

    def __init__(self, build, scratch, how):
        self.scratch, self.flags = scratch, FLAGS[how]
        first = os.path.join(scratch, "first")
        run(["cmake", "--install", build, "--prefix", first])
        self.path = os.path.join(scratch, "elsewhere", "lacuna")
        os.makedirs(os.path.dirname(self.path))
        os.rename(first, self.path)
        self.lacuna = os.path.join(self.path, "bin", "lacuna")
        self.cache = dict(os.environ, XDG_CACHE_HOME=os.path.join(scratch, "cache"))

    def project(self, folder):
        made = os.path.join(self.scratch, os.path.basename(folder))
        run(["cmake", "-S", folder, "-B", made, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.path}", f"-DCMAKE_C_FLAGS={self.flags}",
             f"-DCMAKE_CXX_FLAGS={self.flags}"])
        run(["cmake", "--build", made])
        return os.path.join(made, os.path.basename(folder))

    def fit(self, program, data, name, draws):
        path = os.path.join(self.scratch, name)
        run([self.lacuna, "fit", program, data, "-o", path, "--method", "laplace", "--draws", str(draws), "--quiet"], env=self.cache)
        return path


def check_installed(prefix):
    """Nothing that was installed, but the command itself, names the folder of the build or the source."""
    for folder, _, names in os.walk(prefix.path):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path) or name == "lacuna" or name.startswith("liblacuna_compiler"):
                continue
            with open(path, "rb") as file:
                text = file.read()
            check(SOURCE.encode() not in text, f"{os.path.relpath(path, prefix.path)} names a folder of the build")
    found = run(["pkg-config", "--cflags", "--libs", "lacuna"], env=dict(os.environ, PKG_CONFIG_PATH=os.path.join(prefix.path, "lib", "pkgconfig"))) \
        if shutil.which("pkg-config") else f"-I{prefix.path}/lib/pkgconfig/../../include -L{prefix.path}/lib/pkgconfig/../../lib -llacuna"
    check("-llacuna" in found, f"pkg-config: {found}")
    needed = run(["ldd", os.path.join(prefix.path, "lib", "liblacuna.so")])
    check(not re.search(r"LLVM|antlr|netcdf|fmt|simdjson", needed), f"the library needs {needed}")


def check_client(prefix):
    client = os.path.join(SOURCE, "test", "embed", "client")
    program = prefix.project(client)
    own = prefix.fit(os.path.join(client, "scores.ppl"), os.path.join(client, "scores.csv"), "own.lfit", 50)
    data = os.path.join(prefix.scratch, "z.json")
    with open(data, "w") as file:
        file.write('{"z": [0.1, 0.4]}')
    other = prefix.fit(os.path.join(client, "other.ppl"), data, "other.lfit", 50)
    done = subprocess.run([program, own, other, data], capture_output=True, text=True)
    check(done.returncode == 0, f"the client: exit {done.returncode}\n{done.stdout}{done.stderr}")


def check_embed_c(prefix):
    folder = os.path.join(SOURCE, "examples", "embed_c")
    program = prefix.project(folder)
    said = run([program])
    found = re.search(r"log density (\S+), largest slope (\S+)\nbase (\S+), hurry (\S+), habit (\S+)\n", said)
    check(bool(found), f"embed_c says {said}")
    if found:
        density, slope, *latents = map(float, found.groups())
        check(slope < 1e-6, f"embed_c has not climbed to the top: {slope}")
        check(abs(density - clicks_density(*latents)) < 1e-3, f"embed_c: {density} is not {clicks_density(*latents)}")
    needed = re.findall(r"^\s*(\S+) =>", run(["ldd", program]), re.MULTILINE)
    if not prefix.flags:
        check(set(n.split(".")[0] for n in needed) <= {"libc", "libm", "linux-vdso"}, f"embed_c needs {needed}")
        symbols = run(["nm", "--defined-only", "-g", os.path.join(os.path.dirname(program), "embed_c.models", "clicks.o")])
        check(re.findall(r" (\S+)$", symbols, re.MULTILINE) == ["lacuna_clicks"], f"the object exports {symbols}")


def clicks_density(base, hurry, habit):
    """The log density of examples/embed_c at its data, by its definition."""
    wait, before = (0.2, 0.4, 0.5, 0.9, 1.8, 2.4, 3.0), (1.1, 0.0, 2.3, 0.7, 1.6, 0.7, 0.0)
    total = 0
    for value, scale in ((base, 2), (hurry, 1), (habit, 1)):
        total += -0.5 * (value / scale) ** 2 - math.log(scale) - 0.5 * math.log(2 * math.pi)
    for w, b, clicked in zip(wait, before, (1, 1, 1, 0, 1, 0, 0)):
        logit = base + hurry * w + habit * b
        total += -math.log1p(math.exp(-logit if clicked else logit))
    return total


def check_predictions(prefix):
    groups = os.path.join(SOURCE, "examples", "new_groups")
    fit = prefix.fit(os.path.join(groups, "model.ppl"), os.path.join(groups, "train.csv"), "houses.lfit", 1000)
    said = run([prefix.project(os.path.join(SOURCE, "examples", "embed_cpp")), fit])
    rows = re.findall(r"^(county 03|somewhere new)\s+floor ([01]):\s+(\S+), from\s+(\S+) to\s+(\S+)$", said, re.MULTILINE)
    check(len(rows) == 4, f"embed_cpp says {said}")
    if len(rows) == 4:
        width = [float(high) - float(low) for *_, low, high in rows]
        check(all(float(low) < float(mean) < float(high) for _, _, mean, low, high in rows), f"embed_cpp says {said}")
        check(min(width[2:]) > max(width[:2]), f"a new county is not less certain than a known one: {said}")
    server = prefix.project(os.path.join(SOURCE, "examples", "score_server"))
    lines = "county 03,0\ncounty 03,1\nnowhere,1\ncounty 03,0\n"
    done = subprocess.run([server, fit], input=lines, capture_output=True, text=True)
    answers = done.stdout.splitlines()
    check(done.returncode == 0 and len(answers) == 4, f"score_server: {done.stdout}{done.stderr}")
    check(answers[0] == answers[3] and answers[2] == "nowhere: the fit has no such county", f"score_server: {done.stdout}")
    check("3 lines against 1000 draws: median" in done.stderr, f"score_server: {done.stderr}")
    if rows and answers:
        check(abs(float(answers[0].split(",")[2]) - float(rows[0][2])) < 0.006, f"embed_cpp and score_server differ: {said}{done.stdout}")


def check_page(prefix):
    """The files of docs/embedding.md are a project that builds and runs."""
    sys.path.insert(0, os.path.join(SOURCE, "test", "docs"))
    import examples
    path = os.path.join(SOURCE, "docs", "embedding.md")
    folder = os.path.join(prefix.scratch, "page", "radon_levels")
    os.makedirs(folder)
    with open(path, encoding="utf-8") as page:
        for block in examples.read_blocks(path, page.read()):
            if "file" in block.directives:
                with open(os.path.join(folder, block.directives["file"]), "w", encoding="utf-8") as out:
                    out.write(block.text)
    program = prefix.project(folder)
    fit = prefix.fit(os.path.join(folder, "radon.ppl"), os.path.join(SOURCE, "examples", "new_groups", "train.csv"), "radon.lfit", 500)
    said = run([program], cwd=os.path.dirname(fit))
    found = re.findall(r"^floor [01]: between (\S+) and (\S+)$", said, re.MULTILINE)
    check(len(found) == 2 and all(float(low) < float(high) for low, high in found), f"the page's program says {said}")


def main():
    build, how = sys.argv[1], sys.argv[2]
    with tempfile.TemporaryDirectory() as scratch:
        prefix = Prefix(build, scratch, how)
        check_installed(prefix)
        check_client(prefix)
        check_embed_c(prefix)
        check_predictions(prefix)
        check_page(prefix)
    for failure in failures:
        print(failure)
    sys.exit(len(failures))


if __name__ == "__main__":
    main()
