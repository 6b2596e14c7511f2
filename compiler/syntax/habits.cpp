#include "compiler/syntax/habits.h"

namespace lacuna::syntax {

using diagnostics::Id;

void report_foreign_statement(const Source& source, Slice slice, bool, diagnostics::Sink& sink) {
  sink.report(Id::KeywordMissing, source.range(slice.begin, slice.end));
}
void report_foreign_member(const Source& source, Slice slice, diagnostics::Sink& sink) {
  sink.report(Id::UnexpectedToken, source.range(slice.begin), "a name", fmt::format("`{}`", source.words(slice.begin)));
}
void report_foreign_declaration(const Source& source, Slice slice, bool, diagnostics::Sink& sink) {
  sink.report(Id::OutsideDeclaration, source.range(slice.begin, slice.end), fmt::format("`{}`", source.words(slice.begin)));
}
bool report_foreign_form(const Source&, const Failure&, diagnostics::Sink&) { return false; }
void report_unknown_character(const Source& source, std::size_t begin, std::size_t end, diagnostics::Sink& sink) {
  sink.report(Id::UnknownCharacter, source.range(begin, end), source.words(begin, end));
}

}  // namespace lacuna::syntax
