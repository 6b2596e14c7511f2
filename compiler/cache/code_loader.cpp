#include "compiler/cache/code_loader.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace lacuna::cache {
namespace {

#if defined(__x86_64__)
constexpr std::size_t kStub = 8;  // a jump through an address: ff 25 and 32 bits, filled up
constexpr std::size_t kMostAlignment = 4096;

std::size_t rounded(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

// `count` values of T at `offset`, or null when the object is too short or they are not aligned.
template <class T>
const T* at(std::string_view object, std::size_t offset, std::size_t count = 1) {
  if (count > object.size() / sizeof(T) || offset > object.size() - count * sizeof(T)) return nullptr;
  const char* place = object.data() + offset;
  return reinterpret_cast<std::uintptr_t>(place) % alignof(T) == 0 ? reinterpret_cast<const T*>(place) : nullptr;
}
#endif

}  // namespace

#if defined(__x86_64__)

// One object on its way into memory: code first, on pages of its own, then data and the addresses of what is called.
class Placing {
 public:
  Placing(std::string_view object, const LoadedCode::Resolve& resolve, LoadedCode& to) : object_(object), resolve_(resolve), to_(to) {}

  bool run() { return read_tables() && lay_out() && copy() && place_symbols() && relocate() && protect(); }

 private:
  bool read_tables() {
    const auto* header = at<Elf64_Ehdr>(object_, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_type != ET_REL || header->e_machine != EM_X86_64 ||
        header->e_shentsize != sizeof(Elf64_Shdr))
      return false;
    count_ = header->e_shnum;
    sections_ = at<Elf64_Shdr>(object_, header->e_shoff, count_);
    if (!sections_) return false;
    for (std::size_t i = 0; i < count_; ++i) {
      const Elf64_Shdr& each = sections_[i];
      if (each.sh_type != SHT_SYMTAB) continue;
      if (symbols_ || each.sh_link >= count_) return false;
      symbol_count_ = each.sh_size / sizeof(Elf64_Sym);
      symbols_ = at<Elf64_Sym>(object_, each.sh_offset, symbol_count_);
      const Elf64_Shdr& names = sections_[each.sh_link];
      if (!symbols_ || names.sh_size == 0 || !at<char>(object_, names.sh_offset, names.sh_size)) return false;
      names_ = object_.substr(names.sh_offset, names.sh_size);
      if (names_.back() != 0) return false;
    }
    return symbols_ != nullptr;
  }

  bool wanted(const Elf64_Shdr& each) const { return (each.sh_flags & SHF_ALLOC) != 0 && each.sh_size > 0; }
  static bool is_code(const Elf64_Shdr& each) { return (each.sh_flags & SHF_EXECINSTR) != 0; }

