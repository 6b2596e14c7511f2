// Objects joined into one: what is kept, and what is refused in words. The objects are made by LLVM here.
#include "compiler/aot/join.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <llvm/IR/IRBuilder.h>

#include <cstring>

#include "compiler/codegen/code.h"

namespace lacuna::aot {
namespace {

// double `name`() { return callee() + constant; }, or the constant alone.
std::string object(const std::string& name, const std::string& callee, double constant) {
  const codegen::Target target = codegen::named_target("x86-64");
  codegen::Code code = codegen::new_code(name, target);
  llvm::IRBuilder<> b(*code.context);
  auto* type = llvm::FunctionType::get(b.getDoubleTy(), false);
  auto* made = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, *code.module);
  made->setVisibility(llvm::GlobalValue::HiddenVisibility);
  b.SetInsertPoint(llvm::BasicBlock::Create(*code.context, "", made));
  llvm::Value* value = llvm::ConstantFP::get(b.getDoubleTy(), constant);
  if (!callee.empty()) value = b.CreateFAdd(b.CreateCall(code.module->getOrInsertFunction(callee, type)), value);
  b.CreateRet(value);
  EXPECT_EQ(codegen::optimise(code, target), "");
  return codegen::assemble(code, target);
}

template <class T>
T at(const std::string& bytes, std::size_t offset) {
  T made;
  std::memcpy(&made, bytes.data() + offset, sizeof made);
  return made;
}

// Names that others see, and those that somebody must bring.
std::vector<std::string> names(const std::string& bytes) {
  const auto header = at<Elf64_Ehdr>(bytes, 0);
  std::vector<std::string> found;
  for (std::size_t s = 0; s < header.e_shnum; ++s) {
    const auto section = at<Elf64_Shdr>(bytes, header.e_shoff + s * sizeof(Elf64_Shdr));
    if (section.sh_type != SHT_SYMTAB) continue;
    const auto texts = at<Elf64_Shdr>(bytes, header.e_shoff + section.sh_link * sizeof(Elf64_Shdr));
    for (std::size_t i = section.sh_info; i < section.sh_size / sizeof(Elf64_Sym); ++i)
      found.emplace_back(bytes.data() + texts.sh_offset + at<Elf64_Sym>(bytes, section.sh_offset + i * sizeof(Elf64_Sym)).st_name);
  }
  return found;
}

TEST(Join, ExportsOneNameAndKeepsWhatIsAskedOfTheCLibrary) {
  const Joined made = join({object("door", "inner", 1.5), object("inner", "outside", 2.5)}, "door", {"outside"});
  ASSERT_EQ(made.error, "");
  EXPECT_EQ(names(made.bytes), (std::vector<std::string>{"door", "outside"}));
}

TEST(Join, KeepsEqualConstantsOnce) {
  const auto alone = join({object("door", "inner", 1.5), object("inner", "outside", 2.5)}, "door", {"outside"}).bytes;
  const auto alike = join({object("door", "inner", 1.5), object("inner", "outside", 1.5)}, "door", {"outside"}).bytes;
  EXPECT_LT(alike.size(), alone.size());
}

TEST(Join, TakesInWhatTheExportedFunctionNeeds) {
  const std::vector<std::string> needed = {object("door", "inner", 1.5), object("inner", "", 2.5)};
  std::vector<std::string> more = needed;
  more.push_back(object("other", "nobody", 3.5));
  const Joined made = join(more, "door", {});
  ASSERT_EQ(made.error, "");
  EXPECT_EQ(made.bytes, join(needed, "door", {}).bytes);
}

TEST(Join, TakesTheFirstOfSeveralDefinitions) {
  const std::vector<std::string> once = {object("door", "inner", 1.5), object("inner", "", 2.5)};
  std::vector<std::string> twice = once;
  twice.push_back(object("inner", "", 2.5));
  EXPECT_EQ(join(twice, "door", {}).bytes, join(once, "door", {}).bytes);
}

TEST(Join, RefusesInWords) {
  EXPECT_EQ(join({object("door", "inner", 1.5)}, "door", {}).error, "calls of `inner`");
  EXPECT_EQ(join({object("inner", "", 1.5)}, "door", {}).error, "no `door`");
  EXPECT_EQ(join({std::string(100, 'x')}, "door", {}).error, "an object of another kind");
  const std::string whole = object("door", "", 1.5);
  EXPECT_EQ(join({whole.substr(0, 40)}, "door", {}).error, "an object that is cut short");
  EXPECT_EQ(join({whole.substr(0, whole.size() - 64)}, "door", {}).error, "an object that is cut short");
}

}  // namespace
}  // namespace lacuna::aot
