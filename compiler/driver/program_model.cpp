#include "compiler/driver/program_model.h"

#include <fmt/format.h>

#include <cstring>
#include <type_traits>

#include "compiler/cache/processor.h"
#include "compiler/support/sha256.h"
#include "compiler/support/version.h"

namespace lacuna::driver {
namespace {

// Flags of an entry.
constexpr std::uint32_t kWarned = 1;  // the program has warnings, which are found anew each time

// Entries are so many bools: each a byte, 0 or 1.
std::string entry_words(const Entries& entries) {
  static_assert(std::is_trivially_copyable_v<Entries>);
  std::string words(sizeof entries, '\0');
  std::memcpy(words.data(), &entries, sizeof entries);
  for (char& each : words) each = static_cast<char>('0' + each);
  return words;
}

// All that the machine code of a program depends on; empty when something of it is not known.
std::string key_of(const support::SourceFile& file, const Entries& entries) {
  const std::string processor = cache::processor_words(), compiler = compiler_identity();
  if (processor.empty() || compiler.empty()) return {};
  const std::string& path = file.path();
  const std::string name = path.substr(path.find_last_of('/') + 1);
  return support::sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", support::version(), compiler, processor, entry_words(entries), name, file.text()));
}

}  // namespace

std::unique_ptr<ProgramModel> ProgramModel::open(const std::string& path, const Wanted& wanted) {
  std::unique_ptr<ProgramModel> made(new ProgramModel(wanted));
  if (const std::optional<support::FileId> file = made->session_.read(path)) {
    made->file_ = *file;
    made->start();
  }
  return made;
}

std::unique_ptr<ProgramModel> ProgramModel::of_text(const std::string& name, std::string text, const Wanted& wanted) {
  std::unique_ptr<ProgramModel> made(new ProgramModel(wanted));
  made->file_ = made->session_.sources().add(name, std::move(text));
  made->start();
  return made;
}

void ProgramModel::start() {
  if (open_stored()) return;
  compile();
}

bool ProgramModel::open_stored() {
  if (wanted_.interpret || !wanted_.cached) return false;
  key_ = key_of(session_.sources().file(file_), wanted_.entries);
  if (key_.empty()) return false;
  std::string why;
  folder_ = cache::Folder::open(why);
  if (!why.empty()) session_.sink().report(diagnostics::Id::CacheUnused, {file_, 0, 0}, why);
  if (!folder_) return false;
  const std::optional<std::string> bytes = folder_->read(key_);
  std::optional<cache::Entry> entry = bytes ? cache::unpack(*bytes, key_) : std::nullopt;
  if (!entry) return false;
  const bool warned = (entry->flags & kWarned) != 0;
  stored_ = StoredModel::make(std::move(*entry), [this](int function, bool block) { return compile_lacking(function, block); });
  if (stored_ && warned) read_program();
  return stored_ != nullptr;
}

void ProgramModel::read_program() {
  if (read_) return;
  read_ = true;
  compiled_ = parse_file(session_, file_);
  check_parsed(session_, compiled_);
}

void ProgramModel::compile() {
  read_program();
  if (made_ || session_.failed() || compiled_.models.size() != 1) return;
  Entries entries = wanted_.entries;
  entries.gradient_ahead &= stored_ == nullptr;  // else the cache had it, and something else is lacking
  made_ = ModelTable::make(compiled_.models.front(), session_.sources(), session_.sink(), wanted_.interpret, entries);
}

lacuna_compiled ProgramModel::compile_lacking(int function, bool block) {
  compile();
  return made_ ? made_->code(function, block) : lacuna_compiled{};
}

const elaborate::Model* ProgramModel::model() {
  read_program();
  return session_.failed() || compiled_.models.size() != 1 ? nullptr : &compiled_.models.front();
}

const lacuna_model* ProgramModel::table() const {
  if (stored_) return stored_->table();
  return made_ ? made_->table() : nullptr;
}

ProgramModel::~ProgramModel() { keep(); }

void ProgramModel::keep() {
  if (!folder_ || !made_ || session_.failed()) return;
  cache::Entry entry;
  if (stored_) {
    entry = stored_->entry();
  } else {
    std::string tables = made_->tables();
    if (tables.empty()) return;
    entry.flags = session_.sink().diagnostics().empty() ? 0 : kWarned;
    entry.pieces.push_back({kTablesPiece, 0, {}, std::move(tables)});
  }
  for (jit::MadeCode& each : made_->made()) entry.pieces.push_back({each.function, each.block ? 1 : 0, std::move(each.symbol), std::move(each.object)});
  if (folder_->write(key_, cache::pack(entry, key_))) folder_->trim();
}

}  // namespace lacuna::driver
