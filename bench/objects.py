#!/usr/bin/env python3
"""What objects weigh and cost: objects.py BUILD. Installs the build to a folder of its own, and prints sizes, needs, times to
compile and to start, calls through the table against `lacuna bench`, and the latency of examples/score_server with its
allocations a line. Times are minima; nothing is judged."""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GALLERY = os.path.join(SOURCE, "test", "programs", "gallery")
SCHOOLS = {"y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}

CALLS = r"""
#define _POSIX_C_SOURCE 200112L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "eight_schools.h"
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec * 1e9 + (double)t.tv_nsec; }
int main(void) {
  const double y[8] = {28, 8, -3, 7, -1, 1, 18, 12}, sigma[8] = {15, 10, 16, 11, 9, 11, 10, 18};
  const lacuna_model* m = lacuna_eight_schools();
  eight_schools_inputs in = {0};
  double point[10] = {0.1, -0.1, 0.05, 0.1, -0.1, 0.02, 0.1, -0.05, 0.1, 0.03}, gradient[10], value, best = 1e18;
  int64_t bytes = 0; void *bound = 0, *work = 0; int i, k;
  in.School = 8; in.y = y; in.sigma = sigma;
  if (eight_schools_bind_size(&in, &bytes, 0) || posix_memalign(&bound, 64, (size_t)bytes) || eight_schools_bind_into(&in, 0, bound, bytes, 0)) return 1;
  bytes = m->workspace_size(bound, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1);
  if (bytes > 0 && posix_memalign(&work, 64, (size_t)bytes)) return 1;
  for (k = 0; k < 2000; ++k) {
    double from = now(), took;
    for (i = 0; i < 1000; ++i) if (m->log_density_gradient(bound, point, 3, work, &value, gradient, 0)) return 1;
    took = (now() - from) / 1000;
    if (took < best) best = took;
  }
  printf("%.2f\n", best);
  return 0;
}
"""

COUNTER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
extern void* __libc_malloc(size_t); extern void* __libc_calloc(size_t, size_t); extern void* __libc_realloc(void*, size_t); extern void* __libc_memalign(size_t, size_t);
static long calls;
void* malloc(size_t n) { ++calls; return __libc_malloc(n); }
void* calloc(size_t n, size_t m) { ++calls; return __libc_calloc(n, m); }
void* realloc(void* p, size_t n) { ++calls; return __libc_realloc(p, n); }
void* aligned_alloc(size_t a, size_t n) { ++calls; return __libc_memalign(a, n); }
int posix_memalign(void** p, size_t a, size_t n) { ++calls; *p = __libc_memalign(a, n); return *p ? 0 : 12; }
__attribute__((destructor)) static void say(void) { fprintf(stderr, "allocations %ld\n", calls); }
"""


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def best(count, command, **more):
    """The least and the median time, and the least of the processor's, which a busy machine does not stretch as much."""
    times, processor = [], []
    for _ in range(count):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run(command, **more)
        times.append((time.perf_counter() - start) * 1e3)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3)
    return min(times), sorted(times)[len(times) // 2], min(processor)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text)
    return os.path.join(folder, name)


def sizes(lacuna, folder):
    for program in sorted(name[:-4] for name in os.listdir(GALLERY)):
        path = os.path.join(folder, program + ".o")
        command = [lacuna, "compile", os.path.join(GALLERY, program + ".ppl"), "-o", path]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            continue  # not compiled yet
        least, median, processor = best(7, command)
        text, data = run(["size", path]).stdout.splitlines()[1].split()[:2]
        print(f"{program + '.o':<26}{os.path.getsize(path):>8} bytes, code and data {int(text) + int(data):>7}; compile {least:6.1f} ms least, {median:6.1f} median, {processor:6.1f} of the processor's")


def linked(prefix, folder):
    write(folder, "small.c", '#include "logistic.h"\nint main(void) { return lacuna_is_readable(lacuna_logistic()) ? 0 : 1; }\n')
    program = os.path.join(folder, "small")
    run(["cc", "-std=c99", "-O2", f"-I{prefix}/include", "small.c", "logistic.o", "-o", program], cwd=folder)
    run([program])
    run(["strip", program])
    needs = re.findall(r"(lib\S+) =>", run(["ldd", program]).stdout)
    print(f"{'program, logistic.o':<22}{os.path.getsize(program):>8} bytes stripped; needs {' '.join(needs)}")


def calls(lacuna, prefix, folder, data):
    write(folder, "calls.c", CALLS)
    run(["cc", "-std=c99", "-O2", f"-I{prefix}/include", "calls.c", "eight_schools.o", "-o", "calls"], cwd=folder)
    ours = min(float(run(["./calls"], cwd=folder).stdout) for _ in range(5))
    program = os.path.join(GALLERY, "eight_schools.ppl")
    bench = min(json.loads(run([lacuna, "bench", program, data, "--for", "0.3", "--format=json"]).stdout)["gradient_ns"]["min"] for _ in range(5))
    print(f"eight schools, a gradient through the table {ours:.1f} ns, lacuna bench {bench:.1f} ns, ratio {ours / bench:.3f}")


def start(lacuna, folder, data):
    point = write(folder, "point.json", json.dumps([0.1] * 10))
    command = [lacuna, "log-density", os.path.join(GALLERY, "eight_schools.ppl"), data, "--unconstrained", point, "--gradient"]
    cold = best(7, command + ["--no-cache"])
    run(command)
    warm = best(40, command)
    print(f"eight schools, the whole process to a gradient: without the cache {cold[0]:.1f} ms, with it {warm[0]:.1f} ms ({warm[1]:.1f} median, {warm[2]:.1f} of the processor's)")


def serve(lacuna, prefix, folder):
    groups = os.path.join(SOURCE, "examples", "new_groups")
    fit = os.path.join(folder, "houses.lfit")
    run([lacuna, "fit", os.path.join(groups, "model.ppl"), os.path.join(groups, "train.csv"), "-o", fit, "--method", "laplace", "--draws", "1000", "--quiet"])
    run(["cmake", "-S", os.path.join(SOURCE, "examples", "score_server"), "-B", os.path.join(folder, "server"), "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}"])
    run(["cmake", "--build", os.path.join(folder, "server")])
    server = os.path.join(folder, "server", "score_server")
    lines = "".join(f"county {1 + i % 9:02},{i % 2}\n" for i in range(5000))
    for _ in range(3):
        print("score_server:", run([server, fit], input=lines).stderr.strip())
    write(folder, "counter.c", COUNTER)
    run(["cc", "-O1", "-shared", "-fPIC", "counter.c", "-o", "counter.so"], cwd=folder)
    counted = [int(re.search(r"allocations (\d+)", run([server, fit], input=lines[:12 * n], env=dict(os.environ, LD_PRELOAD=os.path.join(folder, "counter.so"))).stderr)[1])
               for n in (100, 1100)]
    print(f"score_server: allocations of 1,000 lines more: {counted[1] - counted[0]}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "prefix")
        run(["cmake", "--install", sys.argv[1], "--prefix", prefix])
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        lacuna = os.path.join(prefix, "bin", "lacuna")
        data = write(folder, "schools.json", json.dumps(SCHOOLS))
        sizes(lacuna, folder)
        linked(prefix, folder)
        calls(lacuna, prefix, folder, data)
        start(lacuna, folder, data)
        serve(lacuna, prefix, folder)


if __name__ == "__main__":
    main()
