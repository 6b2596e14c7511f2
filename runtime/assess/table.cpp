#include "runtime/assess/table.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "runtime/assess/summary.h"

namespace lacuna::runtime::assess {
namespace {

// "[Aitkin,2]" of a cell of a site.
std::string subscripts(const io::Fit& fit, const io::FitSite& site, std::int64_t value) {
  std::int64_t cell = site.partial ? site.positions[static_cast<std::size_t>(value)] : value;
  std::string text;
  for (std::size_t k = site.axes.size(); k-- > 0;) {
    const std::int64_t at = cell % site.sizes[k];
    cell /= site.sizes[k];
    std::string label = std::to_string(at);
    for (const data::Dimension& d : fit.dimensions) {
      if (d.name == site.axes[k] && !d.labels.empty()) label = d.labels[static_cast<std::size_t>(at)];
    }
    text = label + (text.empty() ? "" : ",") + text;
  }
  return text.empty() ? "" : "[" + text + "]";
}

struct Row {
  std::string name;
  Summary summary;
};

std::vector<Row> rows_of(const io::Fit& fit) {
  std::vector<Row> rows;
  const double* at = fit.values.data();
  for (const io::FitSite& site : fit.sites) {
    for (std::int64_t v = 0; v < site.count; ++v, at += fit.draws) {
      rows.push_back({site.name + subscripts(fit, site, v), summarise({at, static_cast<std::size_t>(fit.draws)}, 1)});
    }
  }
  return rows;
}

std::string text_of(const io::Fit& fit, const char* name) {
  const auto found = fit.texts.find(name);
  return found == fit.texts.end() ? "" : found->second;
}

// Code points, as what a terminal shows.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string number(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.4g}", value);
}

}  // namespace

std::string summary_text(const io::Fit& fit) {
  const std::vector<Row> rows = rows_of(fit);
  std::size_t width = 4;
  for (const Row& row : rows) width = std::max(width, width_of(row.name));
  std::string text(width, ' ');
  for (const char* title : {"mean", "sd", "mcse", "5%", "50%", "95%", "ess", "r_hat"})
    text += fmt::format(" {:>9}", title);
  text += '\n';
  for (const Row& row : rows) {
    const Summary& s = row.summary;
    text += row.name + std::string(width - width_of(row.name), ' ');
    for (const double value : {s.mean, s.sd, s.mcse, s.q05, s.q50, s.q95}) text += fmt::format(" {:>9}", number(value));
    text += fmt::format(" {:>9} {:>9}\n", std::isnan(s.ess_bulk) ? "-" : fmt::format("{:.0f}", s.ess_bulk),
                        std::isnan(s.rhat) ? "-" : fmt::format("{:.3f}", s.rhat));
  }
  text += fmt::format("\n{}, {}, {}: {}\n", text_of(fit, "method"), text_of(fit, "guide"),
                      fit.draws == 1 ? "one point" : fmt::format("{} draws", fit.draws), text_of(fit, "outcome"));
  return text + text_of(fit, "warnings");
}

std::string summary_json(const io::Fit& fit) {
  nlohmann::ordered_json latents = nlohmann::ordered_json::object();
  for (const Row& row : rows_of(fit)) {
    const Summary& s = row.summary;
    latents[row.name] = {{"mean", s.mean}, {"sd", s.sd},   {"mcse", s.mcse},         {"q05", s.q05},
                         {"q50", s.q50},   {"q95", s.q95}, {"ess_bulk", s.ess_bulk}, {"ess_tail", s.ess_tail}, {"r_hat", s.rhat}};
  }
  nlohmann::ordered_json all = {{"latents", latents}, {"draws", fit.draws}};
  for (const auto& [name, value] : fit.numbers) all[name] = value;
  for (const char* name : {"model", "method", "guide", "outcome", "warnings"}) all[name] = text_of(fit, name);
  return all.dump() + "\n";
}

}  // namespace lacuna::runtime::assess
