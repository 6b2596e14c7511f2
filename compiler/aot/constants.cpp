#include "compiler/aot/constants.h"

#include <llvm/IR/Constants.h>

namespace lacuna::aot {

llvm::GlobalVariable* Constants::add(const std::string& name, const void* memory, std::size_t bytes,
                                     const Pointers& pointers) {
  llvm::LLVMContext& context = module_.getContext();
  const auto* start = static_cast<const char*>(memory);
  std::vector<llvm::Constant*> parts;
  std::size_t at = 0;
  const auto plain = [&](std::size_t end) {
    if (end == at) return;
    parts.push_back(llvm::ConstantDataArray::getRaw(llvm::StringRef(start + at, end - at), end - at, llvm::Type::getInt8Ty(context)));
    at = end;
  };
  for (const auto& [offset, target] : pointers) {
    plain(offset);
    parts.push_back(target ? target : llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0)));
    at += sizeof(void*);
  }
  plain(bytes);
  llvm::Constant* value = llvm::ConstantStruct::getAnon(context, parts, true);
  auto* made = new llvm::GlobalVariable(module_, value->getType(), true, llvm::GlobalValue::PrivateLinkage, value, name);
  made->setAlignment(llvm::Align(8));
  return made;
}

llvm::GlobalVariable* Constants::places(const std::string& name, const std::vector<Cell>& cells) {
  llvm::LLVMContext& context = module_.getContext();
  llvm::Type *whole = llvm::Type::getInt32Ty(context), *distance = llvm::Type::getInt64Ty(context);
  auto* type = llvm::ArrayType::get(whole, cells.size());
  auto* made = new llvm::GlobalVariable(module_, type, true, llvm::GlobalValue::PrivateLinkage, nullptr, name);
  llvm::Constant* start = llvm::ConstantExpr::getPtrToInt(made, distance);
  std::vector<llvm::Constant*> all;
  for (const Cell& each : cells) {
    llvm::Constant* value = llvm::ConstantInt::get(whole, static_cast<std::uint64_t>(each.number), true);
    if (each.function != nullptr)
      value = llvm::ConstantExpr::getTrunc(llvm::ConstantExpr::getSub(llvm::ConstantExpr::getPtrToInt(each.function, distance), start), whole);
    all.push_back(value);
  }
  made->setInitializer(llvm::ConstantArray::get(type, all));
  made->setAlignment(llvm::Align(8));
  return made;
}

llvm::Constant* Constants::text(const char* string) {
  if (string == nullptr) return nullptr;
  llvm::Constant*& known = texts_[string];
  if (known == nullptr) {
    llvm::Constant* value = llvm::ConstantDataArray::getString(module_.getContext(), string);
    auto* made = new llvm::GlobalVariable(module_, value->getType(), true, llvm::GlobalValue::PrivateLinkage, value, "text");
    made->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    made->setAlignment(llvm::Align(1));
    known = made;
  }
  return known;
}

llvm::GlobalVariable* write_metadata(Constants& c, const lacuna_metadata& m) {
  llvm::Constant* dimensions = c.table("dimensions", m.dimensions, m.dimension_count, [&](const lacuna_dimension_info& d) {
    llvm::Constant* labels = c.table("labels", d.labels, static_cast<int>(d.declared_size), [&](const char* label) {
      return Constants::Pointers{{0, c.text(label)}};
    });
    using Info = lacuna_dimension_info;
    return Constants::Pointers{{offsetof(Info, name), c.text(d.name)}, {offsetof(Info, labels), labels}, {offsetof(Info, rule), c.text(d.rule)}};
  });
  llvm::Constant* arguments = c.table("arguments", m.arguments, m.argument_count, [&](const lacuna_argument_info& a) {
    using Info = lacuna_argument_info;
    return Constants::Pointers{{offsetof(Info, name), c.text(a.name)}, {offsetof(Info, axes), c.table("axes", a.axes, a.rank)}, {offsetof(Info, doc), c.text(a.doc)}};
  });
  llvm::Constant* sites = c.table("sites", m.sites, m.site_count, [&](const lacuna_site_info& s) {
    using Info = lacuna_site_info;
    return Constants::Pointers{{offsetof(Info, name), c.text(s.name)},
                               {offsetof(Info, axes), c.table("axes", s.axes, s.rank)},
                               {offsetof(Info, coordinates), c.text(s.coordinates)},
                               {offsetof(Info, statement), c.text(s.statement)},
                               {offsetof(Info, doc), c.text(s.doc)}};
  });
  llvm::Constant* checks = c.table("checks", m.checks, m.check_count, [&](const lacuna_check_info& each) {
    return Constants::Pointers{{offsetof(lacuna_check_info, message), c.text(each.message)}};
  });
  using Metadata = lacuna_metadata;
  return c.add("metadata", &m, sizeof m,
               {{offsetof(Metadata, name), c.text(m.name)},
                {offsetof(Metadata, source_name), c.text(m.source_name)},
                {offsetof(Metadata, source), c.text(m.source)},
                {offsetof(Metadata, source_hash), c.text(m.source_hash)},
                {offsetof(Metadata, compiler), c.text(m.compiler)},
                {offsetof(Metadata, target), c.text(m.target)},
                {offsetof(Metadata, doc), c.text(m.doc)},
                {offsetof(Metadata, dimensions), dimensions},
                {offsetof(Metadata, arguments), arguments},
                {offsetof(Metadata, sites), sites},
                {offsetof(Metadata, checks), checks},
                {offsetof(Metadata, parameters), c.table("parameters", m.parameters, m.parameter_count)}});
}

}  // namespace lacuna::aot
