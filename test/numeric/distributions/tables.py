"""What the tables of this folder are made of: definitions of distributions in multiple precision, and how rows are written.

Format of `<distribution>.tsv`, tab separated, lines that begin with `#` are comments:

    parameters   `loc=0x0p+0 scale=0x1p+0`: by name, in hexadecimal; vectors `[..,..]`, matrices `[[..],[..]]`; of a
                 combinator first `base=Normal` (or `components=Normal,Normal`), then the base's own parameters among the others
    quantity     `log_density`; `d_x`, `d_<parameter>`, `d_<parameter>[i]`: its derivatives; `cdf`, `survival`, `log_cdf`, `log_survival`, `quantile`,
                 `upper_quantile`, `mean`, `variance`
    at           the value (or probability) in hexadecimal, `-` for a mean or variance
    expected     25 digits, `-inf`, `inf` or `nan`, to be read by `strtod`
    scale        what an error is to be divided by: the largest of |f| and |v df/dv| over all inputs v, so that 1 ulp of any input is about
                 1e-16 of it; at least 1 for logarithms, 1 / |v| for a derivative by v. The bar is 1e-13, for shares, quantiles and moments 1e-12, for derivatives
                 1e-10, and 1e-15 besides where large parameters make them differences of logs near 1
"""
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "functions"))
from definitions import mp, mpf  # noqa: E402
from written import hexed, text  # noqa: E402

INF = math.inf
STEP = mpf(10) ** -30


class Definition:
    """A parametrisation: its log density (and more) as functions of x and the parameters in order, in mpmath numbers."""

    def __init__(self, name, parameters, log_density, kind="real", cdf=None, survival=None, quantile=None, upper_quantile=None, mean=None,
                 variance=None, flat=(), base=""):
        self.name = name
        self.parameters = parameters.split()
        self.log_density = log_density
        self.kind = kind              # of x: real, count, index, bool, vector, counts, matrix; data: real, without a derivative
        self.cdf = cdf
        self.survival = survival or (cdf and (lambda x, *p: 1 - cdf(x, *p)))
        self.quantile = quantile
        self.upper_quantile = upper_quantile
        self.mean = mean
        self.variance = variance
        self.flat = set(flat)         # parameters without a derivative: counts, flags, masks
        self.base = base              # of a combinator: "base=Normal "
        self.groups = []

    def case(self, values, points=(), outside=(), edges=(), probabilities=(), tails=(), corners=()):
        """Parameters' values; points with value and gradient; points outside (-inf); edges and corners, where the value is a limit and no
        gradient is asked for; probabilities for the quantiles; points for the four forms of the distribution function."""
        self.groups.append((tuple(values), points, outside, edges, probabilities, tails, corners))
        return self


