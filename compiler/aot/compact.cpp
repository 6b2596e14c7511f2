#include "compiler/aot/compact.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace lacuna::aot {
namespace {

template <class T>
std::vector<T> read(const std::string& object, const Elf64_Shdr& section) {
  std::vector<T> made(section.sh_size / sizeof(T));
  std::memcpy(made.data(), object.data() + section.sh_offset, made.size() * sizeof(T));
  return made;
}

template <class T>
std::string bytes_of(const std::vector<T>& all) {
  return std::string(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
}

class Compacting {
 public:
  explicit Compacting(const std::string& object) : object_(object) {}

  std::string run() {
    if (!read_sections()) return object_;
    for (std::size_t s = 0; s < sections_.size(); ++s) merge(s);
    if (!choose_symbols() || !move_relocations()) return object_;
    contents_[table_] = bytes_of(symbols_);
    sections_[table_].sh_info = first_global_;
    contents_[sections_[table_].sh_link] = names_;
    return write();
  }

 private:
  bool read_sections() {
    std::memcpy(&header_, object_.data(), sizeof header_);
    Elf64_Shdr list{};
    list.sh_offset = header_.e_shoff;
    list.sh_size = std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr);
    sections_ = read<Elf64_Shdr>(object_, list);
    for (std::size_t s = 0; s < sections_.size(); ++s) {
      const bool empty = sections_[s].sh_type == SHT_NULL || sections_[s].sh_type == SHT_NOBITS;
      contents_.push_back(empty ? std::string() : object_.substr(sections_[s].sh_offset, sections_[s].sh_size));
      if (sections_[s].sh_type == SHT_SYMTAB) table_ = s;
      if ((sections_[s].sh_flags & SHF_EXECINSTR) != 0 && sections_[s].sh_size > 0) {
        if (code_ != 0) return false;
        code_ = s;
      }
      if (sections_[s].sh_type == SHT_GROUP || sections_[s].sh_type == SHT_SYMTAB_SHNDX) return false;
    }
    moved_.resize(sections_.size());
    // One table of names serves sections and symbols alike, as LLVM writes it.
    return table_ != 0 && code_ != 0 && sections_[table_].sh_link == header_.e_shstrndx;
  }

  // Each constant of a section once, behind the code, from where its distance is known; `moved_` says where it stands.
  void merge(std::size_t s) {
    Elf64_Shdr& section = sections_[s];
    if ((section.sh_flags & SHF_MERGE) == 0) return;
    const bool strings = (section.sh_flags & SHF_STRINGS) != 0;
    const std::size_t size = section.sh_entsize;
    section.sh_flags &= ~static_cast<std::uint64_t>(SHF_MERGE | SHF_STRINGS);
    section.sh_entsize = 0;
    if (strings || size == 0) return;  // texts stay where they are
    std::string& code = contents_[code_];
    const std::size_t alignment = std::max<std::size_t>(section.sh_addralign, 1);
    sections_[code_].sh_addralign = std::max<std::size_t>(sections_[code_].sh_addralign, alignment);
    code.resize((code.size() + alignment - 1) / alignment * alignment);
    std::map<std::string, std::uint64_t> known;
    for (std::size_t at = 0; at < contents_[s].size(); at += size) {
      const std::string one = contents_[s].substr(at, size);
      const auto [found, fresh] = known.emplace(one, code.size());
      if (fresh) code += one;
      moved_[s][at] = found->second;
    }
    contents_[s].clear();
  }

  static bool is_global(const Elf64_Sym& symbol) { return ELF64_ST_BIND(symbol.st_info) != STB_LOCAL; }

  bool merged(const Elf64_Sym& symbol) const { return symbol.st_shndx < moved_.size() && !moved_[symbol.st_shndx].empty(); }

  // What stays: globals, functions, sections. A local name in a section of constants becomes the section and a distance.
  bool choose_symbols() {
    old_ = read<Elf64_Sym>(object_, sections_[table_]);
    const std::string& names = contents_[sections_[table_].sh_link];
    becomes_.assign(old_.size(), {0, 0});
    std::vector<std::uint32_t> section_symbols(sections_.size(), 0);
    std::vector<std::size_t> order = {0};
    for (std::size_t s = 1; s < sections_.size(); ++s) {
      section_symbols[s] = static_cast<std::uint32_t>(order.size());
      order.push_back(old_.size() + s);
    }
    for (std::size_t i = 1; i < old_.size(); ++i) {
      const int type = ELF64_ST_TYPE(old_[i].st_info);
      if (is_global(old_[i])) continue;
      if (old_[i].st_shndx >= sections_.size() && type != STT_FILE) return false;
      if (type == STT_FUNC || type == STT_FILE) {
        becomes_[i] = {static_cast<std::uint32_t>(order.size()), 0};
        order.push_back(i);
        continue;
      }
      std::size_t section = old_[i].st_shndx;
      std::uint64_t distance = old_[i].st_value;
      if (merged(old_[i]) && type != STT_SECTION) {
        const auto found = moved_[section].find(distance);
        if (found == moved_[section].end()) return false;
        distance = found->second;
        section = code_;
      }
      becomes_[i] = {section_symbols[section], static_cast<std::int64_t>(distance)};
    }
    first_global_ = static_cast<std::uint32_t>(order.size());
    for (std::size_t i = 1; i < old_.size(); ++i) {
      if (!is_global(old_[i])) continue;
      if (merged(old_[i])) return false;
      becomes_[i] = {static_cast<std::uint32_t>(order.size()), 0};
      order.push_back(i);
    }
    names_.assign(1, '\0');
    for (Elf64_Shdr& section : sections_) section.sh_name = name(names.c_str() + section.sh_name);
    for (const std::size_t i : order) {
      Elf64_Sym made{};
      if (i >= old_.size()) {
        made.st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION);
        made.st_shndx = static_cast<Elf64_Section>(i - old_.size());
      } else if (i > 0) {
        made = old_[i];
        made.st_name = name(names.c_str() + made.st_name);
      }
      symbols_.push_back(made);
    }
    return true;
  }

