#include "compiler/density/density.h"

#include "compiler/density/model_writer.h"

namespace lacuna::density {

ir::Module lower(const elaborate::Model& model, const Options& options, diagnostics::Sink& sink) {
  ir::Module module;
  try {
    ModelWriter writer(model, options, module);
    writer.declare();
    if (options.log_density) writer.write({Purpose::LogDensity}, "log_density");
    if (options.terms) writer.write({Purpose::Terms}, "terms");
    if (options.pointwise) writer.write({Purpose::Pointwise}, "pointwise");
    if (options.constrain) writer.write({Purpose::Constrain}, "constrain");
    if (options.predict) writer.write_predictions();
    if (options.unconstrain) writer.write({Purpose::Unconstrain, true}, "unconstrain");
    if (options.natural) {
      writer.write({Purpose::LogDensity, true}, "natural_density");
      writer.write({Purpose::Terms, true}, "natural_terms");
      writer.write({Purpose::Pointwise, true}, "natural_pointwise");
    }
    if (options.outside) writer.write({Purpose::Outside, options.natural}, "outside");
  } catch (const NotCompiled& e) {
    sink.report(diagnostics::Id::NotCompiledYet, e.range, e.what())
        .note("the program is right, and checked; this version of the compiler cannot turn this part of it into code");
    return {};
  }
  return module;
}

}  // namespace lacuna::density
