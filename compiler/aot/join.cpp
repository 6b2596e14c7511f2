#include "compiler/aot/join.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>

namespace lacuna::aot {
namespace {

// What an object of another kind, or a name that is not defined, ends the work with.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
std::vector<T> read(const std::string& object, std::size_t at, std::size_t bytes) {
  if (at > object.size() || bytes > object.size() - at) throw Refused("an object that is cut short");
  std::vector<T> made(bytes / sizeof(T));
  std::memcpy(made.data(), object.data() + at, made.size() * sizeof(T));
  return made;
}

template <class T>
std::string bytes_of(const std::vector<T>& all) {
  return std::string(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
}

// What the result consists of: code with all that is read only behind it, and what is written while loading.
enum Part : std::size_t { kCode, kData, kParts };

struct Place {
  std::size_t part = kParts;  // kParts: nowhere
  std::uint64_t at = 0;
};

struct Input {
  std::string bytes;
  std::vector<Elf64_Shdr> sections;
  std::vector<Elf64_Sym> symbols;
  std::size_t names = 0;                                       // the section with the names of symbols
  std::vector<std::vector<Elf64_Rela>> relocations;            // by section
  std::vector<bool> live;                                      // by section: something that is joined needs it
  std::vector<std::set<std::uint64_t>> used;                   // by section of constants: those that something needs
  std::vector<Place> places;                                   // by section
  std::vector<std::map<std::uint64_t, std::uint64_t>> merged;  // by section of constants: their old places to new ones

  explicit Input(const std::string& object) : bytes(object) {
    const auto header = read<Elf64_Ehdr>(bytes, 0, sizeof(Elf64_Ehdr)).front();
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_machine != EM_X86_64) throw Refused("an object of another kind");
    sections = read<Elf64_Shdr>(bytes, header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr));
    live.resize(sections.size());
    used.resize(sections.size());
    places.resize(sections.size());
    merged.resize(sections.size());
    relocations.resize(sections.size());
    for (const Elf64_Shdr& each : sections) {
      if (each.sh_type == SHT_GROUP || each.sh_type == SHT_REL) throw Refused("an object with a section of another kind");
      if (each.sh_type == SHT_RELA && each.sh_info < sections.size()) relocations[each.sh_info] = read<Elf64_Rela>(bytes, each.sh_offset, each.sh_size);
      if (each.sh_type != SHT_SYMTAB) continue;
      symbols = read<Elf64_Sym>(bytes, each.sh_offset, each.sh_size);
      names = each.sh_link;
    }
  }

  std::string contents(const Elf64_Shdr& section) const { return bytes.substr(section.sh_offset, section.sh_size); }
  std::string name(const Elf64_Sym& symbol) const { return bytes.c_str() + sections[names].sh_offset + symbol.st_name; }
  bool defines(const Elf64_Sym& symbol) const { return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx < sections.size(); }
};

bool is_allocated(const Elf64_Shdr& s) { return (s.sh_flags & SHF_ALLOC) != 0 && s.sh_size > 0; }
bool is_code(const Elf64_Shdr& s) { return (s.sh_flags & SHF_EXECINSTR) != 0; }
bool is_written(const Elf64_Shdr& s) { return (s.sh_flags & SHF_WRITE) != 0; }
// Constants that stand by themselves, each with a name.
bool has_constants(const Elf64_Shdr& s) { return is_allocated(s) && (s.sh_flags & SHF_MERGE) != 0 && (s.sh_flags & SHF_STRINGS) == 0; }
bool is_global(const Elf64_Sym& symbol) { return ELF64_ST_BIND(symbol.st_info) != STB_LOCAL; }

class Joining {
 public:
  Joining(const std::vector<std::string>& objects, std::string exported, const std::vector<std::string>& libc)
      : exported_(std::move(exported)), libc_(libc) {
    for (const std::string& each : objects) inputs_.emplace_back(each);
  }

  std::string run() {
    for (Input& input : inputs_) {
      for (const Elf64_Sym& symbol : input.symbols) {
        if (is_global(symbol) && input.defines(symbol)) globals_.emplace(input.name(symbol), Definition{&input, &symbol});
      }
    }
    if (!globals_.contains(exported_)) throw Refused(fmt::format("no `{}`", exported_));
    reach();
    place_all(kCode, is_code);
    merge();
    place_all(kCode, [](const Elf64_Shdr& s) { return !is_code(s) && !is_written(s); });
    place_all(kData, is_written);
    for (Input& input : inputs_) {
      for (std::size_t s = 0; s < input.sections.size(); ++s) relocate(input, s);
    }
    return write();
  }

 private:
  struct Definition {
    Input* input = nullptr;  // null: nobody defines it
    const Elf64_Sym* symbol = nullptr;
  };

  // Of several objects that define a name, which must mean the same by it, the first serves all.
  Definition definition(Input& input, const Elf64_Sym& symbol) {
    if (!is_global(symbol)) return input.defines(symbol) ? Definition{&input, &symbol} : Definition{};
    const auto found = globals_.find(input.name(symbol));
    return found == globals_.end() ? Definition{} : found->second;
  }

