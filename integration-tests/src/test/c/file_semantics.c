/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_semantics FOLDER TOPIC
 *
 * What POSIX promises about names and files, asked of a mounted NFS volume. Prints each promise that was kept; the first that
 * was not ends it with 1.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOLE_BYTES (8LL << 30)

#define CHECK(what, condition)                                                              \
  do {                                                                                      \
    errno = 0;                                                                              \
    if (!(condition)) {                                                                     \
      fprintf(stderr, "not so: %s (%s, errno %s)\n", what, #condition, strerror(errno));    \
      exit(1);                                                                              \
    }                                                                                       \
    printf("  %s\n", what);                                                                 \
  } while (0)

static void put(const char *path, const char *text) {
  FILE *out = fopen(path, "w");
  if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0) {
    perror(path);
    exit(1);
  }
}

static int holds(const char *path, const char *text) {
  char found[256] = "";
  FILE *in = fopen(path, "r");
  if (in == NULL) return 0;
  size_t n = fread(found, 1, sizeof found - 1, in);
  fclose(in);
  return n == strlen(text) && memcmp(found, text, n) == 0;
}

static struct stat of(const char *path) {
  struct stat st;
  memset(&st, 0, sizeof st);
  if (lstat(path, &st) != 0) {
    perror(path);
    exit(1);
  }
  return st;
}

static int is_absent(const char *path) {
  struct stat st;
  return lstat(path, &st) != 0 && errno == ENOENT;
}

static int fails_with(int result, int expected) { return result != 0 && errno == expected; }

static void drop_caches(void) {
  sync();
  FILE *control = fopen("/proc/sys/vm/drop_caches", "w");
  if (control == NULL || fputs("3", control) < 0 || fclose(control) != 0) {
    perror("drop_caches");
    exit(1);
  }
}

static void renames(void) {
  put("a", "first");
  put("b", "second");
  ino_t a = of("a").st_ino;
  CHECK("rename replaces a file", rename("a", "b") == 0 && holds("b", "first"));
  CHECK("the old name is gone", is_absent("a"));
  CHECK("a renamed file keeps its id", of("b").st_ino == a);
  CHECK("rename onto itself changes nothing", rename("b", "b") == 0 && holds("b", "first"));
  CHECK("mkdir", mkdir("d", 0755) == 0 && mkdir("d/sub", 0755) == 0 && mkdir("e", 0755) == 0);
  CHECK("rename moves a file to another folder", rename("b", "d/moved") == 0 && holds("d/moved", "first"));
  CHECK("rename moves a folder", rename("d/sub", "e/sub") == 0 && S_ISDIR(of("e/sub").st_mode));
  CHECK("link counts of both parents follow", of("d").st_nlink == 2 && of("e").st_nlink == 3);
  CHECK(".. of a moved folder is its new parent", of("e/sub/..").st_ino == of("e").st_ino);
  CHECK("a folder does not go into itself", fails_with(rename("e", "e/sub/e"), EINVAL));
  CHECK("a folder does not replace a file", fails_with(rename("e", "d/moved"), ENOTDIR));
  CHECK("a file does not replace a folder", fails_with(rename("d/moved", "e"), EISDIR));
  CHECK("a folder that is not empty is not replaced", fails_with(rename("d", "e"), EEXIST) && holds("d/moved", "first"));
  CHECK("an empty folder is replaced", mkdir("empty", 0755) == 0 && rename("e", "empty") == 0 && S_ISDIR(of("empty/sub").st_mode));
}

