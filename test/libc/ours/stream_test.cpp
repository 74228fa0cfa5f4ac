// SPDX-License-Identifier: Apache-2.0
// Streams: files, memory, buffers, places, and what is refused.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

TEST(Streams, ReadAndWriteATemporaryFile) {
  mkdir("/tmp", 0777);
  const File file(std::tmpfile());
  ASSERT_TRUE(file);
  EXPECT_EQ(std::fputs("one\ntwo\n", file.get()), 0);
  std::rewind(file.get());
  char line[16];
  EXPECT_STREQ(std::fgets(line, sizeof line, file.get()), "one\n");
  EXPECT_EQ(std::ftell(file.get()), 4);
  EXPECT_EQ(std::fseek(file.get(), -2, SEEK_END), 0);
  EXPECT_EQ(std::fgetc(file.get()), 'o');
  EXPECT_EQ(std::fgetc(file.get()), '\n');
  EXPECT_EQ(std::fgetc(file.get()), EOF);
  EXPECT_TRUE(std::feof(file.get()));
  EXPECT_EQ(ftello(file.get()), 8);
}

TEST(Streams, SeekBehindTheEnd) {
  const File file(std::tmpfile());
  ASSERT_TRUE(file);
  EXPECT_EQ(fseeko(file.get(), 10, SEEK_SET), 0);
  EXPECT_EQ(std::fputc('x', file.get()), 'x');
  std::rewind(file.get());
  char bytes[16];
  EXPECT_EQ(std::fread(bytes, 1, sizeof bytes, file.get()), 11U);
  EXPECT_EQ(bytes[9], '\0');
  EXPECT_EQ(bytes[10], 'x');
  EXPECT_EQ(std::fseek(file.get(), -1, SEEK_SET), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST(Streams, TakeCharactersBack) {
  const File file(std::tmpfile());
  ASSERT_TRUE(file);
  std::fputs("bc", file.get());
  std::rewind(file.get());
  EXPECT_EQ(std::ungetc('a', file.get()), 'a');
  EXPECT_EQ(std::fgetc(file.get()), 'a');
  EXPECT_EQ(std::fgetc(file.get()), 'b');
  EXPECT_EQ(std::ungetc('X', file.get()), 'X');
  EXPECT_EQ(std::ftell(file.get()), 0);
  EXPECT_EQ(std::fseek(file.get(), 0, SEEK_CUR), 0); // forgets what was taken back
  EXPECT_EQ(std::fgetc(file.get()), 'b');
  EXPECT_EQ(std::ungetc(EOF, file.get()), EOF);
}

TEST(Streams, ObeyTheirBuffer) {
  char path[] = "/tmp/buffered-XXXXXX";
  const int descriptor = mkstemp(path);
  ASSERT_GE(descriptor, 0);
  const File file(fdopen(descriptor, "w"));
  struct stat status{};
  char buffer[BUFSIZ];
  ASSERT_EQ(std::setvbuf(file.get(), buffer, _IOFBF, sizeof buffer), 0);
  std::fputs("held\n", file.get());
  stat(path, &status);
  EXPECT_EQ(status.st_size, 0);
  std::fflush(file.get());
  stat(path, &status);
  EXPECT_EQ(status.st_size, 5);
  ASSERT_EQ(std::setvbuf(file.get(), nullptr, _IONBF, 0), 0);
  std::fputs("now", file.get());
  stat(path, &status);
  EXPECT_EQ(status.st_size, 8);
  unlink(path);
}

TEST(Streams, KnowWhichWayTheyAreOpen) {
  char path[] = "/tmp/ways-XXXXXX";
  close(mkstemp(path));
  File file(std::fopen(path, "r"));
  ASSERT_TRUE(file);
  EXPECT_EQ(std::fputc('x', file.get()), EOF);
  EXPECT_TRUE(std::ferror(file.get()));
  std::clearerr(file.get());
  EXPECT_FALSE(std::ferror(file.get()));
  EXPECT_EQ(std::fopen(path, "wx"), nullptr);
  EXPECT_EQ(errno, EEXIST);
  EXPECT_EQ(std::fopen(path, "q"), nullptr);
  EXPECT_EQ(errno, EINVAL);
  file.reset(std::fopen(path, "a+"));
  std::fputs("end", file.get());
  std::rewind(file.get());
  std::fputs("!", file.get());
  std::rewind(file.get());
  char text[8] = {};
  EXPECT_EQ(std::fread(text, 1, sizeof text, file.get()), 4U);
  EXPECT_STREQ(text, "end!");
  unlink(path);
}

TEST(Streams, ReadFromMemory) {
  char text[] = "12 words";
  const File file(fmemopen(text, std::strlen(text), "r"));
  ASSERT_TRUE(file);
  int number = 0;
  char word[8] = {};
  EXPECT_EQ(std::fscanf(file.get(), "%d %7s", &number, word), 2);
  EXPECT_EQ(number, 12);
  EXPECT_STREQ(word, "words");
  EXPECT_EQ(std::fgetc(file.get()), EOF);
}

TEST(Streams, WriteNoMoreThanTheMemoryHolds) {
  char text[4] = {};
  std::FILE* file = fmemopen(text, sizeof text, "w");
  ASSERT_NE(file, nullptr);
  std::setvbuf(file, nullptr, _IONBF, 0);
  EXPECT_EQ(std::fwrite("abcdef", 1, 6, file), 4U);
  std::fclose(file);
  EXPECT_EQ(std::string(text, 3), "abc");
}

TEST(Streams, GrowInMemory) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  ASSERT_NE(file, nullptr);
  for (int number = 0; number < 1000; ++number)
    std::fprintf(file, "%03d", number);
  std::fflush(file);
  EXPECT_EQ(size, 3000U);
  EXPECT_EQ(std::string(text + 2997, 3), "999");
  std::fclose(file);
  std::free(text);
  wchar_t* wide = nullptr;
  file = open_wmemstream(&wide, &size);
  ASSERT_NE(file, nullptr);
  std::fputws(L"wide", file);
  std::fclose(file);
  EXPECT_EQ(size, 4U);
  EXPECT_STREQ(wide, L"wide");
  std::free(wide);
}

TEST(Streams, ReadLinesOfAnyLength) {
  const File file(std::tmpfile());
  ASSERT_TRUE(file);
  const std::string large(10000, 'x');
  std::fprintf(file.get(), "%s\nshort;last", large.c_str());
  std::rewind(file.get());
  char* line = nullptr;
  std::size_t room = 0;
  EXPECT_EQ(getline(&line, &room, file.get()), 10001);
  EXPECT_EQ(getdelim(&line, &room, ';', file.get()), 6);
  EXPECT_STREQ(line, "short;");
  EXPECT_EQ(getline(&line, &room, file.get()), 4);
  EXPECT_EQ(getline(&line, &room, file.get()), -1);
  std::free(line);
}

TEST(Streams, AreWideOrNarrow) {
  const File file(std::tmpfile());
  ASSERT_TRUE(file);
  EXPECT_EQ(fwide(file.get(), 0), 0);
  EXPECT_GT(fwide(file.get(), 1), 0);
  EXPECT_GT(fwide(file.get(), -1), 0);
}

TEST(Streams, TellTheDescriptorsOfPlacesThatCannotBeLeft) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const File in(fdopen(ends[0], "r"));
  File out(fdopen(ends[1], "w"));
  EXPECT_EQ(fileno(in.get()), ends[0]);
  EXPECT_EQ(std::fseek(in.get(), 0, SEEK_SET), -1);
  EXPECT_EQ(errno, ESPIPE);
  std::fputs("through", out.get());
  out.reset();
  char text[16] = {};
  EXPECT_STREQ(std::fgets(text, sizeof text, in.get()), "through");
}

TEST(Streams, RefuseASecondProgram) {
  errno = 0;
  EXPECT_EQ(popen("true", "r"), nullptr);
  EXPECT_NE(errno, 0);
}

} // namespace