  // Marks what the exported function needs.
  void reach() {
    std::vector<std::pair<Input*, std::size_t>> open;
    const auto need = [&](const Definition& of) {
      if (of.input == nullptr) return;
      const std::size_t section = of.symbol->st_shndx;
      if (has_constants(of.input->sections[section])) {
        of.input->used[section].insert(of.symbol->st_value);
      } else if (!of.input->live[section]) {
        of.input->live[section] = true;
        open.emplace_back(of.input, section);
      }
    };
    need(globals_.at(exported_));
    while (!open.empty()) {
      const auto [input, section] = open.back();
      open.pop_back();
      for (const Elf64_Rela& each : input->relocations[section]) need(definition(*input, input->symbols.at(ELF64_R_SYM(each.r_info))));
    }
  }

  void align(std::size_t part, std::size_t alignment) {
    alignment_[part] = std::max(alignment_[part], alignment);
    const char fill = part == kCode && !reads_only_ ? '\xcc' : '\0';
    contents_[part].resize((contents_[part].size() + alignment - 1) / alignment * alignment, fill);
  }

  // What is needed of one kind. Functions with the same instructions are one.
  template <class Wanted>
  void place_all(std::size_t part, const Wanted& wanted) {
    for (Input& input : inputs_) {
      for (std::size_t s = 0; s < input.sections.size(); ++s) {
        const Elf64_Shdr& section = input.sections[s];
        if (!input.live[s] || !is_allocated(section) || !wanted(section)) continue;
        if (section.sh_type != SHT_PROGBITS) throw Refused("an object with a section of another kind");
        const std::string contents = input.contents(section);
        const bool alone = is_code(section) && input.relocations[s].empty();
        if (const auto same = alone ? same_code_.find(contents) : same_code_.end(); same != same_code_.end()) {
          input.places[s] = same->second;
          continue;
        }
        align(part, std::max<std::size_t>(section.sh_addralign, 1));
        input.places[s] = {part, contents_[part].size()};
        if (alone) same_code_[contents] = input.places[s];
        contents_[part] += contents;
      }
    }
  }

  // Each constant once, the widest first, so that nothing lies between them.
  void merge() {
    reads_only_ = true;
    std::map<std::string, std::uint64_t> known;
    for (const std::size_t width : {64, 32, 16, 8, 4}) {
      for (Input& input : inputs_) {
        for (std::size_t s = 0; s < input.sections.size(); ++s) {
          const Elf64_Shdr& section = input.sections[s];
          if (!has_constants(section) || section.sh_entsize != width || input.used[s].empty()) continue;
          align(kCode, std::max<std::size_t>(section.sh_addralign, 1));
          const std::string all = input.contents(section);
          for (const std::uint64_t at : input.used[s]) {
            if (at % width != 0 || at + width > all.size()) throw Refused("a constant without a name");
            const auto [found, fresh] = known.emplace(all.substr(at, width), contents_[kCode].size());
            if (fresh) contents_[kCode] += found->first;
            input.merged[s][at] = found->second;
          }
        }
      }
    }
  }

  static Place place_of(const Definition& of) {
    const std::size_t section = of.symbol->st_shndx;
    if (has_constants(of.input->sections[section])) {
      if (ELF64_ST_TYPE(of.symbol->st_info) == STT_SECTION) throw Refused("a constant without a name");
      return {kCode, of.input->merged[section].at(of.symbol->st_value)};
    }
    const Place start = of.input->places[section];
    return {start.part, start.at + of.symbol->st_value};
  }

  Place target(Input& input, const Elf64_Sym& symbol) {
    const Definition of = definition(input, symbol);
    if (of.input != nullptr) return place_of(of);
    const std::string name = is_global(symbol) ? input.name(symbol) : std::string();
    if (std::find(libc_.begin(), libc_.end(), name) == libc_.end()) throw Refused(name.empty() ? std::string("a constant without a name") : fmt::format("calls of `{}`", name));
    return {kCode, jump_to(name)};
  }

  // Calls of a function from elsewhere go through one jump each, which alone is left to the linker.
  std::uint64_t jump_to(const std::string& name) {
    const auto [found, fresh] = jumps_.emplace(name, contents_[kCode].size());
    if (fresh) contents_[kCode] += std::string("\xe9\0\0\0\0", 5);
    return found->second;
  }

  void relocate(Input& input, std::size_t number) {
    const Place section = input.places[number];
    if (!input.live[number] || section.part == kParts) return;
    for (const Elf64_Rela& each : input.relocations[number]) {
      const Place to = target(input, input.symbols[ELF64_R_SYM(each.r_info)]);
      const auto type = ELF64_R_TYPE(each.r_info);
      const std::uint64_t at = section.at + each.r_offset;
      const bool distance = type == R_X86_64_PC32 || type == R_X86_64_PLT32;
      if (section.part == kData ? type != R_X86_64_64 : !distance) throw Refused(fmt::format("a relocation of kind {}", type));
      const std::int64_t value = static_cast<std::int64_t>(to.at) + each.r_addend;
      if (section.part == kCode && to.part == kCode) {
        const auto narrow = static_cast<std::int32_t>(value - static_cast<std::int64_t>(at));
        std::memcpy(contents_[kCode].data() + at, &narrow, sizeof narrow);
        continue;
      }
      kept_[section.part].push_back({at, ELF64_R_INFO(1 + to.part, distance ? R_X86_64_PC32 : R_X86_64_64), value});
    }
  }