static void removals(void) {
  put("open", "still here");
  int fd = open("open", O_RDWR);
  char found[32] = "";
  CHECK("an open file can be removed", fd >= 0 && unlink("open") == 0 && is_absent("open"));
  CHECK("and read", pread(fd, found, sizeof found, 0) == 10 && strcmp(found, "still here") == 0);
  CHECK("and written", pwrite(fd, "and here", 8, 100) == 8 && fsync(fd) == 0);
  drop_caches();
  CHECK("and read from the server", pread(fd, found, 8, 100) == 8 && memcmp(found, "and here", 8) == 0);
  CHECK("and closed", close(fd) == 0);
  put("target", "new");
  put("victim", "old");
  fd = open("victim", O_RDONLY);
  CHECK("a file that rename replaced while open", rename("target", "victim") == 0);
  memset(found, 0, sizeof found);
  CHECK("can still be read", pread(fd, found, sizeof found, 0) == 3 && strcmp(found, "old") == 0 && close(fd) == 0);
  CHECK("while the name leads to the new one", holds("victim", "new"));
  CHECK("a folder with an entry is not removed", mkdir("d", 0755) == 0 && (put("d/f", ""), fails_with(rmdir("d"), ENOTEMPTY)));
  CHECK("an empty one is", unlink("d/f") == 0 && rmdir("d") == 0 && is_absent("d"));
  CHECK("unlink of a missing name says ENOENT", fails_with(unlink("missing"), ENOENT));
  DIR *listing = opendir(".");
  int leftovers = 0;
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;) leftovers += strncmp(entry->d_name, ".nfs", 4) == 0;
  closedir(listing);
  CHECK("no .nfs file is left behind", leftovers == 0);
}

static void hard_links(void) {
  put("one", "shared");
  CHECK("link", link("one", "two") == 0 && of("one").st_nlink == 2);
  CHECK("both names are one file", of("one").st_ino == of("two").st_ino);
  put("two", "changed");
  CHECK("a write by one name is seen by the other", holds("one", "changed"));
  CHECK("link onto a name that is there says EEXIST", fails_with(link("one", "two"), EEXIST));
  CHECK("rename onto another name of the file leaves both", rename("one", "two") == 0 && of("one").st_nlink == 2);
  CHECK("the file lives on by its last name", unlink("one") == 0 && of("two").st_nlink == 1 && holds("two", "changed"));
  CHECK("a folder has no second name", mkdir("d", 0755) == 0 && fails_with(link("d", "e"), EPERM));
}

static void symlinks(void) {
  char target[PATH_MAX], found[PATH_MAX + 1] = "";
  put("file", "behind");
  CHECK("a symbolic link leads to its target", symlink("file", "to-file") == 0 && holds("to-file", "behind"));
  CHECK("its size is the length of its target", of("to-file").st_size == 4 && S_ISLNK(of("to-file").st_mode));
  CHECK("a dangling one can be made and read", symlink("nowhere", "dangling") == 0 && readlink("dangling", found, PATH_MAX) == 7);
  CHECK("and opening it says ENOENT", open("dangling", O_RDONLY) < 0 && errno == ENOENT);
  CHECK("a circle says ELOOP", symlink("y", "x") == 0 && symlink("x", "y") == 0 && open("x", O_RDONLY) < 0 && errno == ELOOP);
  memset(target, 't', sizeof target);
  target[1000] = 0;
  CHECK("a target of 1000 bytes", symlink(target, "long") == 0);
  drop_caches();
  memset(found, 0, sizeof found);
  CHECK("comes back whole", readlink("long", found, PATH_MAX) == 1000 && strcmp(found, target) == 0);
  CHECK("unlink removes the link alone", unlink("to-file") == 0 && holds("file", "behind"));
}

