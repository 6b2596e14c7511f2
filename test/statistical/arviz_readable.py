#!/usr/bin/env python3
"""Predictions as NetCDF are what ArviZ's schema says, as xarray reads them; skipped where Debian's python3-xarray and python3-netcdf4 are absent.

    arviz_readable.py LACUNA EXAMPLES
"""
import os
import sys

from predicting import Case

try:
    import netCDF4  # noqa: F401  # pylint: disable=unused-import
    import numpy
    import xarray
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (python3-xarray, python3-netcdf4)")
    sys.exit(77)


def groups(path):
    with netCDF4.Dataset(path) as file:
        return set(file.groups)


def main():
    case, examples = Case(), os.path.abspath(sys.argv[2])
    folder = os.path.join(examples, "new_groups")
    model, train, new = (os.path.join(folder, name) for name in ("model.ppl", "train.csv", "new.csv"))
    case.run("fit", model, train, "-o", "fit.nc", "--draws", "200", may_doubt=True)
    case.run("predict", "fit.nc", "-o", "check.nc")
    case.run("predict", "fit.nc", new, "-o", "new.nc", "--key", "N=house", "--latents")
    case.run("predict", "fit.nc", new, "-o", "summary.nc", "--summary", "mean,q05")
    case.run("prior", model, new, "-o", "prior.nc", "--draws", "30")
    case.run("log-likelihood", "fit.nc", "-o", "terms.nc")

    for name, wanted in {"check.nc": {"posterior_predictive", "observed_data", "constant_data"}, "new.nc": {"predictions", "predictions_constant_data"},
                         "prior.nc": {"prior", "prior_predictive", "constant_data"}, "terms.nc": {"log_likelihood", "observed_data", "constant_data"}}.items():
        case.require(f"{name} has the groups {sorted(wanted)}", groups(case.path(name)) == wanted)

    def read(name, group):
        return xarray.open_dataset(case.path(name), group=group).load()
    check, observed = read("check.nc", "posterior_predictive"), read("check.nc", "observed_data")
    case.require("the check's axes", check.log_radon.dims == ("chain", "draw", "N") and check.log_radon.shape[:2] == (1, 200))
    case.require("the check is of the observed cells", check.N.equals(observed.N) and check.log_radon.shape[2] == observed.log_radon.shape[0])
    case.require("the library is named", check.attrs["inference_library"] == "lacuna")
    new_draws, new_data = read("new.nc", "predictions"), read("new.nc", "predictions_constant_data")
    case.require("rows by their labels", list(new_draws.N.values) == [f"h{i}" for i in range(1, 9)])
    case.require("a row by its label", bool(numpy.isfinite(new_draws.log_radon.sel(N="h7")).all()))
    case.require("latents of the counties that are named", set(new_draws.a.County.values) == {"county 03", "county 17", "county 41", "county 45"})
    case.require("the data beside it", float(new_data.floor.sel(N="h2")) == 1)
    summary = read("summary.nc", "predictions")
    case.require("a summary", float(summary.log_radon.sel(metric="q05", N=0)) < float(summary.log_radon.sel(metric="mean", N=0)))
    prior = read("prior.nc", "prior")
    case.require("the prior", prior.mu.shape == (1, 30) and prior.a.dims == ("chain", "draw", "County"))
    terms = read("terms.nc", "log_likelihood")
    scored = observed.log_radon.notnull()
    case.require("terms of the scored cells", list(terms.log_radon_N.values) == list(observed.N.values[scored.values]))
    case.require("no gap among them", bool(numpy.isfinite(terms.log_radon).all()))
    case.finish()


main()
