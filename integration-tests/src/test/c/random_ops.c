/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_ops FILE SEED OPERATIONS
 *
 * Random writes, reads, truncations, mapped writes and reads, syncs, reopenings and dropped caches on one file, each beside
 * a copy in memory. What is read must be what the copy holds, and at the end the file is read from the server once more.
 * The seed decides everything. Prints how often each operation ran; a difference ends it with 1 and names the place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES (4u << 20)
#define MAX_PIECE_BYTES (256u << 10)

enum operation { WRITE, READ, TRUNCATE, MAPPED_WRITE, MAPPED_READ, SYNC, REOPEN, DROP_CACHES, OPERATIONS };

static const char *const names[OPERATIONS] = {"write", "read", "truncate", "mmap write", "mmap read", "fsync", "reopen", "drop caches"};
/* Of 100. */
static const unsigned weights[OPERATIONS] = {30, 28, 12, 12, 10, 4, 3, 1};

static unsigned char model[MAX_BYTES];
static unsigned char buffer[MAX_BYTES];
static size_t size;
static uint64_t state;
static uint64_t seed;
static unsigned long step;

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "seed %llu, step %lu: ", (unsigned long long)seed, step);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

/* splitmix64 */
static uint64_t next(void) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static size_t below(size_t bound) { return (size_t)(next() % bound); }

/* Half of all places and sizes lie on pages, where servers and clients have their edges. */
static size_t place(size_t bound) {
  size_t any = below(bound);
  return next() % 2 ? any : any & ~(size_t)4095;
}

static void fill(unsigned char *at, size_t bytes) {
  uint64_t word = next();
  for (size_t i = 0; i < bytes; i++) {
    at[i] = (unsigned char)(word >> (i % 8 * 8)) ^ (unsigned char)(i >> 3);
  }
}

static void compare(const unsigned char *found, size_t offset, size_t bytes, const char *how) {
  for (size_t i = 0; i < bytes; i++) {
    if (found[i] != model[offset + i]) {
      die("%s at %zu of %zu bytes: byte %zu is %02x and should be %02x", how, offset, bytes, offset + i, found[i], model[offset + i]);
    }
  }
}

static void write_all(int fd, size_t offset, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t n = pwrite(fd, model + offset + done, bytes - done, (off_t)(offset + done));
    if (n <= 0) die("pwrite: %s", strerror(errno));
    done += (size_t)n;
  }
}

static void grow_to(size_t end) {
  if (end > size) {
    size = end; /* what lies between is zero: shrinking clears the model */
  }
}

static void check_size(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) die("fstat: %s", strerror(errno));
  if ((size_t)st.st_size != size) die("the size is %lld and should be %zu", (long long)st.st_size, size);
}

static void read_back(int fd, size_t offset, size_t bytes, const char *how) {
  size_t expected = offset >= size ? 0 : size - offset < bytes ? size - offset : bytes;
  size_t done = 0;
  while (done < bytes) {
    ssize_t n = pread(fd, buffer + done, bytes - done, (off_t)(offset + done));
    if (n < 0) die("pread: %s", strerror(errno));
    if (n == 0) break;
    done += (size_t)n;
  }
  if (done != expected) die("%s at %zu: %zu bytes came, %zu are there", how, offset, done, expected);
  compare(buffer, offset, done, how);
}

static void truncate_to(int fd, size_t bytes) {
  if (ftruncate(fd, (off_t)bytes) != 0) die("ftruncate to %zu: %s", bytes, strerror(errno));
  if (bytes < size) memset(model + bytes, 0, size - bytes);
  size = bytes;
  check_size(fd);
}

static void mapped(int fd, int writes) {
  if (size == 0) return;
  size_t offset = below(size) & ~(size_t)4095;
  size_t bytes = 1 + below(MAX_PIECE_BYTES);
  if (bytes > size - offset) bytes = size - offset;
  int protection = writes ? PROT_READ | PROT_WRITE : PROT_READ;
  unsigned char *map = mmap(NULL, bytes, protection, MAP_SHARED, fd, (off_t)offset);
  if (map == MAP_FAILED) die("mmap: %s", strerror(errno));
  if (writes) {
    size_t from = below(bytes);
    fill(model + offset + from, bytes - from);
    memcpy(map + from, model + offset + from, bytes - from);
    if (msync(map, bytes, next() % 2 ? MS_SYNC : MS_ASYNC) != 0) die("msync: %s", strerror(errno));
  } else {
    compare(map, offset, bytes, names[MAPPED_READ]);
  }
  if (munmap(map, bytes) != 0) die("munmap: %s", strerror(errno));
}

static void drop_caches(int fd) {
  if (fsync(fd) != 0) die("fsync: %s", strerror(errno));
  int control = open("/proc/sys/vm/drop_caches", O_WRONLY);
  if (control < 0 || write(control, "3", 1) != 1 || close(control) != 0) die("drop_caches: %s", strerror(errno));
}

static int open_file(const char *path, int flags) {
  int fd = open(path, O_RDWR | flags, 0644);
  if (fd < 0) die("open %s: %s", path, strerror(errno));
  return fd;
}

static enum operation choose(void) {
  unsigned roll = (unsigned)(next() % 100);
  enum operation operation = WRITE;
  while (roll >= weights[operation]) roll -= weights[operation++];
  return operation;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: random_ops FILE SEED OPERATIONS\n");
    return 2;
  }
  seed = state = strtoull(argv[2], NULL, 10);
  unsigned long operations = strtoul(argv[3], NULL, 10);
  unsigned long counts[OPERATIONS] = {0};
  int fd = open_file(argv[1], O_CREAT | O_TRUNC);
  for (step = 0; step < operations; step++) {
    enum operation operation = choose();
    counts[operation]++;
    size_t offset = place(MAX_BYTES - 1);
    size_t bytes = 1 + below(MAX_PIECE_BYTES);
    if (bytes > MAX_BYTES - offset) bytes = MAX_BYTES - offset;
    switch (operation) {
      case WRITE:
        fill(model + offset, bytes);
        write_all(fd, offset, bytes);
        grow_to(offset + bytes);
        check_size(fd);
        break;
      case READ: read_back(fd, offset, bytes, names[READ]); break;
      case TRUNCATE: truncate_to(fd, place(MAX_BYTES)); break;
      case MAPPED_WRITE: mapped(fd, 1); break;
      case MAPPED_READ: mapped(fd, 0); break;
      case SYNC:
        if (fsync(fd) != 0) die("fsync: %s", strerror(errno));
        break;
      case REOPEN:
        if (close(fd) != 0) die("close: %s", strerror(errno));
        fd = open_file(argv[1], 0);
        check_size(fd);
        break;
      case DROP_CACHES: drop_caches(fd); break;
      case OPERATIONS: break;
    }
  }
  drop_caches(fd);
  read_back(fd, 0, MAX_BYTES, "the whole file, from the server,");
  printf("seed %llu:", (unsigned long long)seed);
  for (int i = 0; i < OPERATIONS; i++) printf(" %lu x %s%s", counts[i], names[i], i + 1 < OPERATIONS ? "," : "");
  printf("; all %zu bytes are right\n", size);
  return close(fd) == 0 ? 0 : 1;
}
