#!/usr/bin/env python3
"""Writes an input that no editor would: make_input.py KIND FILE."""
import sys

PROGRAM = b"model m(y: real[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, 1)\n}\n"
NESTED = b"model m(y: real[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(%s, 1)\n}\n"
KINDS = {
    "empty": b"",
    "blank": b" \n\t\n",
    "comment": b"// nothing else\n",
    "binary": bytes(range(256)) * 16,
    "nul": PROGRAM[:30] + b"\0" + PROGRAM[30:],
    "latin1": "// gr\u00fcn\n".encode("latin-1") + PROGRAM,
    "cut_utf8": PROGRAM + "// \u03c3".encode()[:-1],
    "overlong_utf8": b"// \xc0\xaf\n" + PROGRAM,
    "surrogate": b"// \xed\xa0\x80\n" + PROGRAM,
    "bom": b"\xef\xbb\xbf" + PROGRAM,
    "crlf": PROGRAM.replace(b"\n", b"\r\n"),
    "no_final_newline": PROGRAM[:-1],
    "escape": b"// \x1b[2J\n" + PROGRAM,
    "parentheses": NESTED % (b"(" * 300 + b"mu" + b")" * 300),
    "brackets": NESTED % (b"[" * 300 + b"mu" + b"]" * 300),
    "signs": NESTED % (b"-" * 100_000 + b"mu"),
    "powers": NESTED % b"^".join([b"mu"] * 100_000),
    "conditions": NESTED % (b"if mu > 0 then 1 else " * 50_000 + b"0"),
    "open_parentheses": b"model m(y: real[N]) {\n  observe y ~ Normal(" + b"(" * 1_000_000,
    "open_braces": b"for n in N {" * 200_000,
    "long_sum": NESTED % b"+".join([b"mu"] * 20_000),
    "large": PROGRAM + b"// " + b"x" * (8 << 20),
    "long_name": PROGRAM.replace(b"mu", b"m" * 1_000_000),
    "calls": b"".join(b"fn f%d(x: real): real = f%d(x) + 1\n" % (i, i + 1) for i in range(20_000)) + b"fn f20000(x: real): real = x\n" + NESTED % b"f0(mu)",
    "calls_below": b"".join(b"fn f%d(x: real): real = f%d(x) + 1\n" % (i + 1, i) for i in range(20_000)) + b"fn f0(x: real): real = x\n" + NESTED % b"f20000(mu)",
    "sizes": b"".join(b"dim A%d = A%d + 1\n" % (i, i + 1) for i in range(200_000)) + b"dim A200000\n" + PROGRAM.replace(b"[N]", b"[A0]"),
    "sizes_below": b"dim A0\n" + b"".join(b"dim A%d = A%d + 1\n" % (i + 1, i) for i in range(200_000)) + PROGRAM.replace(b"[N]", b"[A200000]"),
    "unknown_names": b"model m(y: real[N]) {\n" + b"".join(b"  let b%d = c%d + 1\n" % (i, i) for i in range(50_000)) + b"}\n",
    "many_mistakes": b"model m(y: real[N]) {\n" + b"  sample a Normal(0, 1)\n" * 5_000 + b"}\n",
}


def main():
    with open(sys.argv[2], "wb") as out:
        out.write(KINDS[sys.argv[1]])


if __name__ == "__main__":
    main()
