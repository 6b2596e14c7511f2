#include "compiler/aot/object.h"

#include <llvm/IR/IRBuilder.h>

#include <future>

#include "compiler/aot/constants.h"
#include "compiler/aot/join.h"
#include "compiler/codegen/emit_module.h"
#include "compiler/entries/describe.h"
#include "compiler/ir/called_functions.h"
#include "compiler/schedule/choose.h"
#include "compiler/support/c_name.h"

#define LACUNA_EMBEDDED(name) extern "C" const char lacuna_##name##_object[], lacuna_##name##_object_end[];
LACUNA_EMBEDDED(entries)
LACUNA_EMBEDDED(entries_without_lists)
LACUNA_EMBEDDED(entries_without_windows)
LACUNA_EMBEDDED(entries_without_either)
LACUNA_EMBEDDED(called_entries)
LACUNA_EMBEDDED(special_elementary)
LACUNA_EMBEDDED(special_gamma)
LACUNA_EMBEDDED(special_incomplete)
#undef LACUNA_EMBEDDED

namespace lacuna::aot {
namespace {

using entries::Description;

llvm::Constant* function(llvm::Module& code, const std::string& name) { return code.getFunction(name); }

// For models in memory, whose functions the JIT finds (`resolve`).
llvm::GlobalVariable* write_descriptor(Constants& c, const Description& description, llvm::Constant* metadata) {
  const lacuna_descriptor& d = description.get();
  using D = lacuna_descriptor;
  const int numbers = static_cast<int>(description.numbers().size()), terms = static_cast<int>(description.terms().size());
  const std::vector<lacuna_compiled> none(description.bindings().size());
  return c.add("descriptor", &d, sizeof d,
            {{offsetof(D, metadata), metadata},
             {offsetof(D, dims), c.table("dims", d.dims, d.dim_count)},
             {offsetof(D, buffers), c.table("buffers", d.buffers, d.buffer_count)},
             {offsetof(D, spaces), c.table("spaces", d.spaces, d.space_count)},
             {offsetof(D, sites), c.table("site_places", d.sites, d.metadata->site_count)},
             {offsetof(D, checks), c.table("check_places", d.checks, d.check_count)},
             {offsetof(D, dimensions), c.table("dimension_dims", d.dimensions, d.metadata->dimension_count)},
             {offsetof(D, numbers), c.table("numbers", d.numbers, numbers)},
             {offsetof(D, terms), c.table("terms", d.terms, terms)},
             {offsetof(D, row_loops), c.table("row_loops", d.row_loops, d.row_loop_count)},
             {offsetof(D, functions), c.table("functions", d.functions, LACUNA_FUNCTION_COUNT)},
             {offsetof(D, bindings), c.table("bindings", none.data(), d.binding_count)},
             {offsetof(D, predicted), d.predicted ? c.table("predicted", d.predicted, d.metadata->site_count) : nullptr},
             {offsetof(D, frozen), c.table("frozen", d.frozen, d.frozen_count)},
             {offsetof(D, predictions), c.table("predictions", d.predictions, static_cast<int>(description.predictions().size()))},
             {offsetof(D, resolve), nullptr},
             {offsetof(D, resolver), nullptr}});
}

void give_name(llvm::GlobalVariable* made, const std::string& name) {
  made->setName(name);
  made->setLinkage(llvm::GlobalValue::ExternalLinkage);
  made->setVisibility(llvm::GlobalValue::HiddenVisibility);
}

// What entries/descriptor.h says that an object has: the numbers of the descriptor, and tables without addresses.
void write_model(Constants& c, llvm::Module& code, const Description& D, llvm::GlobalVariable* metadata) {
  const lacuna_descriptor& d = D.get();
  give_name(metadata, "lacuna_this_metadata");
  give_name(c.add("model", &d, offsetof(lacuna_descriptor, metadata), {}), "lacuna_this_model");
#define LACUNA_DESCRIPTOR_TABLE(type, name, count) give_name(c.add(#name, d.name, static_cast<std::size_t>(count) * sizeof(type), {}), "lacuna_this_" #name);
#include "compiler/entries/descriptor_tables.def"
#undef LACUNA_DESCRIPTOR_TABLE
  std::vector<Constants::Cell> functions, predictions, bindings;
  const auto add = [&](std::vector<Constants::Cell>& to, const lacuna_function_info& info, const std::string& name) {
    to.insert(to.end(), {{info.results}, {info.block}});
    for (const char* each : {"", ".work", ".block", ".block.work"}) to.push_back({0, function(code, name + each)});
  };
  for (int f = 0; f < LACUNA_OBJECT_FUNCTION_COUNT; ++f) add(functions, d.functions[f], entries::function_name(f));
  for (std::size_t p = 0; p < D.predictions().size(); ++p) add(predictions, d.predictions[p], D.predictions()[p]);
  for (const std::string& each : D.bindings()) bindings.insert(bindings.end(), {{0, function(code, each)}, {0, nullptr}});
  give_name(c.places("functions", functions), "lacuna_this_functions");
  give_name(c.places("predictions", predictions), "lacuna_this_predictions");
  give_name(c.places("bindings", bindings), "lacuna_this_bindings");
}

// The entries that the model has, by their names in the entries' object.
llvm::Constant* write_table(Constants& constants, llvm::Module& code, const lacuna_descriptor& d, llvm::Constant* metadata) {
  lacuna_model table{};
  lacuna_set_entries(&d, &table);
  using T = lacuna_model;
  Constants::Pointers pointers{{offsetof(T, metadata), metadata}, {offsetof(T, context), nullptr}};
#define LACUNA_TABLE_ENTRY(field, name, there) \
  if (table.field) pointers[offsetof(T, field)] = function(code, #name);
#include "compiler/entries/table_entries.def"
#undef LACUNA_TABLE_ENTRY
  return constants.add("table", &table, sizeof table, pointers);
}

void declare(llvm::Module& code, const std::string& name) {
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(code.getContext()), false);
  llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, code)->setVisibility(llvm::GlobalValue::HiddenVisibility);
}

// Declares what the entries' object defines, so that the table can name it.
void declare_entries(llvm::Module& code) {
#define LACUNA_TABLE_ENTRY(field, name, there) declare(code, #name);
#include "compiler/entries/table_entries.def"
#undef LACUNA_TABLE_ENTRY
}

// Whether generated code calls something, lane by lane, that is not inlined.
bool calls_functions(const llvm::Module& code) {
  for (const llvm::Function& each : code) {
    if (each.isDeclaration() && !each.use_empty() && ir::called_function(each.getName().str()) != nullptr) return true;
  }
  return false;
}

// Functions that are compiled together: one object of those that are joined.
struct Piece {
  std::string object, error;
  bool calls = false;
};

Piece assemble_piece(codegen::Code code, const codegen::Target& target, const std::string& door) {
  for (llvm::Function& each : *code.module) {
    if (each.isDeclaration()) continue;
    each.setLinkage(llvm::GlobalValue::ExternalLinkage);  // pieces share what they call
    if (each.getName() != door) each.setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
  if (std::string complaint = codegen::optimise(code, target); !complaint.empty()) return {{}, "LLVM's verifier: " + complaint};
  const bool calls = calls_functions(*code.module);
  return {codegen::assemble(code, target, codegen::Assembled::FunctionsApart), {}, calls};
}

// The model's pieces with all that they call.
Joined join_all(std::vector<std::string> objects, const std::string& door, bool calls, const Description& of) {
  const auto embedded = [](const char* begin, const char* end) { return std::string(begin, end); };
  const std::string entries[] = {embedded(lacuna_entries_without_either_object, lacuna_entries_without_either_object_end),
                                 embedded(lacuna_entries_without_windows_object, lacuna_entries_without_windows_object_end),
                                 embedded(lacuna_entries_without_lists_object, lacuna_entries_without_lists_object_end),
                                 embedded(lacuna_entries_object, lacuna_entries_object_end)};
  objects.push_back(entries[(of.has_windows() ? 2 : 0) + (of.has_lists() ? 1 : 0)]);
  if (!calls) return join(objects, door, {"memcpy", "memset"});
  objects.push_back(embedded(lacuna_called_entries_object, lacuna_called_entries_object_end));
  objects.push_back(embedded(lacuna_special_elementary_object, lacuna_special_elementary_object_end));
  objects.push_back(embedded(lacuna_special_gamma_object, lacuna_special_gamma_object_end));
  objects.push_back(embedded(lacuna_special_incomplete_object, lacuna_special_incomplete_object_end));
  return join(objects, door, {"memcpy", "memset", "erfcl", "expl", "expm1l", "floorl", "fmaxl", "fminl", "lgammal_r", "log1pl", "logl", "powl", "roundl", "sinl", "sqrtl", "tanl"});
}

// The one function that others see: it gives the table.
void write_door(llvm::Module& code, const std::string& name, llvm::Constant* table) {
  llvm::IRBuilder<> builder(code.getContext());
  auto* type = llvm::FunctionType::get(builder.getPtrTy(), false);
  auto* door = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, code);
  builder.SetInsertPoint(llvm::BasicBlock::Create(code.getContext(), "", door));
  builder.CreateRet(table);
}

// The functions that the descriptor refers to: gradients, which take half of the time to compile, and the others.
struct Shares {
  codegen::ModuleOptions gradients{.block_draws = LACUNA_BLOCK_DRAWS}, others{.block_draws = LACUNA_BLOCK_DRAWS};
};

Shares wanted_functions(const ir::Module& module, const Description& description) {
  Shares made;
  made.others.functions = description.bindings();
  const auto add = [&](const std::string& name, bool block) {
    if (module.find_function(name) == nullptr) return;
    codegen::ModuleOptions& to = schedule::is_fast(name) ? made.gradients : made.others;
    to.functions.push_back(name);
    if (block) to.blocks.push_back(name);
  };
  for (int f = 0; f < LACUNA_OBJECT_FUNCTION_COUNT; ++f) add(entries::function_name(f), description.get().functions[f].block != 0);
  for (const ir::Function& each : module.functions) {
    if (entries::is_prediction(each.name)) add(each.name, true);
  }
  return made;
}

void declare_functions(llvm::Module& code, const codegen::ModuleOptions& elsewhere) {
  for (const std::string& name : elsewhere.functions) {
    declare(code, name);
    declare(code, name + ".work");
  }
  for (const std::string& name : elsewhere.blocks) {
    declare(code, name + ".block");
    declare(code, name + ".block.work");
  }
}

}  // namespace