def exact(v):
    if isinstance(v, (list, tuple)):
        return [exact(e) for e in v]
    return mpf(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else v


def shown(v):
    if isinstance(v, (list, tuple)):
        return "[" + ",".join(shown(e) for e in v) + "]"
    if isinstance(v, bool):
        return "true" if v else "false"
    return hexed(v)


def leaves(v, path=()):
    """Paths to the reals in a nested list."""
    if isinstance(v, list):
        for i, e in enumerate(v):
            yield from leaves(e, path + (i,))
    elif isinstance(v, mpf):
        yield path


def get(v, path):
    for i in path:
        v = v[i]
    return v


def moved(v, path, by):
    if not path:
        return v + by
    return [moved(e, path[1:], by) if i == path[0] else e for i, e in enumerate(v)]


def slope(f, inputs, where):
    """df / d inputs[where], by a central difference far below the digits kept."""
    index, path = where
    at = get(inputs[index], path)
    if at == 0:
        sizes = [abs(get(v, p)) for v in inputs for p in leaves(v)]
        at = min([s for s in sizes if s > 0] + [mpf(1)])
    h = STEP * abs(at)

    def shifted(by):
        return f(*[moved(v, path, by) if i == index else v for i, v in enumerate(inputs)])
    extent = sum(abs(int(mp.log10(abs(get(v, p))))) for v in inputs for p in leaves(v) if get(v, p) != 0)
    with mp.workdps(150 + 3 * max(0, extent - 20)):
        return (shifted(h) - shifted(-h)) / (2 * h)


def conditioned(f, inputs, wheres, value, floor):
    """The scale of an error in f: see the head of this file."""
    size = max(abs(value), mpf(floor))
    for where in wheres:
        size = max(size, abs(get(inputs[where[0]], where[1]) * slope(f, inputs, where)))
    return size


def least(inputs, where):
    """A derivative by v is no more exact than v's part in the function: 1 / |v|."""
    v = abs(get(inputs[where[0]], where[1]))
    return 1 / v if v > 0 else 1 / max([abs(get(u, p)) for u in inputs for p in leaves(u)] + [mpf(1)])


def place(definition, where):
    index, path = where
    name = "x" if index == 0 else definition.parameters[index - 1]
    return "d_" + name + "".join(f"[{i}]" for i in path)


class Writer:
    def __init__(self, path):
        self.lines = []
        self.path = path

    def row(self, parameters, quantity, at, expected, scale=1):
        scale = mp.nstr(mpf(scale), 6) if mp.isfinite(scale) else "1"
        self.lines.append("\t".join([parameters, quantity, at, text(expected), scale]))

    def save(self):
        with open(self.path, "w") as out:
            out.write("# parameters\tquantity\tat\texpected\tscale\n" + "\n".join(self.lines) + "\n")
        print(os.path.basename(self.path), len(self.lines), flush=True)


def write_definition(out, d, gradients=True):
    for values, points, outside, edges, probabilities, tails, corners in d.groups:
        parameters = d.base + " ".join(f"{n}={shown(v)}" for n, v in zip(d.parameters, values)) or "-"
        given = [exact(v) for v in values]
        movable = [(i + 1, path) for i, n in enumerate(d.parameters) if n not in d.flat for path in leaves(given[i])]
        for x in points:
            inputs = [exact(x)] + given
            wheres = ([(0, p) for p in leaves(inputs[0])] if d.kind in ("real", "vector", "matrix") else []) + movable
            value = d.log_density(*inputs)
            out.row(parameters, "log_density", shown(x), value, conditioned(d.log_density, inputs, wheres, value, 1))
            if x in corners:
                continue
            for where in wheres if gradients else ():
                def partial(*at, where=where):
                    return slope(d.log_density, list(at), where)
                g = partial(*inputs)
                out.row(parameters, place(d, where), shown(x), g, conditioned(partial, inputs, wheres, g, least(inputs, where)))
        for x in edges:
            out.row(parameters, "log_density", shown(x), d.log_density(exact(x), *given))
        for x in outside:
            out.row(parameters, "log_density", shown(x), -INF)
        for x in tails:
            write_tails(out, d, parameters, x, given, movable)
        for p in probabilities:
            for name, f in (("quantile", d.quantile), ("upper_quantile", d.upper_quantile)):
                if f:
                    inputs = [mpf(p)] + given
                    value = f(*inputs)
                    size = abs(value)
                    if d.kind == "real":
                        size = max(size, mpf(p) / mp.exp(d.log_density(value, *given)))
                    out.row(parameters, name, shown(p), value, size)
        for name, f in (("mean", d.mean), ("variance", d.variance)):
            if f:
                write_moment(out, parameters, name, f(*given))


def write_moment(out, parameters, name, value):
    if isinstance(value, list):
        for i, v in enumerate(value):
            out.row(parameters, f"{name}[{i}]", "-", v, abs(v))
    else:
        out.row(parameters, name, "-", value, abs(value))


def write_tails(out, d, parameters, x, given, movable):
    inputs = [exact(x)] + given
    wheres = ([(0, ())] if d.kind == "real" else []) + movable
    for name, f in (("cdf", d.cdf), ("survival", d.survival)):
        if f is None:
            continue
        value = f(*inputs)
        inside = 0 < value < 1
        out.row(parameters, name, shown(x), value, conditioned(f, inputs, wheres, value, "1e-320") if inside else 1)

        def logarithm(*at, f=f):
            return mp.log(f(*at))
        log_value = logarithm(*inputs) if value > 0 else -INF
        out.row(parameters, "log_" + name, shown(x), log_value, conditioned(logarithm, inputs, wheres, log_value, 1) if inside else 1)


def check_definition(d):
    """The distribution function is the integral of the density: its slope (for counts, its steps) is the density."""
    if d.cdf is None or d.kind not in ("real", "count"):
        return
    for values, points, *_, tails, _ in d.groups:
        given = [exact(v) for v in values]
        for x in tails[:4]:
            x = mpf(x)
            density = mp.exp(d.log_density(x, *given))
            for f, sign in ((d.cdf, 1), (d.survival, -1)):
                with mp.workdps(150):
                    if d.kind == "real":
                        h = STEP * max(abs(x), mpf("1e-3"))
                        change = (f(x + h, *given) - f(x - h, *given)) / (2 * h)
                    else:
                        change = f(x, *given) - (f(x - 1, *given) if x > 0 else (0 if sign > 0 else 1))
                # Far out the cdf's change is below the digits of the cdf itself.
                if abs(sign * change - density) > mpf(10) ** -20 * density + mpf(10) ** -40:
                    raise SystemExit(f"{d.name}{values} at {x}: density {density}, slope of the cdf {sign * change}")


def write(snake_name, definitions, gradients=True):
    out = Writer(os.path.join(HERE, snake_name + ".tsv"))
    for d in definitions:
        check_definition(d)
        write_definition(out, d, gradients)
    out.save()
