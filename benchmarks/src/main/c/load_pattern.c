/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in the file. No block is like another within more than a MiB and none is one repeated word, so that a
 * server which stores such blocks cheaply, or finds equal ones, gains nothing. A write puts generation 1 where
 * generation 0 was, so that a lost write is seen.
 */
#include "load.h"

enum { PERIOD = (1 << 20) + 9 * BLOCK_BYTES, GENERATION_SHIFT = 40 * BLOCK_BYTES + 8 };

static uint8_t pattern[PERIOD + MAX_TRANSFER];
static uint8_t *written; /* by block */

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
  uint64_t x = *state += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

void pattern_prepare(void) {
  uint64_t state = 1813;
  for (size_t at = 0; at < PERIOD; at += 8) {
    uint64_t word = next_random(&state);
    memcpy(pattern + at, &word, 8);
  }
  memcpy(pattern + PERIOD, pattern, MAX_TRANSFER);
  written = calloc(settings.file_bytes / BLOCK_BYTES, 1);
  if (!written) DIE("no memory to note what is written");
}

const uint8_t *pattern_at(uint64_t offset, int generation) {
  return pattern + (offset + (generation ? GENERATION_SHIFT : 0)) % PERIOD;
}

void pattern_written(uint64_t offset, uint32_t bytes) { memset(written + offset / BLOCK_BYTES, 1, bytes / BLOCK_BYTES); }

int pattern_generation(uint64_t offset) { return written[offset / BLOCK_BYTES]; }
