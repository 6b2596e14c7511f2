// What verbs that take data share: the files, how they are told apart, and the options that say how to read them.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/bind.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

struct DataOptions {
  std::vector<std::string> bind, key, size, missing, index_base;
  std::vector<std::string> open;  // of verbs that predict
  std::string format = "auto";  // of standard input
  long long seed = 0;
  int threads = 0;
};

// Puts --bind, --key, --size, --missing, --index-base, --data-format, --seed, --threads on a verb.
void add_data_options(CLI::App& verb, DataOptions& options);

// The files of a command line, by extension: programs, and everything else.
struct Files {
  std::vector<std::string> models;
  std::vector<std::string> data;
};
Files sort_files(const std::vector<std::string>& paths);

// The data files, opened, and what is said about them.
struct OpenedData {
  runtime::data::Options options;
  std::vector<std::unique_ptr<runtime::data::Source>> sources;
};
// Empty when something is wrong, which is in `problems`.
std::optional<OpenedData> open_data(const std::vector<std::string>& files, const DataOptions& options,
                                    runtime::Problems& problems);

// A fit keeps what was said about its data, and new data are read in the same way: `keep` puts it among a fit's texts,
// `recall` adds it where the command line says nothing of its own.
void keep(const DataOptions& options, std::map<std::string, std::string>& texts);
void recall(const std::map<std::string, std::string>& texts, runtime::data::Options& options,
            runtime::Problems& problems);

// Reads the data that `metadata` asks for; empty when something is wrong, which is in `problems`.
std::optional<runtime::data::Dataset> read_data(const lacuna_metadata& metadata, const std::vector<std::string>& files, const DataOptions& options,
                                                const runtime::data::Needs& needs, runtime::Problems& problems);

// Lists what the data hold and nothing asked for: --verbose.
void print_unused(const runtime::data::Dataset& dataset);

// As text on standard error, or as JSON on standard output; with --quiet, only errors.
void print_problems(const runtime::Problems& problems, const lacuna_metadata* metadata, const Common& common);

// A number as JSON: the shortest text that reads back as the same value; "nan", "inf", "-inf" as strings.
std::string json_number(double x);

}  // namespace lacuna::tool