  std::uint32_t add_name(const std::string& text) {
    const auto at = static_cast<std::uint32_t>(strings_.size());
    strings_ += text + '\0';
    return at;
  }

  void add_section(const std::string& name, Elf64_Shdr section, const std::string& contents) {
    section.sh_name = add_name(name);
    made_.resize((made_.size() + section.sh_addralign - 1) / section.sh_addralign * section.sh_addralign);
    section.sh_offset = made_.size();
    section.sh_size = contents.size();
    made_ += contents;
    headers_.push_back(section);
  }

  // Sections 1 and 2 are the parts; symbols 1 and 2 stand for them.
  std::string write() {
    std::vector<Elf64_Sym> symbols(1);
    for (std::size_t part = 0; part < kParts; ++part) {
      Elf64_Sym section{};
      section.st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION);
      section.st_shndx = static_cast<Elf64_Section>(1 + part);
      symbols.push_back(section);
    }
    Elf64_Sym door{};
    const Place place = place_of(globals_.at(exported_));
    door.st_name = add_name(exported_);
    door.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    door.st_shndx = static_cast<Elf64_Section>(1 + place.part);
    door.st_value = place.at;
    symbols.push_back(door);
    for (const auto& [name, at] : jumps_) {
      kept_[kCode].push_back({at + 1, ELF64_R_INFO(std::uint64_t{symbols.size()}, R_X86_64_PLT32), -4});
      Elf64_Sym other{};
      other.st_name = add_name(name);
      other.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
      symbols.push_back(other);
    }
    made_.assign(sizeof(Elf64_Ehdr), '\0');
    const auto section = [](std::uint32_t type, std::uint64_t flags, std::uint64_t alignment) {
      Elf64_Shdr made{};
      made.sh_type = type;
      made.sh_flags = flags;
      made.sh_addralign = alignment;
      return made;
    };
    add_section(".text", section(SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, alignment_[kCode]), contents_[kCode]);
    add_section(".data.rel.ro", section(SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, alignment_[kData]), contents_[kData]);
    for (const std::size_t part : {kCode, kData}) {
      Elf64_Shdr list = section(SHT_RELA, SHF_INFO_LINK, 8);
      list.sh_entsize = sizeof(Elf64_Rela);
      list.sh_link = 6;
      list.sh_info = static_cast<std::uint32_t>(1 + part);
      add_section(part == kCode ? ".rela.text" : ".rela.data.rel.ro", list, bytes_of(kept_[part]));
    }
    add_section(".note.GNU-stack", section(SHT_PROGBITS, 0, 1), {});
    Elf64_Shdr table = section(SHT_SYMTAB, 0, 8);
    table.sh_entsize = sizeof(Elf64_Sym);
    table.sh_link = 7;
    table.sh_info = 1 + kParts;
    add_section(".symtab", table, bytes_of(symbols));
    strings_ += std::string(".strtab") + '\0';
    Elf64_Shdr names = section(SHT_STRTAB, 0, 1);
    names.sh_name = static_cast<std::uint32_t>(strings_.size() - sizeof ".strtab");
    names.sh_offset = made_.size();
    names.sh_size = strings_.size();
    made_ += strings_;
    headers_.push_back(names);
    return finish();
  }

  std::string finish() {
    auto header = read<Elf64_Ehdr>(inputs_.front().bytes, 0, sizeof(Elf64_Ehdr)).front();
    made_.resize((made_.size() + 7) / 8 * 8);
    header.e_shoff = made_.size();
    header.e_shnum = static_cast<Elf64_Half>(headers_.size());
    header.e_shstrndx = static_cast<Elf64_Half>(headers_.size() - 1);
    made_ += bytes_of(headers_);
    std::memcpy(made_.data(), &header, sizeof header);
    return std::move(made_);
  }

  const std::string exported_;
  const std::vector<std::string>& libc_;
  std::vector<Input> inputs_;
  std::string contents_[kParts];
  std::size_t alignment_[kParts] = {16, 8};
  bool reads_only_ = false;                // what comes to the code now is no code
  std::map<std::string, Definition> globals_;
  std::map<std::string, Place> same_code_;  // functions that refer to nothing, by their instructions
  std::map<std::string, std::uint64_t> jumps_;
  std::vector<Elf64_Rela> kept_[kParts];
  std::string strings_ = std::string(1, '\0');
  std::vector<Elf64_Shdr> headers_{1};
  std::string made_;
};

}  // namespace

Joined join(const std::vector<std::string>& objects, const std::string& exported, const std::vector<std::string>& libc) {
  try {
    return {Joining(objects, exported, libc).run(), {}};
  } catch (const Refused& refused) {
    return {{}, refused.what()};
  }
}

}  // namespace lacuna::aot
