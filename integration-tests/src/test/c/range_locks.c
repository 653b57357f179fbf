/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range_locks FILE COMMAND...    reads commands and answers each with a line; the process owns the locks
 *
 *   read|write START LENGTH     lock without waiting: "locked" or "busy"
 *   wait START LENGTH           write lock, waiting for it: "locked"
 *   unlock START LENGTH         "unlocked"
 *   flock 0 0                   flock(2) of the whole file, exclusive, without waiting: "locked" or "busy"
 *   test START LENGTH           who would stop a write lock: "free", or "read|write START LENGTH"
 *   touch FILE                  makes a file, to tell others how far this process is
 *   await FILE                  waits until another process has made it, at most two minutes
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int fd;

static int lock(int command, short type, const char *start, const char *length, struct flock *out) {
  struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = atoll(start), .l_len = atoll(length)};
  int result = fcntl(fd, command, &range);
  if (out != NULL) *out = range;
  return result;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void try_lock(short type, char **words) {
  if (lock(F_SETLK, type, words[1], words[2], NULL) == 0) {
    puts("locked");
  } else if (errno == EAGAIN || errno == EACCES) {
    puts("busy");
  } else {
    die(words[0]);
  }
}

static void try_flock(void) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
    puts("locked");
  } else if (errno == EWOULDBLOCK) {
    puts("busy");
  } else {
    die("flock");
  }
}

static void test(char **words) {
  struct flock found;
  if (lock(F_GETLK, F_WRLCK, words[1], words[2], &found) != 0) die("test");
  if (found.l_type == F_UNLCK) {
    puts("free");
  } else {
    printf("%s %lld %lld\n", found.l_type == F_RDLCK ? "read" : "write", (long long)found.l_start, (long long)found.l_len);
  }
}

static void await(const char *path) {
  for (int tenths = 0; access(path, F_OK) != 0; tenths++) {
    if (tenths == 1200) die(path);
    usleep(100000);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: range_locks FILE COMMAND...\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  fd = open(argv[1], O_RDWR | O_CREAT, 0644);
  if (fd < 0) die(argv[1]);
  for (int i = 2; i < argc;) {
    char **words = argv + i;
    if (strcmp(words[0], "touch") == 0 && i + 1 < argc) {
      int made = open(words[1], O_CREAT | O_WRONLY, 0644);
      if (made < 0) die(words[1]);
      close(made);
      i += 2;
      continue;
    }
    if (strcmp(words[0], "await") == 0 && i + 1 < argc) {
      await(words[1]);
      i += 2;
      continue;
    }
    if (i + 2 >= argc) {
      fprintf(stderr, "what is %s?\n", words[0]);
      return 2;
    }
    if (strcmp(words[0], "read") == 0) {
      try_lock(F_RDLCK, words);
    } else if (strcmp(words[0], "write") == 0) {
      try_lock(F_WRLCK, words);
    } else if (strcmp(words[0], "flock") == 0) {
      try_flock();
    } else if (strcmp(words[0], "wait") == 0) {
      if (lock(F_SETLKW, F_WRLCK, words[1], words[2], NULL) != 0) die("wait");
      puts("locked");
    } else if (strcmp(words[0], "unlock") == 0) {
      if (lock(F_SETLK, F_UNLCK, words[1], words[2], NULL) != 0) die("unlock");
      puts("unlocked");
    } else if (strcmp(words[0], "test") == 0) {
      test(words);
    } else {
      fprintf(stderr, "what is %s?\n", words[0]);
      return 2;
    }
    i += 3;
  }
  return 0;
}