static void sparse(void) {
  static char block[1 << 16], zeros[1 << 16];
  int fd = open("sparse", O_RDWR | O_CREAT, 0644);
  memset(block, 's', sizeof block);
  CHECK("64 KiB behind a hole of 8 GiB", fd >= 0 && pwrite(fd, block, sizeof block, HOLE_BYTES) == sizeof block && fsync(fd) == 0);
  CHECK("the size counts the hole", of("sparse").st_size == HOLE_BYTES + (long long)sizeof block);
  drop_caches();
  CHECK("the space does not", of("sparse").st_blocks == (long)sizeof block / 512);
  char found[sizeof block];
  CHECK("the hole reads as zeros", pread(fd, found, sizeof found, HOLE_BYTES / 2) == sizeof found && memcmp(found, zeros, sizeof found) == 0);
  CHECK("its end too", pread(fd, found, 8192, HOLE_BYTES - 4096) == 8192 && memcmp(found, zeros, 4096) == 0 && memcmp(found + 4096, block, 4096) == 0);
  CHECK("ftruncate makes another", ftruncate(fd, 2 * HOLE_BYTES) == 0 && fsync(fd) == 0 && of("sparse").st_size == 2 * HOLE_BYTES);
  CHECK("and gives space back", ftruncate(fd, 4096) == 0 && fsync(fd) == 0);
  drop_caches();
  CHECK("all of it", of("sparse").st_blocks == 0);
  CHECK("beyond the largest file EFBIG", pwrite(fd, block, 1, LLONG_MAX - 1) < 0 && (errno == EFBIG || errno == EINVAL));
  close(fd);
}

static void attributes(void) {
  put("file", "0123456789");
  CHECK("chmod", chmod("file", 04751) == 0 && (of("file").st_mode & 07777) == 04751);
  CHECK("chown", chown("file", 1234, 5678) == 0 && of("file").st_uid == 1234 && of("file").st_gid == 5678);
  struct timespec times[2] = {{1234567890, 123456789}, {987654321, 987654321}};
  CHECK("utimensat to the nanosecond", utimensat(AT_FDCWD, "file", times, 0) == 0);
  drop_caches();
  struct stat st = of("file");
  CHECK("the times come back", st.st_mtim.tv_sec == 987654321 && st.st_mtim.tv_nsec == 987654321 && st.st_atim.tv_nsec == 123456789);
  CHECK("a write takes the time anew", truncate("file", 5) == 0 && of("file").st_mtim.tv_sec > 1500000000);
  CHECK("O_EXCL refuses a name that is there", open("file", O_CREAT | O_EXCL | O_WRONLY, 0644) < 0 && errno == EEXIST);
  CHECK("O_APPEND writes at the end", system("printf tail >>file") == 0 && holds("file", "01234tail"));
  CHECK("a fifo", mkfifo("fifo", 0600) == 0 && S_ISFIFO(of("fifo").st_mode));
  CHECK("a device node", mknod("null", S_IFCHR | 0600, (1 << 8) | 3) == 0 && of("null").st_rdev == ((1 << 8) | 3));
  char name[300];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  CHECK("a name of 255 bytes", (put(name, "long"), holds(name, "long")));
  name[255] = 'n';
  name[256] = 0;
  CHECK("one of 256 says ENAMETOOLONG", open(name, O_CREAT | O_WRONLY, 0644) < 0 && errno == ENAMETOOLONG);
  pid_t child = chmod(".", 0755) == 0 ? fork() : -1;
  if (child == 0) {
    if (setgid(4242) != 0 || setuid(4242) != 0) _exit(3);
    _exit(open("file", O_WRONLY) < 0 && errno == EACCES && open("new", O_CREAT | O_WRONLY, 0644) < 0 && errno == EACCES ? 0 : 1);
  }
  int status = -1;
  CHECK("another user may not write", child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(void);
  } topics[] = {{"renames", renames},   {"removals", removals}, {"hard-links", hard_links},
                {"symlinks", symlinks}, {"sparse", sparse},     {"attributes", attributes}};
  if (argc != 3 || (mkdir(argv[1], 0755) != 0 && errno != EEXIST) || chdir(argv[1]) != 0) {
    perror(argc == 3 ? argv[1] : "usage: file_semantics FOLDER TOPIC");
    return 2;
  }
  for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
    if (strcmp(argv[2], topics[i].name) == 0) {
      topics[i].run();
      return 0;
    }
  }
  fprintf(stderr, "no topic %s\n", argv[2]);
  return 2;
}
