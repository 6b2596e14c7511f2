// Reads blocks of instructions of the IR's text form into one body.
#pragma once
#include <string>
#include <unordered_map>

#include "compiler/ir/cursor.h"
#include "compiler/ir/module.h"

namespace lacuna::ir {

class BodyParser {
 public:
  BodyParser(const Module& module, Cursor& cursor, Body& body) : module_(module), cursor_(cursor), body_(body) {}

  // A new value of this name.
  ValueId define(const std::string& name, Type type);
  // Instructions up to the closing brace, and the values behind `last` ("yield" or "return") if it stands there.
  void block(Block& block, std::string_view last);

 private:
  ValueId use();
  // Values up to (not including) the closing bracket, or up to the first token that is not a comma.
  void values_until(std::vector<ValueId>& values, std::string_view close);
  void values(std::vector<ValueId>& list);

  Instruction instruction();
  void attributes(Instruction& each);
  void memory(Instruction& each);
  void check(Instruction& each);
  void kernel(Instruction& each);
  void literal(Instruction& each);
  void loop(Instruction& each);
  void domain(Instruction& each, std::vector<std::string>& names);
  void schedule(Schedule& chosen);
  void carry(Instruction& each, std::vector<std::string>& names);
  void reducers(Instruction& each);
  void branch(Instruction& each);
  BufferId buffer();
  DimId dim();

  const Module& module_;
  Cursor& cursor_;
  Body& body_;
  std::unordered_map<std::string, ValueId> names_;
  int depth_ = 0;
};

}  // namespace lacuna::ir
