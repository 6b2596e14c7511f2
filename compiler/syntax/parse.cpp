#include "compiler/syntax/parse.h"

#include "compiler/syntax/depth.h"
#include "compiler/syntax/prescan.h"
#include "compiler/syntax/program_reader.h"
#include "compiler/syntax/semicolons.h"

namespace lacuna::syntax {

Program parse(const support::SourceMap& sources, support::FileId file, support::Arena& arena, diagnostics::Sink& sink) {
  Program program;
  program.file = file;
  const Prescan scanned = prescan(sources, file, sink);
  if (!scanned.accepted) return program;

  const std::string_view text = sources.file(file).text();
  TokenList list = tokenize(file, text, scanned.begin, scanned.end);
  program.comments = arena.copy(list.comments);
  if (!depth_is_bounded(file, list.tokens, sink)) return program;
  remove_semicolons(file, list.tokens, sink);

  const DocComments docs(list, text, arena);
  ProgramReader reader({file, text, &list, &arena, &sink, &docs}, scanned.cut_short);
  program.declarations = reader.declarations();
  return program;
}

}  // namespace lacuna::syntax
