#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>

#include "compiler/ir/called_functions.h"
#include "compiler/ir/ops.h"

namespace lacuna::jit {
namespace {

// What generated code calls (compiler/codegen/emit_call.cpp).
llvm::Error define_called(llvm::orc::LLJIT& engine) {
  llvm::orc::SymbolMap symbols;
#define LACUNA_CALLED(op, operands, function)                                                                       \
  {                                                                                                       \
    const std::string name = "lacuna_" + std::string(ir::info(ir::Op::op).mnemonic);                      \
    symbols[engine.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(ir::called_function(name)), \
                                             llvm::JITSymbolFlags::Callable};                             \
  }
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED
  return engine.getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols)));
}

}  // namespace

struct Jit::State {
  std::unique_ptr<llvm::orc::LLJIT> engine;
  std::string failure;
};

Jit::Jit() : state_(std::make_unique<State>()) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  auto engine = llvm::orc::LLJITBuilder().create();
  if (engine) {
    state_->engine = std::move(*engine);
    if (llvm::Error error = define_called(*state_->engine)) state_->failure = llvm::toString(std::move(error));
  } else {
    state_->failure = llvm::toString(engine.takeError());
  }
}
Jit::~Jit() = default;
Jit::Jit(Jit&&) noexcept = default;
Jit& Jit::operator=(Jit&&) noexcept = default;

std::string Jit::add(const std::string& object, const std::string& name) {
  if (!state_->failure.empty()) return state_->failure;
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(object, name);
  if (llvm::Error error = state_->engine->addObjectFile(std::move(buffer))) return llvm::toString(std::move(error));
  return {};
}

void* Jit::find(const std::string& name) const {
  if (!state_->engine) return nullptr;
  auto address = state_->engine->lookup(name);
  if (address) return address->toPtr<void*>();
  llvm::consumeError(address.takeError());
  return nullptr;
}

}  // namespace lacuna::jit
