#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {
namespace {

// What `--open` may open: nothing whose elements are bound together in an event.
void check_opened(const Context& context, Problems& problems) {
  const lacuna_metadata& metadata = context.metadata;
  for (const std::string& name : context.options.opened) {
    int d = 0;
    std::vector<std::string> known;
    for (; d < metadata.dimension_count && name != metadata.dimensions[d].name; ++d)
      known.emplace_back(metadata.dimensions[d].name);
    if (d == metadata.dimension_count) {
      Diagnostic& made = problems.report(Id::OptionWithoutMeaning, "--open " + name,
                                         fmt::format("the model has no dimension `{}`", name));
      if (const std::string near = nearest(name, known); !near.empty())
        made.help(fmt::format("did you mean `{}`?", near));
      continue;
    }
    for (int s = 0; s < metadata.site_count; ++s) {
      const lacuna_site_info& site = metadata.sites[s];
      for (int k = site.rank - site.event_rank; k < site.rank && site.kind == LACUNA_LATENT; ++k) {
        if (site.axes[k] != d || site.type.structure == LACUNA_VECTOR || site.type.structure == LACUNA_SCALAR) continue;
        problems.report(Id::NotOpenable, name, fmt::format("the elements of `{}` are bound together", site.name))
            .program(site.range, "");
      }
    }
  }
}

}  // namespace

std::optional<Target> make_target(const Context& context, const data::Dataset& fitted, data::Dataset fresh,
                                  Problems& problems) {
  const lacuna_metadata& metadata = context.metadata;
  check_opened(context, problems);
  Target made;
  made.dataset.unused = std::move(fresh.unused);
  for (int d = 0; d < metadata.dimension_count; ++d) {
    const std::size_t at = static_cast<std::size_t>(d);
    data::Dimension bound;
    bound.name = metadata.dimensions[d].name;
    Problems own;
    if (metadata.dimensions[d].origin == LACUNA_GIVEN)
      made.units.push_back(match_units(metadata.dimensions[d], context.options, fitted.dimensions[at],
                                       fresh.dimensions[at], bound, own));
    else
      made.units.emplace_back();
    made.dataset.dimensions.push_back(std::move(bound));
    problems.append(own);
  }
  if (problems.any_error()) return std::nullopt;
  for (int a = 0; a < metadata.argument_count; ++a)
    made.dataset.arguments.push_back(fill_argument(context, a, fitted, fresh.arguments[static_cast<std::size_t>(a)],
                                                   made.units, made.dataset.dimensions, problems));
  if (problems.any_error()) return std::nullopt;
  return made;
}

}  // namespace lacuna::runtime::predict