  std::uint32_t name(const std::string& text) {
    if (text.empty()) return 0;
    const auto [found, fresh] = known_names_.emplace(text, static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_ += text + '\0';
    return found->second;
  }

  bool move_relocations() {
    for (std::size_t s = 0; s < sections_.size(); ++s) {
      if (sections_[s].sh_type == SHT_REL) return false;
      if (sections_[s].sh_type != SHT_RELA) continue;
      std::vector<Elf64_Rela> kept;
      for (Elf64_Rela each : read<Elf64_Rela>(object_, sections_[s])) {
        const std::size_t symbol = ELF64_R_SYM(each.r_info);
        if (symbol >= old_.size()) return false;
        // A distance into a merged section must be to a constant that is known by its name.
        if (merged(old_[symbol]) && ELF64_ST_TYPE(old_[symbol].st_info) == STT_SECTION) return false;
        each.r_addend += becomes_[symbol].distance;
        if (sections_[s].sh_info == code_ && settle(each, symbol)) continue;
        each.r_info = ELF64_R_INFO(std::uint64_t{becomes_[symbol].symbol}, ELF64_R_TYPE(each.r_info));
        kept.push_back(each);
      }
      contents_[s] = bytes_of(kept);
    }
    return true;
  }

  // A distance from code to code or to a constant behind it is known now.
  bool settle(const Elf64_Rela& relocation, std::size_t symbol) {
    const auto type = ELF64_R_TYPE(relocation.r_info);
    const bool here = merged(old_[symbol]) || old_[symbol].st_shndx == code_;
    if (!here || is_global(old_[symbol]) || (type != R_X86_64_PC32 && type != R_X86_64_PLT32)) return false;
    std::int64_t distance = relocation.r_addend - static_cast<std::int64_t>(relocation.r_offset);
    if (ELF64_ST_TYPE(old_[symbol].st_info) == STT_FUNC) distance += static_cast<std::int64_t>(old_[symbol].st_value);
    const auto narrow = static_cast<std::int32_t>(distance);
    if (narrow != distance || relocation.r_offset + sizeof narrow > contents_[code_].size()) return false;
    std::memcpy(contents_[code_].data() + relocation.r_offset, &narrow, sizeof narrow);
    return true;
  }

  std::string write() {
    std::string made(sizeof header_, '\0');
    for (std::size_t s = 1; s < sections_.size(); ++s) {
      const std::size_t alignment = sections_[s].sh_addralign > 0 ? sections_[s].sh_addralign : 1;
      made.resize((made.size() + alignment - 1) / alignment * alignment);
      sections_[s].sh_offset = made.size();
      if (sections_[s].sh_type != SHT_NOBITS) sections_[s].sh_size = contents_[s].size();
      made += contents_[s];
    }
    made.resize((made.size() + 7) / 8 * 8);
    header_.e_shoff = made.size();
    made += bytes_of(sections_);
    std::memcpy(made.data(), &header_, sizeof header_);
    return made;
  }

  struct Becomes {
    std::uint32_t symbol;
    std::int64_t distance;
  };
  const std::string& object_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
  std::vector<std::string> contents_;
  std::vector<std::map<std::uint64_t, std::uint64_t>> moved_;  // by section: old places of constants to new ones
  std::vector<Elf64_Sym> old_, symbols_;
  std::vector<Becomes> becomes_;
  std::map<std::string, std::uint32_t> known_names_;
  std::string names_;
  std::size_t table_ = 0, code_ = 0;
  std::uint32_t first_global_ = 0;
};

}  // namespace

std::string compact(const std::string& object) {
  if (object.size() < sizeof(Elf64_Ehdr) || std::memcmp(object.data(), ELFMAG, SELFMAG) != 0) return object;
  return Compacting(object).run();
}

}  // namespace lacuna::aot
