#include "runtime/infer/curvature.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace lacuna::runtime::infer {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<double> rows_of(const Matrix& m) {
  return {m.data(), m.data() + m.size()};
}

}  // namespace

bool may_be_dense(const Density& density, const char* method, Problems& problems) {
  if (density.size() <= kMostDense) return true;
  problems.report(Id::TooManyLatents, density.size(), method, kMostDense)
      .help("`--method svi` with `--guide mean-field` takes any number");
  return false;
}

std::vector<double> negative_hessian(Density& density, const std::vector<double>& point,
                                     const std::vector<double>& scale) {
  const Eigen::Index n = static_cast<Eigen::Index>(point.size());
  Matrix hessian(n, n);
  std::vector<double> x = point, up(point.size()), down(point.size());
  for (Eigen::Index i = 0; i < n; ++i) {
    const std::size_t k = static_cast<std::size_t>(i);
    if (density.has_products()) {
      std::fill(down.begin(), down.end(), 0.0);
      down[k] = 1;
      density.product(point.data(), down.data(), up.data());
      for (Eigen::Index j = 0; j < n; ++j) hessian(i, j) = -up[static_cast<std::size_t>(j)];
      continue;
    }
    const double step = 1e-4 * scale[k];
    x[k] = point[k] + step;
    const double width = x[k];
    density.gradient(x.data(), up.data());
    x[k] = point[k] - step;
    const double whole = width - x[k];
    density.gradient(x.data(), down.data());
    x[k] = point[k];
    for (Eigen::Index j = 0; j < n; ++j) {
      hessian(i, j) = (down[static_cast<std::size_t>(j)] - up[static_cast<std::size_t>(j)]) / whole;
    }
  }
  const Matrix symmetric = 0.5 * (hessian + hessian.transpose());
  return rows_of(symmetric);
}

std::vector<double> curvature_triangle(Density& density, const std::vector<double>& point,
                                       const std::vector<double>& scale) {
  const Eigen::Index n = static_cast<Eigen::Index>(point.size());
  const std::vector<double> raw = negative_hessian(density, point, scale);
  const Eigen::Map<const Eigen::VectorXd> units(scale.data(), n);
  Matrix precision = Eigen::Map<const Matrix>(raw.data(), n, n);
  precision = units.asDiagonal() * precision * units.asDiagonal();
  Matrix triangle = Matrix::Zero(n, n);
  if (precision.allFinite()) {
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(precision);
    const Eigen::VectorXd raised = solver.eigenvalues().cwiseMax(1e-3);
    const Matrix covariance =
        solver.eigenvectors() * raised.cwiseInverse().asDiagonal() * solver.eigenvectors().transpose();
    triangle = Matrix(covariance.llt().matrixL());
  }
  if (!precision.allFinite() || !triangle.allFinite() || !(triangle.diagonal().array() > 0).all())
    triangle = Matrix::Identity(n, n);
  return rows_of(units.asDiagonal() * triangle);
}

Normal normal_of_precision(const std::vector<double>& precision, std::size_t size) {
  const Eigen::Index n = static_cast<Eigen::Index>(size);
  Normal made;
  const Matrix wanted = Eigen::Map<const Matrix>(precision.data(), n, n);
  if (wanted.allFinite()) {
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(wanted);
    const double most = n > 0 ? solver.eigenvalues().cwiseAbs().maxCoeff() : 0;
    for (Eigen::Index e = 0; e < n; ++e) {
      if (solver.eigenvalues()[e] > 1e-10 * most) continue;
      Eigen::Index at = 0;
      solver.eigenvectors().col(e).cwiseAbs().maxCoeff(&at);
      made.flat.push_back(static_cast<std::size_t>(at));
    }
  } else {
    for (Eigen::Index i = 0; i < n; ++i) {
      if (!wanted.row(i).allFinite()) made.flat.push_back(static_cast<std::size_t>(i));
    }
  }
  if (!made.flat.empty()) return made;
  const Matrix covariance = wanted.llt().solve(Matrix::Identity(n, n));
  const Matrix triangle = covariance.llt().matrixL();
  made.log_determinant = triangle.diagonal().array().log().sum();
  made.triangle = rows_of(triangle);
  return made;
}

}  // namespace lacuna::runtime::infer
