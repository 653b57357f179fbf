/* SPDX-License-Identifier: Apache-2.0 */
/* Calls as they go out, replies as they have to be. Anything else than the expected reply is an error of the run. */
#include "load.h"

#include <stdarg.h>

enum { COMPARE_EVERY = 16 };

struct counts counts;
struct handle root, file, directory, named[NAMES];
uint64_t file_id;
uint32_t max_read, max_write;
int is_v4;
int write_generation;

void complain(const char *format, ...) {
  if (settings.canned) return;
  if (counts.errors++ == 0) {
    va_list values;
    va_start(values, format);
    vsnprintf(counts.first_error, sizeof counts.first_error, format, values);
    va_end(values);
  }
}

uint8_t *call_begin(uint8_t *at, uint32_t xid, uint32_t program, uint32_t proc) {
  at = put32(put32(at, 0), xid); /* the mark follows when the length is known */
  at = put32(put32(put32(at, 0), 2), program);
  at = put32(put32(at, VERSION_3), proc);
  at = put32(put32(at, 1), 32);  /* AUTH_SYS: stamp, machine, uid 0, gid 0, no further groups */
  at = put_opaque(put32(at, 0x46616373), "facsim-load", 11);
  at = put32(put32(put32(at, 0), 0), 0);
  return put32(put32(at, 0), 0); /* the verifier, AUTH_NONE */
}

uint8_t *put_file_handle(uint8_t *at, const struct handle *of) { return put_opaque(at, of->bytes, of->length); }

const uint8_t *get_file_handle(const uint8_t *at, struct handle *into) {
  into->length = get32(at);
  if (into->length > MAX_HANDLE) DIE("a handle of %u bytes", into->length);
  memcpy(into->bytes, at + 4, into->length);
  return at + 4 + padded(into->length);
}

void call_end(struct slot *slot, const uint8_t *end, uint32_t data_bytes) {
  slot->length = (uint32_t)(end - slot->call);
  put32(slot->call, LAST_FRAGMENT | (slot->length - 4 + (uint32_t)padded(data_bytes)));
}

static uint8_t *put_name(uint8_t *at, char kind, uint32_t number) {
  char name[16];
  int length = snprintf(name, sizeof name, "%c%07u", kind, number % 10000000);
  return put_opaque(at, name, (uint32_t)length);
}

static uint64_t next_offset(void) {
  static uint64_t state = 88172645463325252u, cursor;
  uint64_t places = settings.file_bytes / settings.work.bytes;
  if (!settings.work.random) return cursor++ % places * settings.work.bytes;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % places * settings.work.bytes;
}

/* The next call of the workload, in this slot. */
void encode(struct slot *slot) {
  static uint32_t lookups, compared;
  uint32_t bytes = settings.work.bytes;
  uint8_t *at;
  if (is_v4) {
    slot->proc = 1;
    if (settings.work.kind == LOOKUP) slot->name = lookups++ % NAMES;
    if (settings.work.kind == READ || settings.work.kind == WRITE) slot->offset = next_offset();
    slot->compare = settings.work.kind == READ && compared++ % COMPARE_EVERY == 0;
    v4_encode(slot, slot->offset, bytes, settings.work.kind == LOOKUP ? &directory : &file);
    return;
  }
  switch (settings.work.kind) {
    case GETATTR:
      slot->proc = PROC_GETATTR;
      at = put_file_handle(call_begin(slot->call, slot->xid, PROGRAM_NFS, slot->proc), &file);
      break;
    case LOOKUP:
      slot->proc = PROC_LOOKUP;
      slot->name = lookups++ % NAMES;
      at = put_file_handle(call_begin(slot->call, slot->xid, PROGRAM_NFS, slot->proc), &directory);
      at = put_name(at, 'n', slot->name);
      break;
    case READ:
      slot->proc = PROC_READ;
      slot->offset = next_offset();
      slot->compare = compared++ % COMPARE_EVERY == 0;
      at = put_file_handle(call_begin(slot->call, slot->xid, PROGRAM_NFS, slot->proc), &file);
      at = put32(put64(at, slot->offset), bytes);
      break;
    case WRITE:
      slot->proc = PROC_WRITE;
      slot->offset = next_offset();
      at = put_file_handle(call_begin(slot->call, slot->xid, PROGRAM_NFS, slot->proc), &file);
      at = put32(put32(put32(put64(at, slot->offset), bytes), settings.work.stable), bytes);
      call_end(slot, at, bytes);
      return;
    case CREATE_REMOVE:
      slot->proc = slot->exists ? PROC_REMOVE : PROC_CREATE;
      at = put_file_handle(call_begin(slot->call, slot->xid, PROGRAM_NFS, slot->proc), &directory);
      at = put_name(at, 'c', slot->name);
      if (!slot->exists) { /* GUARDED: fails if the REMOVE before it did nothing; mode 0644, the rest is the server's */
        at = put32(put32(put32(at, CREATE_GUARDED), 1), 0644);
        at = put32(put32(put32(put32(put32(at, 0), 0), 0), 0), 0);
      }
      break;
    default: DIE("no such workload");
  }
  call_end(slot, at, 0);
}

