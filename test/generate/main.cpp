// Prints generated programs, to be looked at or fed to the command: `generate_programs FOLDER COUNT [SEED]` writes SEED.ppl, ….
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test/generate/program.h"

int main(int count, char** words) {
  if (count < 3) return 2;
  const std::filesystem::path folder = words[1];
  const auto first = count > 3 ? std::strtoull(words[3], nullptr, 10) : 1;
  std::filesystem::create_directories(folder);
  for (std::uint64_t seed = first; seed < first + std::strtoull(words[2], nullptr, 10); ++seed) {
    std::ofstream(folder / (std::to_string(seed) + ".ppl")) << lacuna::generate::generate_program(seed).text;
  }
  return 0;
}