  // Offsets of all sections, then of a stub and an address for each symbol that may need them.
  bool lay_out() {
    const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    offsets_.assign(count_, 0);
    std::size_t end = 0;
    for (const bool code : {true, false}) {
      for (std::size_t i = 0; i < count_; ++i) {
        const Elf64_Shdr& each = sections_[i];
        if (!wanted(each) || is_code(each) != code) continue;
        if (each.sh_addralign > kMostAlignment || each.sh_size > object_.size()) return false;
        end = rounded(end, std::max<std::size_t>(each.sh_addralign, 1));
        offsets_[i] = end;
        end += each.sh_size;
      }
      if (code) {
        stubs_ = rounded(end, kStub);
        end = code_end_ = rounded(stubs_ + symbol_count_ * kStub, page);
      }
    }
    addresses_ = rounded(end, sizeof(std::uint64_t));
    to_.bytes_ = rounded(addresses_ + symbol_count_ * sizeof(std::uint64_t), page);
    void* memory = ::mmap(nullptr, to_.bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    to_.memory_ = static_cast<char*>(memory);
    return true;
  }

  bool copy() {
    for (std::size_t i = 0; i < count_; ++i) {
      const Elf64_Shdr& each = sections_[i];
      if (!wanted(each) || each.sh_type == SHT_NOBITS) continue;
      const char* bytes = at<char>(object_, each.sh_offset, each.sh_size);
      if (!bytes) return false;
      std::memcpy(to_.memory_ + offsets_[i], bytes, each.sh_size);
    }
    return true;
  }

  // Where every symbol is. One that the object does not define gets the address that `resolve_` knows.
  bool place_symbols() {
    places_.assign(symbol_count_, 0);
    for (std::size_t i = 1; i < symbol_count_; ++i) {
      const Elf64_Sym& each = symbols_[i];
      if (each.st_name >= names_.size()) return false;
      const char* name = names_.data() + each.st_name;
      if (each.st_shndx == SHN_UNDEF) {
        places_[i] = reinterpret_cast<std::uintptr_t>(resolve_(name));
        if (places_[i] == 0) return false;
      } else if (each.st_shndx < count_ && wanted(sections_[each.st_shndx])) {
        if (each.st_value > sections_[each.st_shndx].sh_size) return false;
        places_[i] = reinterpret_cast<std::uintptr_t>(to_.memory_) + offsets_[each.st_shndx] + each.st_value;
        if (ELF64_ST_BIND(each.st_info) == STB_GLOBAL) to_.symbols_[name] = reinterpret_cast<void*>(places_[i]);
      }
      std::memcpy(to_.memory_ + addresses_ + i * sizeof(std::uint64_t), &places_[i], sizeof(std::uint64_t));
    }
    return true;
  }

  bool relocate() {
    for (std::size_t i = 0; i < count_; ++i) {
      const Elf64_Shdr& each = sections_[i];
      if (each.sh_type == SHT_REL) return false;
      if (each.sh_type != SHT_RELA || each.sh_info >= count_ || !wanted(sections_[each.sh_info])) continue;
      const std::size_t count = each.sh_size / sizeof(Elf64_Rela);
      const auto* list = at<Elf64_Rela>(object_, each.sh_offset, count);
      if (!list) return false;
      for (std::size_t k = 0; k < count; ++k)
        if (!relocate_one(list[k], each.sh_info)) return false;
    }
    return true;
  }

  bool relocate_one(const Elf64_Rela& relocation, std::size_t section) {
    const std::size_t symbol = ELF64_R_SYM(relocation.r_info);
    const std::uint64_t size = sections_[section].sh_size;
    if (symbol == 0 || symbol >= symbol_count_ || places_[symbol] == 0 || size < 4 || relocation.r_offset > size - 4) return false;
    char* field = to_.memory_ + offsets_[section] + relocation.r_offset;
    const auto here = reinterpret_cast<std::uintptr_t>(field);
    const auto addend = static_cast<std::uint64_t>(relocation.r_addend);
    switch (ELF64_R_TYPE(relocation.r_info)) {
      case R_X86_64_64: {
        if (size < 8 || relocation.r_offset > size - 8) return false;
        const std::uint64_t value = places_[symbol] + addend;
        std::memcpy(field, &value, sizeof value);
        return true;
      }
      case R_X86_64_PC32:
        return put_distance(field, places_[symbol] + addend - here);
      case R_X86_64_PLT32:
        return put_distance(field, (symbols_[symbol].st_shndx == SHN_UNDEF ? stub(symbol) : places_[symbol]) + addend - here);
      case R_X86_64_GOTPCREL:
      case R_X86_64_GOTPCRELX:
      case R_X86_64_REX_GOTPCRELX:
        return put_distance(field, address_of(symbol) + addend - here);
      default:
        return false;
    }
  }

  static bool put_distance(char* field, std::uint64_t distance) {
    const auto value = static_cast<std::int64_t>(distance);
    if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) return false;
    const auto narrow = static_cast<std::int32_t>(value);
    std::memcpy(field, &narrow, sizeof narrow);
    return true;
  }

  std::uintptr_t address_of(std::size_t symbol) const {
    return reinterpret_cast<std::uintptr_t>(to_.memory_) + addresses_ + symbol * sizeof(std::uint64_t);
  }

  // A jump to a symbol that may be farther away than 2 GB.
  std::uintptr_t stub(std::size_t symbol) {
    char* place = to_.memory_ + stubs_ + symbol * kStub;
    const auto start = reinterpret_cast<std::uintptr_t>(place);
    const auto distance = static_cast<std::int32_t>(address_of(symbol) - (start + 6));
    const char jump[2] = {'\xff', '\x25'};
    std::memcpy(place, jump, sizeof jump);
    std::memcpy(place + 2, &distance, sizeof distance);
    return start;
  }

  bool protect() {
    const bool code = code_end_ == 0 || ::mprotect(to_.memory_, code_end_, PROT_READ | PROT_EXEC) == 0;
    return code && ::mprotect(to_.memory_ + code_end_, to_.bytes_ - code_end_, PROT_READ) == 0;
  }

  std::string_view object_;
  const LoadedCode::Resolve& resolve_;
  LoadedCode& to_;
  const Elf64_Shdr* sections_ = nullptr;
  const Elf64_Sym* symbols_ = nullptr;
  std::size_t count_ = 0, symbol_count_ = 0;
  std::string_view names_;
  std::vector<std::size_t> offsets_;
  std::size_t stubs_ = 0, code_end_ = 0, addresses_ = 0;
  std::vector<std::uintptr_t> places_;
};

std::unique_ptr<LoadedCode> LoadedCode::load(std::string_view object, const Resolve& resolve) {
  // ELF's tables are aligned within the file, so the file must be too.
  std::vector<std::uint64_t> aligned(object.size() / 8 + 1);
  std::memcpy(aligned.data(), object.data(), object.size());
  std::unique_ptr<LoadedCode> made(new LoadedCode);
  Placing placing({reinterpret_cast<const char*>(aligned.data()), object.size()}, resolve, *made);
  return placing.run() ? std::move(made) : nullptr;
}

#else

std::unique_ptr<LoadedCode> LoadedCode::load(std::string_view, const Resolve&) { return nullptr; }

#endif

LoadedCode::~LoadedCode() {
  if (memory_) ::munmap(memory_, bytes_);
}

void* LoadedCode::find(const std::string& name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : found->second;
}

}  // namespace lacuna::cache