static void judge_attributes(const uint8_t *attributes, uint64_t size) {
  if (get32(attributes) != 1) complain("type %u", get32(attributes));
  if (get64(attributes + 52) != file_id) complain("the attributes of another file");
  if (size && get64(attributes + 20) != size) complain("size %llu", (unsigned long long)get64(attributes + 20));
}

static void judge_lookup(struct slot *slot, const uint8_t *at) {
  const struct handle *wanted = &named[slot->name];
  if (get32(at) != wanted->length || memcmp(at + 4, wanted->bytes, wanted->length)) complain("LOOKUP found another");
}

static uint32_t judge_read(const uint8_t *at) {
  if (get32(at) != 1) DIE("READ without attributes: not handled");
  if (!settings.canned) judge_attributes(at + 4, settings.file_bytes);
  at += POST_OP_BYTES;
  if (get32(at) != settings.work.bytes || get32(at + 8) != settings.work.bytes) {
    DIE("READ of %u bytes returned %u, %u", settings.work.bytes, get32(at), get32(at + 8));
  }
  return settings.work.bytes;
}

static void judge_write(const uint8_t *at, const uint8_t *end) {
  at += get32(at) ? WCC_PRE_BYTES : 4;
  at += get32(at) ? POST_OP_BYTES : 4;
  if (at + 16 != end) complain("a WRITE reply of another length");
  if (get32(at) != settings.work.bytes) complain("WRITE took %u bytes", get32(at));
  if (get32(at + 4) < settings.work.stable) complain("WRITE committed %u", get32(at + 4));
}

uint32_t judge(struct slot *slot, const uint8_t *reply, size_t length) {
  if (length < ACCEPTED_BYTES || get32(reply + 4) != 1 || get32(reply + 8) != 0 || get32(reply + 20) != 0) {
    DIE("procedure %u: not an accepted, successful reply", slot->proc);
  }
  const uint8_t *at = reply + ACCEPTED_BYTES + 4;
  uint32_t status = get32(at - 4);
  counts.calls++;
  counts.bytes += settings.work.bytes;
  if (is_v4) return v4_judge(slot, reply, length);
  if (status != NFS3_OK) {
    complain("procedure %u: status %u", slot->proc, status);
    return 0;
  }
  switch (slot->proc) {
    case PROC_GETATTR:
      if (length != ACCEPTED_BYTES + 4 + FATTR_BYTES) complain("a GETATTR reply of %zu bytes", length);
      judge_attributes(at, 0);
      return 0;
    case PROC_LOOKUP: judge_lookup(slot, at); return 0;
    case PROC_READ: return judge_read(at);
    case PROC_WRITE:
      judge_write(at, reply + length);
      if (write_generation) pattern_written(slot->offset, settings.work.bytes);
      return 0;
    case PROC_CREATE: slot->exists = 1; return 0;
    case PROC_REMOVE: slot->exists = 0; return 0;
    default: DIE("no call of procedure %u was made", slot->proc);
  }
}

/* A piece of a READ's data, which starts `at` bytes into it. */
void judge_data(struct slot *slot, const uint8_t *bytes, size_t count, size_t at) {
  if (!slot->compare) {
    if (at > 0 || count < 8) return;
    count = 8;
  }
  uint64_t offset = slot->offset + at;
  while (count > 0) {
    size_t step = BLOCK_BYTES - offset % BLOCK_BYTES;
    if (step > count) step = count;
    if (memcmp(bytes, pattern_at(offset, pattern_generation(offset)), step)) {
      complain("wrong bytes in the block at %llu", (unsigned long long)(offset / BLOCK_BYTES * BLOCK_BYTES));
      if (settings.canned) return;
    }
    bytes += step;
    offset += step;
    count -= step;
  }
}
