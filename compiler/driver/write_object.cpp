#include "compiler/driver/write_object.h"

#include <fmt/format.h>

#include "compiler/driver/link_shared.h"
#include "compiler/driver/model_header.h"
#include "compiler/driver/model_table.h"
#include "compiler/driver/read_file.h"

namespace lacuna::driver {
namespace {

using diagnostics::Id;

bool write(const std::string& path, const std::string& text, Session& session, support::SourceRange at) {
  const std::string problem = replace_file(path, text);
  if (!problem.empty()) session.sink().report(Id::CannotWriteObject, at, path, problem);
  return problem.empty();
}

}  // namespace

bool write_object(const ObjectFiles& files, const Compiled& compiled, Session& session) {
  diagnostics::Sink& sink = session.sink();
  if (compiled.models.size() != 1) {
    sink.report(Id::NotOneModel, {}, compiled.models.empty() ? std::string("none") : std::to_string(compiled.models.size()));
    return false;
  }
  const elaborate::Model& model = compiled.models.front();
  const support::SourceRange at = model.checked->declaration->name.range;
  std::string problem, bytes, cpu = files.cpu;
  const jit::Door* door = compiler_library(problem);
  if (!door) {
    sink.report(Id::NoCompiler, at, problem);
    return false;
  }
  if (!door->processor(&cpu)) {
    sink.report(Id::UnknownProcessor, at, files.cpu).help("`native` is this machine's; `x86-64-v3` is any with AVX2");
    return false;
  }
  const std::optional<ir::Module> module = lower_for_machine(model, sink);
  if (!module) return false;
  const density::Metadata metadata(model, session.sources(), cpu);
  if (!door->object(&*module, &metadata.get(), files.cpu.c_str(), &bytes, &problem)) {
    sink.report(Id::NoCompiler, at, problem);
    return false;
  }
  const std::string name = files.path.substr(files.path.find_last_of('/') + 1);
  if (files.shared) {
    Linked linked = link_shared(bytes, name);
    if (!linked.problem.empty()) {
      sink.report(Id::NoLinker, at, linked.problem).help("install `lld-22`, or make an object with `-o NAME.o` and link it");
      return false;
    }
    bytes = std::move(linked.bytes);
  }
  const std::string header = files.path.substr(0, files.path.find_last_of('.')) + ".h";
  return write(files.path, bytes, session, at) && write(header, model_header(metadata.get()), session, at);
}

}  // namespace lacuna::driver