std::string make_tables(const ir::Module& module, const lacuna_metadata& metadata, const codegen::Target& target) {
  codegen::Code code = codegen::new_code(metadata.name, target);
  const codegen::Layout layout(module);
  const Description description(module, layout, metadata);
  Constants constants(*code.module);
  llvm::GlobalVariable* made = write_descriptor(constants, description, write_metadata(constants, metadata));
  made->setName(kTables);
  made->setLinkage(llvm::GlobalValue::ExternalLinkage);
  return codegen::assemble(code, target);
}

Object make_object(const ir::Module& plain, const lacuna_metadata& metadata, const codegen::Target& target) {
  ir::Module module = plain;
  schedule::choose(module, {.lanes = target.lanes()});
  if (std::string why = codegen::not_compiled(module); !why.empty()) return {{}, why};
  const codegen::Layout layout(module);
  const Description description(module, layout, metadata);
  const Shares shares = wanted_functions(module, description);
  const std::string name = "lacuna_" + support::c_name(metadata.name);
  // Two contexts of LLVM know nothing of each other, so they may work at the same time.
  std::future<Piece> gradients = std::async([&] { return assemble_piece(codegen::emit_module(module, target, shares.gradients), target, name); });
  codegen::Code code = codegen::emit_module(module, target, shares.others);
  declare_functions(*code.module, shares.gradients);
  declare_entries(*code.module);
  Constants constants(*code.module);
  llvm::GlobalVariable* about = write_metadata(constants, metadata);
  llvm::Constant* table = write_table(constants, *code.module, description.get(), about);
  write_model(constants, *code.module, description, about);
  write_door(*code.module, name, table);
  const Piece others = assemble_piece(std::move(code), target, name), first = gradients.get();
  for (const Piece* each : {&first, &others}) {
    if (!each->error.empty()) return {{}, each->error};
  }
  Joined made = join_all({first.object, others.object}, name, first.calls || others.calls, description);
  if (!made.error.empty()) return {{}, "an object with " + made.error + " is not made yet"};
  return {std::move(made.bytes), {}};
}

}  // namespace lacuna::aot
