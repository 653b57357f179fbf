/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the load generator and the loopback limit share: numbers of ONC RPC (RFC 5531), MOUNT3 and NFSv3 (RFC 1813),
 * and reading and writing them in XDR (RFC 4506).
 */
#ifndef FACSIM_WIRE_H
#define FACSIM_WIRE_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PROGRAM_NFS = 100003, PROGRAM_MOUNT = 100005, VERSION_3 = 3 };
enum {
  PROC_NULL = 0,
  PROC_GETATTR = 1,
  PROC_SETATTR = 2,
  PROC_LOOKUP = 3,
  PROC_READ = 6,
  PROC_WRITE = 7,
  PROC_CREATE = 8,
  PROC_MKDIR = 9,
  PROC_REMOVE = 12,
  PROC_FSINFO = 19,
  PROC_COMMIT = 21,
  PROC_COUNT = 22
};
enum { MOUNTPROC_MNT = 1 };
enum { NFS3_OK = 0, NFS3ERR_NOENT = 2, NFS3ERR_EXIST = 17 };
enum { STABLE_UNSTABLE = 0, STABLE_FILE_SYNC = 2 };
enum { CREATE_UNCHECKED = 0, CREATE_GUARDED = 1 };
enum { BLOCK_BYTES = 4096, FATTR_BYTES = 84, POST_OP_BYTES = 4 + FATTR_BYTES, WCC_PRE_BYTES = 4 + 24 };
enum { ACCEPTED_BYTES = 24 }; /* xid, REPLY, MSG_ACCEPTED, an empty verifier, SUCCESS */
#define LAST_FRAGMENT 0x80000000u

/* Keeps a host's BBR, which sends by a timer, from being what is measured, unless that is wanted. */
static inline void send_unpaced(int socket) {
  char now[16] = "";
  socklen_t length = sizeof now;
  if (getenv("KEEP_CONGESTION_CONTROL")) return;
  if (getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, now, &length) || strncmp(now, "bbr", 3)) return;
  if (!setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5)) return;
  setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "reno", 4); /* which every host has */
}

static inline uint32_t get32(const uint8_t *at) {
  uint32_t big;
  memcpy(&big, at, 4);
  return __builtin_bswap32(big);
}

static inline uint64_t get64(const uint8_t *at) {
  uint64_t big;
  memcpy(&big, at, 8);
  return __builtin_bswap64(big);
}

static inline uint8_t *put32(uint8_t *at, uint32_t value) {
  value = __builtin_bswap32(value);
  memcpy(at, &value, 4);
  return at + 4;
}

static inline uint8_t *put64(uint8_t *at, uint64_t value) {
  value = __builtin_bswap64(value);
  memcpy(at, &value, 8);
  return at + 8;
}

static inline size_t padded(size_t bytes) { return (bytes + 3) & ~(size_t)3; }

/* Variable-length opaque data. */
static inline uint8_t *put_opaque(uint8_t *at, const void *bytes, uint32_t length) {
  at = put32(at, length);
  memset(at, 0, padded(length));
  memcpy(at, bytes, length);
  return at + padded(length);
}

/* What the call asks for was refused or is malformed: no figure of this run is worth anything. */
#define DIE(...)                                                                                                  \
  do {                                                                                                            \
    fprintf(stderr, "%s: ", program_name);                                                                        \
    fprintf(stderr, __VA_ARGS__);                                                                                 \
    fputc('\n', stderr);                                                                                          \
    exit(2);                                                                                                      \
  } while (0)

extern const char *const program_name;

#endif
