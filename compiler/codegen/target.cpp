#include "compiler/codegen/target.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/X86TargetParser.h>

#include <algorithm>
#include <vector>

namespace lacuna::codegen {
namespace {

Target from_features(std::string cpu, const llvm::StringMap<bool>& has) {
  Target target{.cpu = std::move(cpu), .features = {}};
  target.fma = has.lookup("fma");
  target.avx512 = has.lookup("avx512f") && has.lookup("avx512dq") && has.lookup("avx512vl");
  target.registers = target.avx512 ? 32 : 16;
  target.vector_bits = target.avx512 ? 512 : has.lookup("avx") ? 256 : 128;
  return target;
}

}  // namespace

Target host_target() {
  const llvm::StringMap<bool> has = llvm::sys::getHostCPUFeatures();
  Target target = from_features(llvm::sys::getHostCPUName().str(), has);
  std::vector<std::string> names;
  for (const auto& each : has) names.push_back((each.second ? "+" : "-") + each.first().str());
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return a.substr(1) < b.substr(1); });
  for (const std::string& name : names) target.features += (target.features.empty() ? "" : ",") + name;
  return target;
}

Target named_target(const std::string& cpu) {
  llvm::SmallVector<llvm::StringRef> names;
  llvm::X86::getFeaturesForCPU(cpu, names);
  llvm::StringMap<bool> has;
  for (llvm::StringRef name : names) has[name] = true;
  return from_features(cpu, has);
}

bool is_processor(const std::string& cpu) { return llvm::X86::parseArchX86(cpu, true) != llvm::X86::CK_None; }

bool runs_here(const Target& target) {
  const Target host = host_target();
  return target.vector_bits <= host.vector_bits && (host.fma || !target.fma) && (host.avx512 || !target.avx512);
}

}  // namespace lacuna::codegen
