/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same calls over NFSv4.1: a session for each connection with a slot for each call in flight, and COMPOUNDs of
 * SEQUENCE, PUTFH and the operation. Handles are those of NFSv3 at servers that give both the same; the file and its
 * contents are made over NFSv3.
 */
#include "load.h"

#include <unistd.h>

enum {
  VERSION_4 = 4, COMPOUND = 1,
  OP_GETATTR = 9, OP_GETFH = 10, OP_LOOKUP = 15, OP_PUTFH = 22, OP_READ = 25, OP_WRITE = 38,
  OP_EXCHANGE_ID = 42, OP_CREATE_SESSION = 43, OP_SEQUENCE = 53,
  SESSION_BYTES = 16, SEQUENCE_RESULT = 8 + SESSION_BYTES + 5 * 4, COMPOUND_HEAD = 12
};

static uint8_t *compound_begin(uint8_t *at, uint32_t xid, uint32_t operations) {
  at = put32(put32(at, 0), xid);
  at = put32(put32(put32(at, 0), 2), PROGRAM_NFS);
  at = put32(put32(at, VERSION_4), COMPOUND);
  at = put32(put32(at, 1), 32); /* AUTH_SYS, as in load_calls.c */
  at = put_opaque(put32(at, 0x46616373), "facsim-load", 11);
  at = put32(put32(put32(at, 0), 0), 0);
  at = put32(put32(at, 0), 0);
  return put32(put32(put32(at, 0), 1), operations); /* no tag, minor version 1 */
}

/* Sends one COMPOUND and waits; returns the results of its operation, behind number and status. */
static const uint8_t *one(int socket, uint8_t *message, const uint8_t *end, const char *name) {
  const uint8_t *results = setup_call(socket, message, end);
  if (get32(results)) DIE("%s: status %u", name, get32(results));
  return results + COMPOUND_HEAD + 8;
}

static uint8_t *put_channel(uint8_t *at, uint32_t bytes, uint32_t requests) {
  at = put32(put32(put32(at, 0), bytes), bytes);
  return put32(put32(put32(put32(at, 4096), 16), requests), 0);
}

void v4_open(struct connection *c, int number) {
  uint8_t message[2 * CALL_BYTES];
  char owner[32];
  int length = snprintf(owner, sizeof owner, "load-%d-%d", (int)getpid(), number);
  uint8_t *at = put32(compound_begin(message, 1, 1), OP_EXCHANGE_ID);
  at = put_opaque(put64(at, now_ns()), owner, (uint32_t)length);
  at = put32(put32(put32(at, 0), 0), 0); /* no flags, no state protection, no implementation */
  const uint8_t *got = one(c->socket, message, at, "EXCHANGE_ID");
  at = put32(compound_begin(message, 2, 1), OP_CREATE_SESSION);
  memcpy(at, got, 12); /* client id and sequence id */
  at = put32(at + 12, 0);
  at = put_channel(put_channel(at, MAX_TRANSFER + 4096, (uint32_t)settings.depth), 4096, 1);
  at = put32(put32(put32(at, 0x40000000), 1), 0); /* callbacks nowhere, by AUTH_NONE */
  got = one(c->socket, message, at, "CREATE_SESSION");
  memcpy(c->session, got, SESSION_BYTES);
  const uint8_t *fore = got + SESSION_BYTES + 8;
  if (get32(fore + 20) < (uint32_t)settings.depth) DIE("a session of %u slots", get32(fore + 20));
}

void v4_encode(struct slot *slot, uint64_t offset, uint32_t bytes, const struct handle *of) {
  enum kind kind = settings.work.kind;
  uint8_t *at = compound_begin(slot->call, slot->xid, kind == LOOKUP ? 4 : 3);
  at = put32(at, OP_SEQUENCE);
  memcpy(at, slot->of->session, SESSION_BYTES);
  at = put32(put32(at + SESSION_BYTES, slot->sequence), slot->xid % MAX_DEPTH);
  at = put32(put32(at, (uint32_t)settings.depth - 1), 0);
  at = put_file_handle(put32(at, OP_PUTFH), of);
  switch (kind) {
    case GETATTR: /* what a kernel asks for: type, change, size, fsid, fileid; mode to space used, times, mounted on */
      at = put32(put32(put32(put32(at, OP_GETATTR), 2), 0x0010011a), 0x00b0a23a);
      break;
    case LOOKUP: {
      char name[16];
      int length = snprintf(name, sizeof name, "n%07u", slot->name);
      at = put_opaque(put32(at, OP_LOOKUP), name, (uint32_t)length);
      at = put32(at, OP_GETFH);
      break;
    }
    case READ:
      at = put32(put64(put64(put64(put32(at, OP_READ), 0), 0), offset), bytes);
      break;
    case WRITE:
      at = put64(put64(put64(put32(at, OP_WRITE), 0), 0), offset);
      at = put32(put32(at, settings.work.stable), bytes);
      call_end(slot, at, bytes);
      return;
    default: DIE("no such workload over NFSv4.1");
  }
  call_end(slot, at, 0);
}

size_t v4_read_head(void) { return ACCEPTED_BYTES + COMPOUND_HEAD + SEQUENCE_RESULT + 8 + 16; }

uint32_t v4_judge(struct slot *slot, const uint8_t *reply, size_t length) {
  const uint8_t *at = reply + ACCEPTED_BYTES;
  if (get32(at)) {
    complain("COMPOUND: status %u", get32(at));
    return 0;
  }
  at += COMPOUND_HEAD + SEQUENCE_RESULT + 8;
  const uint8_t *results = at + 8;
  switch (settings.work.kind) {
    case GETATTR: {
      const uint8_t *values = results + 16; /* bitmap of two words, length */
      if (get32(values) != 1) complain("type %u", get32(values));
      if (get64(values + 36) != file_id) complain("the attributes of another file");
      return 0;
    }
    case LOOKUP: {
      const struct handle *wanted = &named[slot->name];
      const uint8_t *found = results + 8;
      if (get32(found) != wanted->length || memcmp(found + 4, wanted->bytes, wanted->length)) complain("found another");
      return 0;
    }
    case READ:
      if (get32(results + 4) != settings.work.bytes) DIE("READ of %u bytes: %u", settings.work.bytes, get32(results + 4));
      return settings.work.bytes;
    case WRITE:
      if (results + 16 != reply + length) complain("a WRITE reply of another length");
      if (get32(results) != settings.work.bytes) complain("WRITE took %u bytes", get32(results));
      if (get32(results + 4) < settings.work.stable) complain("WRITE committed %u", get32(results + 4));
      if (write_generation) pattern_written(slot->offset, settings.work.bytes);
      return 0;
    default: DIE("no such workload over NFSv4.1");
  }
}
