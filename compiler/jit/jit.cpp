#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>

namespace lacuna::jit {

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
  } else {
    state_->failure = llvm::toString(engine.takeError());
  }
}
Jit::~Jit() = default;
Jit::Jit(Jit&&) noexcept = default;
Jit& Jit::operator=(Jit&&) noexcept = default;

std::string Jit::add(const std::string& object, const std::string& name) {
  if (!state_->engine) return state_->failure;
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
