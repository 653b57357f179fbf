/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names FOLDER PREFIX COUNT
 *
 * Lists FOLDER and expects PREFIX followed by each number from 0 to COUNT - 1, in eight digits, exactly once, and "." and ".."
 * once each. Prints the count and how many names came out of order of creation.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 8

static long number_of(const char *name, const char *prefix) {
  size_t length = strlen(prefix);
  if (strncmp(name, prefix, length) != 0 || strlen(name) != length + DIGITS) return -1;
  if (strspn(name + length, "0123456789") != DIGITS) return -1;
  return strtol(name + length, NULL, 10);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: names FOLDER PREFIX COUNT\n");
    return 2;
  }
  long count = strtol(argv[3], NULL, 10);
  unsigned char *seen = calloc((size_t)count, 1);
  DIR *folder = opendir(argv[1]);
  if (seen == NULL || folder == NULL) {
    perror(argv[1]);
    return 1;
  }
  long found = 0, dots = 0;
  struct dirent *entry;
  while (errno = 0, (entry = readdir(folder)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
      dots++;
      continue;
    }
    long number = number_of(entry->d_name, argv[2]);
    if (number < 0 || number >= count) {
      fprintf(stderr, "a name that nobody made: %s\n", entry->d_name);
      return 1;
    }
    if (seen[number]++) {
      fprintf(stderr, "twice: %s\n", entry->d_name);
      return 1;
    }
    if (entry->d_ino == 0) {
      fprintf(stderr, "no file id: %s\n", entry->d_name);
      return 1;
    }
    found++;
  }
  if (errno != 0) {
    perror("readdir");
    return 1;
  }
  if (found != count || dots != 2) {
    fprintf(stderr, "%ld names and %ld of . and .., expected %ld and 2\n", found, dots, count);
    return 1;
  }
  printf("%ld names, each once\n", found);
  return closedir(folder) == 0 ? 0 : 1;
}
