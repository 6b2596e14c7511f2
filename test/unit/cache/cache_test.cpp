// Entries that are cut, changed or of another key; folders of other people; a full disk; two processes that meet; objects
// that are none.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compiler/cache/code_loader.h"
#include "compiler/cache/entry_file.h"
#include "compiler/cache/folder.h"
#include "compiler/cache/processor.h"

namespace lacuna::cache {
namespace {

namespace fs = std::filesystem;

class Temporary {
 public:
  Temporary() {
    std::string pattern = (fs::temp_directory_path() / "lacuna-cache-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Temporary() { fs::remove_all(path_); }
  std::string path() const { return path_ + "/lacuna"; }

 private:
  std::string path_;
};

Entry some_entry() { return {1, {{-1, 0, "", "tables"}, {3, 1, "f.block", std::string("\0\1code", 6)}}}; }

TEST(EntryFile, ReadsBackWhatWasPacked) {
  const std::optional<Entry> read = unpack(pack(some_entry(), "key"), "key");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->flags, 1u);
  ASSERT_EQ(read->pieces.size(), 2u);
  EXPECT_EQ(read->pieces[1].function, 3);
  EXPECT_EQ(read->pieces[1].block, 1);
  EXPECT_EQ(read->pieces[1].symbol, "f.block");
  EXPECT_EQ(read->pieces[1].object, std::string("\0\1code", 6));
}

TEST(EntryFile, RefusesEveryCutAndEveryChangedByte) {
  const std::string bytes = pack(some_entry(), "key");
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, size), "key")) << size;
  EXPECT_FALSE(unpack(bytes + "x", "key"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(unpack(changed, "key")) << at;
  }
}

TEST(EntryFile, RefusesAnotherKey) { EXPECT_FALSE(unpack(pack(some_entry(), "key"), "yek")); }

TEST(Folder, IsMadeForItsUserAlone) {
  const Temporary place;
  std::string why;
  ASSERT_TRUE(Folder::open_at(place.path(), why)) << why;
  struct stat about {};
  ASSERT_EQ(::stat(place.path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700u);
}

TEST(Folder, IsRefusedWhenOpenToOthersOrALinkOrNoFolder) {
  const Temporary place;
  std::string why;
  fs::create_directory(place.path());
  ::chmod(place.path().c_str(), 0750);
  EXPECT_FALSE(Folder::open_at(place.path(), why));
  EXPECT_NE(why.find("open to other users (mode 750, not 700)"), std::string::npos) << why;
  ::chmod(place.path().c_str(), 0700);
  fs::create_directory_symlink(place.path(), place.path() + "-link");
  EXPECT_FALSE(Folder::open_at(place.path() + "-link", why));
  std::ofstream(place.path() + "-file") << "x";
  EXPECT_FALSE(Folder::open_at(place.path() + "-file", why));
  EXPECT_FALSE(Folder::open_at(place.path() + "-file/lacuna", why));
}

TEST(Folder, OfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const Temporary place;
  fs::create_directory(place.path());
  ::chmod(place.path().c_str(), 0700);
  ASSERT_EQ(::chown(place.path().c_str(), 12345, 12345), 0);
  std::string why;
  EXPECT_FALSE(Folder::open_at(place.path(), why));
  EXPECT_NE(why.find("belongs to another user"), std::string::npos) << why;
}

TEST(Folder, TrustsNoFileThatOthersMayWriteAndNoLink) {
  const Temporary place;
  std::string why;
  const std::optional<Folder> folder = Folder::open_at(place.path(), why);
  ASSERT_TRUE(folder && folder->write("a", "bytes"));
  EXPECT_EQ(folder->read("a"), "bytes");
  ::chmod((place.path() + "/a").c_str(), 0666);
  EXPECT_FALSE(folder->read("a"));
  ::chmod((place.path() + "/a").c_str(), 0600);
  fs::create_symlink("a", place.path() + "/b");
  EXPECT_FALSE(folder->read("b"));
  ASSERT_EQ(::mkfifo((place.path() + "/c").c_str(), 0600), 0);
  EXPECT_FALSE(folder->read("c"));
  EXPECT_FALSE(folder->read("d"));
}

TEST(Folder, GrowsNoLargerThanItMay) {
  const Temporary place;
  std::string why;
  const std::optional<Folder> folder = Folder::open_at(place.path(), why);
  ASSERT_TRUE(folder);
  for (const char* key : {"1", "2", "3", "4"}) {
    ASSERT_TRUE(folder->write(key, std::string(100, 'x')));
    // Times of use that are told apart whatever the file system's clock.
    const timespec times[2] = {{1000 + key[0], 0}, {1000 + key[0], 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (place.path() + "/" + key).c_str(), times, 0), 0);
  }
  EXPECT_TRUE(folder->read("1"));  // a use
  folder->trim(250);
  EXPECT_TRUE(folder->read("1"));
  EXPECT_FALSE(folder->read("2"));
  EXPECT_FALSE(folder->read("3"));
  EXPECT_TRUE(folder->read("4"));
}

// Runs `check` in a process of its own, which a limit on file sizes would otherwise outlive.
template <class Check>
bool in_child(const Check& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Folder, AFullDiskChangesNothing) {
  const Temporary place;
  std::string why;
  const std::optional<Folder> folder = Folder::open_at(place.path(), why);
  ASSERT_TRUE(folder && folder->write("a", "before"));
  EXPECT_TRUE(in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return !folder->write("a", std::string(100000, 'x'));
  }));
  EXPECT_EQ(folder->read("a"), "before");
  EXPECT_EQ(std::distance(fs::directory_iterator(place.path()), {}), 1);
}

TEST(Folder, TwoWritersMeetAndReadersSeeWholeEntries) {
  const Temporary place;
  std::string why;
  const std::optional<Folder> folder = Folder::open_at(place.path(), why);
  const auto entry = [](char fill) { return pack({0, {{0, 0, "f", std::string(50000, fill)}}}, "k"); };
  ASSERT_TRUE(folder && folder->write("k", entry('a')));
  const auto writer = [&](char fill) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    bool done = true;
    for (int i = 0; i < 200; ++i) done = folder->write("k", entry(fill)) && done;
    ::_exit(done ? 0 : 1);
  };
  const pid_t children[] = {writer('b'), writer('c')};
  for (int i = 0; i < 200; ++i) {
    const std::optional<std::string> bytes = folder->read("k");
    EXPECT_TRUE(bytes && unpack(*bytes, "k"));
  }
  for (const pid_t child : children) {
    int status = 1;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

TEST(LoadedCode, RefusesWhatIsNoObject) {
  const LoadedCode::Resolve nothing = [](std::string_view) { return static_cast<void*>(nullptr); };
  EXPECT_EQ(LoadedCode::load("", nothing), nullptr);
  EXPECT_EQ(LoadedCode::load("no object", nothing), nullptr);
  EXPECT_EQ(LoadedCode::load(std::string(4096, '\0'), nothing), nullptr);
  std::ifstream self("/proc/self/exe", std::ios::binary);
  std::string program((std::istreambuf_iterator<char>(self)), {});
  EXPECT_EQ(LoadedCode::load(program, nothing), nullptr) << "a program is linked already";
}

TEST(Processor, IsTheSameEachTime) { EXPECT_EQ(processor_words(), processor_words()); }

}  // namespace
}  // namespace lacuna::cache
