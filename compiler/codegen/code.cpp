#include "compiler/codegen/code.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include <mutex>

namespace lacuna::codegen {
namespace {

// Vectors are written by us: what is left for LLVM is to share, fold and hoist. Measured in bench/README.md.
constexpr const char* kPipeline =
    "function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg,loop-mssa(licm),early-cse)";

std::unique_ptr<llvm::TargetMachine> machine_for(const Target& target, bool functions_apart = false) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  const llvm::Triple triple("x86_64-pc-linux-gnu");
  std::string error;
  const llvm::Target* found = llvm::TargetRegistry::lookupTarget(triple, error);
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.FunctionSections = functions_apart;
  return std::unique_ptr<llvm::TargetMachine>(found->createTargetMachine(triple, target.cpu, target.features, options,
                                                                         llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                                         llvm::CodeGenOptLevel::Default));
}

void set_attributes(llvm::Module& module, const Target& target) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    function.addFnAttr("target-cpu", target.cpu);
    if (!target.features.empty()) function.addFnAttr("target-features", target.features);
    function.addFnAttr("prefer-vector-width", std::to_string(target.vector_bits));
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
}

}  // namespace

Code new_code(const std::string& name, const Target& target) {
  Code code{std::make_unique<llvm::LLVMContext>(), nullptr};
  code.module = std::make_unique<llvm::Module>(name, *code.context);
  const auto machine = machine_for(target);
  code.module->setTargetTriple(machine->getTargetTriple());
  code.module->setDataLayout(machine->createDataLayout());
  return code;
}

std::string optimise(Code& code, const Target& target) {
  set_attributes(*code.module, target);
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::verifyModule(*code.module, &stream)) return complaint;

  const auto machine = machine_for(target);
  // With a file system of its own: the one that LLVM gives out is shared by all threads. No pass here reads files.
  llvm::PassBuilder builder(machine.get(), {}, std::nullopt, nullptr, llvm::vfs::createPhysicalFileSystem());
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  llvm::ModulePassManager passes;
  if (llvm::Error error = builder.parsePassPipeline(passes, kPipeline)) return llvm::toString(std::move(error));
  passes.run(*code.module, modules);
  return {};
}

std::string assemble(Code& code, const Target& target, Assembled into) {
  const auto machine = machine_for(target, into == Assembled::FunctionsApart);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const auto kind = into == Assembled::Text ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, kind)) return {};
  passes.run(*code.module);
  return {bytes.begin(), bytes.end()};
}

}  // namespace lacuna::codegen
