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
LACUNA_EMBEDDED(called_entries)
LACUNA_EMBEDDED(special_elementary)
LACUNA_EMBEDDED(special_gamma)
LACUNA_EMBEDDED(special_incomplete)
#undef LACUNA_EMBEDDED

namespace lacuna::aot {
namespace {

using entries::Description;

llvm::Constant* function(llvm::Module& code, const std::string& name) { return code.getFunction(name); }

Constants::Pointers code_pointers(llvm::Module& code, const std::string& name, std::size_t offset) {
  return {{offset + offsetof(lacuna_compiled, run), function(code, name)},
          {offset + offsetof(lacuna_compiled, work), function(code, name + ".work")}};
}

llvm::Constant* write_functions(Constants& constants, llvm::Module& code, const lacuna_descriptor& d) {
  int number = 0;
  return constants.table("functions", d.functions, LACUNA_FUNCTION_COUNT, [&](const lacuna_function_info&) {
    const std::string name = entries::function_name(number++);
    auto pointers = code_pointers(code, name, offsetof(lacuna_function_info, one));
    pointers.merge(code_pointers(code, name + ".block", offsetof(lacuna_function_info, many)));
    return pointers;
  });
}

llvm::Constant* write_bindings(Constants& constants, llvm::Module& code, const Description& description) {
  const std::vector<lacuna_compiled> none(description.bindings().size());
  std::size_t number = 0;
  return constants.table("bindings", none.data(), static_cast<int>(none.size()),
                         [&](const lacuna_compiled&) { return code_pointers(code, description.bindings()[number++], 0); });
}

llvm::Constant* write_predictions(Constants& constants, llvm::Module& code, const Description& description) {
  const auto& names = description.predictions();
  std::size_t number = 0;
  return constants.table("predictions", description.get().predictions, static_cast<int>(names.size()), [&](const lacuna_function_info&) {
    const std::string& name = names[number++];
    auto pointers = code_pointers(code, name, offsetof(lacuna_function_info, one));
    pointers.merge(code_pointers(code, name + ".block", offsetof(lacuna_function_info, many)));
    return pointers;
  });
}

llvm::GlobalVariable* write_descriptor(Constants& c, llvm::Module& code, const Description& description, llvm::Constant* metadata) {
  const lacuna_descriptor& d = description.get();
  using D = lacuna_descriptor;
  const int numbers = static_cast<int>(description.numbers().size()), terms = static_cast<int>(description.terms().size());
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
             {offsetof(D, functions), write_functions(c, code, d)},
             {offsetof(D, bindings), write_bindings(c, code, description)},
             {offsetof(D, predicted), d.predicted ? c.table("predicted", d.predicted, d.metadata->site_count) : nullptr},
             {offsetof(D, frozen), c.table("frozen", d.frozen, d.frozen_count)},
             {offsetof(D, predictions), write_predictions(c, code, description)},
             {offsetof(D, resolve), nullptr},
             {offsetof(D, resolver), nullptr}});
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
Joined join_all(std::vector<std::string> objects, const std::string& door, bool calls) {
  const auto embedded = [](const char* begin, const char* end) { return std::string(begin, end); };
  objects.push_back(embedded(lacuna_entries_object, lacuna_entries_object_end));
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
  for (int f = 0; f < LACUNA_FUNCTION_COUNT; ++f) add(entries::function_name(f), description.get().functions[f].block != 0);
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
  llvm::GlobalVariable* made = write_descriptor(constants, *code.module, description, write_metadata(constants, metadata));
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
  llvm::Constant* about = write_metadata(constants, metadata);
  llvm::Constant* table = write_table(constants, *code.module, description.get(), about);
  llvm::GlobalVariable* descriptor = write_descriptor(constants, *code.module, description, about);
  descriptor->setName("lacuna_this_model");
  descriptor->setLinkage(llvm::GlobalValue::ExternalLinkage);
  descriptor->setVisibility(llvm::GlobalValue::HiddenVisibility);
  write_door(*code.module, name, table);
  const Piece others = assemble_piece(std::move(code), target, name), first = gradients.get();
  for (const Piece* each : {&first, &others}) {
    if (!each->error.empty()) return {{}, each->error};
  }
  Joined made = join_all({first.object, others.object}, name, first.calls || others.calls);
  if (!made.error.empty()) return {{}, "an object with " + made.error + " is not made yet"};
  return {std::move(made.bytes), {}};
}

}  // namespace lacuna::aot
