/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records write FILE SEED RECORDS MODEL STOP PROGRESS    writes records in random places until the file STOP is there
 * records verify FILE SEED RECORDS MODEL                 drops the caches and compares every record with the model
 *
 * A record is 4 KiB made of its index, its version and the seed. The writer keeps the version of each record in memory, calls fsync after
 * every 32 writes, leaves in PROGRESS how many writes are done, and at the end the versions in MODEL. Whatever
 * write() took must be there in the end, over however many restarts of the server.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_BYTES 4096
#define WRITES_PER_SYNC 32

static uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static void contents(uint64_t *record, uint64_t seed, uint32_t index, uint32_t version) {
  for (uint64_t i = 0; i < RECORD_BYTES / 8; i++) record[i] = version == 0 ? 0 : mix(seed ^ ((uint64_t)index << 32 | version) ^ i << 52);
}

static int fail(const char *what) {
  perror(what);
  return 1;
}

static int writer(const char *path, uint64_t seed, uint32_t records, const char *model, const char *stop, const char *progress) {
  uint32_t *versions = calloc(records, sizeof *versions);
  uint64_t record[RECORD_BYTES / 8], state = seed;
  unsigned long writes = 0;
  int fd = open(path, O_RDWR | O_CREAT, 0644);
  if (versions == NULL || fd < 0) return fail(path);
  while (access(stop, F_OK) != 0) {
    for (int i = 0; i < WRITES_PER_SYNC; i++, writes++) {
      uint32_t index = (uint32_t)(mix(state++) % records);
      contents(record, seed, index, ++versions[index]);
      if (pwrite(fd, record, RECORD_BYTES, (off_t)index * RECORD_BYTES) != RECORD_BYTES) return fail("pwrite");
    }
    if (fsync(fd) != 0) return fail("fsync");
    FILE *out = fopen(progress, "w");
    if (out == NULL || fprintf(out, "%lu\n", writes) < 0 || fclose(out) != 0) return fail(progress);
  }
  /* some that nobody forced, so that close has work left */
  for (uint32_t index = 0; index < records; index += 7) {
    contents(record, seed, index, ++versions[index]);
    if (pwrite(fd, record, RECORD_BYTES, (off_t)index * RECORD_BYTES) != RECORD_BYTES) return fail("pwrite");
  }
  if (close(fd) != 0) return fail("close");
  FILE *out = fopen(model, "w");
  if (out == NULL || fwrite(versions, sizeof *versions, records, out) != records || fclose(out) != 0) return fail(model);
  printf("%lu writes\n", writes);
  return 0;
}

static int verifier(const char *path, uint64_t seed, uint32_t records, const char *model) {
  uint32_t *versions = calloc(records, sizeof *versions);
  FILE *in = fopen(model, "r");
  if (versions == NULL || in == NULL || fread(versions, sizeof *versions, records, in) != records) return fail(model);
  fclose(in);
  int control = open("/proc/sys/vm/drop_caches", O_WRONLY);
  if (control < 0 || write(control, "3", 1) != 1) return fail("drop_caches");
  close(control);
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fail(path);
  uint64_t found[RECORD_BYTES / 8], expected[RECORD_BYTES / 8];
  for (uint32_t index = 0; index < records; index++) {
    memset(found, 0, sizeof found);
    if (pread(fd, found, RECORD_BYTES, (off_t)index * RECORD_BYTES) < 0) return fail("pread");
    contents(expected, seed, index, versions[index]);
    if (memcmp(found, expected, RECORD_BYTES) != 0) {
      fprintf(stderr, "%s, seed %llu: record %u is not version %u\n", path, (unsigned long long)seed, index, versions[index]);
      return 1;
    }
  }
  printf("%u records are as last written\n", records);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 8 && strcmp(argv[1], "write") == 0) {
    return writer(argv[2], strtoull(argv[3], NULL, 10), (uint32_t)strtoul(argv[4], NULL, 10), argv[5], argv[6], argv[7]);
  }
  if (argc == 6 && strcmp(argv[1], "verify") == 0) {
    return verifier(argv[2], strtoull(argv[3], NULL, 10), (uint32_t)strtoul(argv[4], NULL, 10), argv[5]);
  }
  fprintf(stderr, "usage: records write FILE SEED RECORDS MODEL STOP PROGRESS | verify FILE SEED RECORDS MODEL\n");
  return 2;
}
