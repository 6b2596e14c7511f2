#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>

#include "compiler/ir/evaluate.h"

namespace lacuna::jit {
namespace {

// The functions that generated code calls (compiler/codegen/emit_call.cpp), as the interpreter computes them.
ir::Cell cell(double x) {
  return ir::Cell::of(static_cast<long double>(x));
}
template <ir::Op op>
double call_2(double x, double y) {
  return static_cast<double>(ir::evaluate(op, {cell(x), cell(y)}).real);
}
template <ir::Op op>
double call_3(double x, double y, double z) {
  return static_cast<double>(ir::evaluate(op, {cell(x), cell(y), cell(z)}).real);
}

llvm::Error define_called(llvm::orc::LLJIT& engine) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](ir::Op op, auto* function) {
    const std::string name = "lacuna_" + std::string(ir::info(op).mnemonic);
    symbols[engine.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                                             llvm::JITSymbolFlags::Callable};
  };
#define LACUNA_CALLED(name, operands) define(ir::Op::name, &call_##operands<ir::Op::name>);
#include "compiler/codegen/called_functions.def"
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
