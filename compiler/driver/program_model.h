// From a program's text to its table of functions, by way of the cache: what every verb that runs a model starts from.
//
//   needs    a program of one model
//   leaves   a table that lives as long as this object; when it goes, what was compiled meanwhile is kept in the cache
//   shown by test/lit/command/cache.test
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "compiler/cache/folder.h"
#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/stored_model.h"

namespace lacuna::driver {

struct Wanted {
  bool interpret = false;  // by the slow evaluator; nothing is kept
  bool cached = true;
  Entries entries{};
};

class ProgramModel {
 public:
  // A program in a file, `-` for standard input.
  static std::unique_ptr<ProgramModel> open(const std::string& path, const Wanted& wanted);
  // A program's text, as a fit holds it.
  static std::unique_ptr<ProgramModel> of_text(const std::string& name, std::string text, const Wanted& wanted);
  ~ProgramModel();
  ProgramModel(const ProgramModel&) = delete;
  ProgramModel& operator=(const ProgramModel&) = delete;

  // Null when the session has errors, or when the program does not hold exactly one model.
  const lacuna_model* table() const;
  // Of a program that was compiled now: how many models it holds.
  std::size_t model_count() const { return compiled_.models.size(); }
  Session& session() { return session_; }
  // The program itself, read now where the table came from the cache; null when it is not one model without errors.
  const elaborate::Model* model();

 private:
  explicit ProgramModel(const Wanted& wanted) : wanted_(wanted) {}
  void start();
  bool open_stored();
  void read_program();
  void compile();
  lacuna_compiled compile_lacking(int function, bool block);
  void keep();

  Wanted wanted_;
  Session session_;
  support::FileId file_{};
  Compiled compiled_;
  bool read_ = false;
  std::unique_ptr<ModelTable> made_;
  std::unique_ptr<StoredModel> stored_;
  std::optional<cache::Folder> folder_;
  std::string key_;
};

}  // namespace lacuna::driver
