/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of nfs_load: what is asked for, one call in flight, one connection, and what they do for each other. */
#ifndef FACSIM_LOAD_H
#define FACSIM_LOAD_H

#include "wire.h"

#include <sys/uio.h>

enum {
  CALL_BYTES = 256,           /* the longest call, data left out */
  REPLY_HEAD_BYTES = 512,     /* the longest reply, data left out */
  RECEIVE_BYTES = 256 << 10,
  MAX_TRANSFER = 1 << 20,
  MAX_HANDLE = 64,
  MAX_CONNECTIONS = 64,
  MAX_DEPTH = 1024,
  NAMES = 128                 /* looked up in turn */
};

enum kind { GETATTR, LOOKUP, READ, WRITE, CREATE_REMOVE };

struct workload {
  const char *name;
  enum kind kind;
  uint32_t bytes;             /* of a READ or WRITE */
  int random;
  uint32_t stable;
};

struct handle {
  uint32_t length;
  uint8_t bytes[MAX_HANDLE];
};

/* One place in the window of a connection: at most one call in flight. */
struct slot {
  uint32_t xid, proc;
  uint32_t length;            /* of the call without its data */
  int busy, exists;           /* exists: the name that CREATE_REMOVE owns is there */
  int compare;                /* all data of this READ is compared, not only its first word */
  uint64_t offset, block, sent_ns;
  uint32_t name;
  uint8_t *call;
  struct connection *of;      /* over NFSv4.1: whose session, */
  uint32_t sequence;          /* and the latest request of the slot */
};

struct connection {
  uint8_t session[16];        /* over NFSv4.1 */
  int socket, in_flight, wants_write;
  struct slot *slots;
  uint8_t *calls;             /* what the slots' calls lie in */
  struct iovec *out;          /* what is to be sent, a ring */
  uint32_t out_first, out_count, out_mask;
  uint8_t *in;
  size_t in_start, in_end;
  struct slot *reading;       /* the READ whose data is coming in */
  size_t data_left, padding_left;
};

struct counts {
  uint64_t calls, bytes, errors;
  char first_error[128];
};

/* What the command line says. */
extern struct settings {
  const char *host, *export_path;
  int port, mount_port, connections, depth, canned;
  double seconds, warm_seconds;
  uint64_t file_bytes, scattered_bytes;
  int server_pid;
  int version;                /* of NFS: 3, or 4 for 4.1, which only what is measured uses */
  struct workload work;
} settings;

extern struct counts counts;
extern struct handle root, file, directory, named[NAMES];
extern uint64_t file_id;
extern uint32_t max_read, max_write;
extern int is_v4;             /* the calls of this moment */
extern int write_generation;  /* what a WRITE puts into the file, see load_pattern.c */

/* load_pattern.c: what stands in the file. */
void pattern_prepare(void);
const uint8_t *pattern_at(uint64_t offset, int generation);
void pattern_written(uint64_t offset, uint32_t bytes);
int pattern_generation(uint64_t offset);

/* load_calls.c: encodes calls, judges replies. */
uint8_t *call_begin(uint8_t *at, uint32_t xid, uint32_t program, uint32_t proc);
uint8_t *put_file_handle(uint8_t *at, const struct handle *of);
const uint8_t *get_file_handle(const uint8_t *at, struct handle *into);
void call_end(struct slot *slot, const uint8_t *end, uint32_t data_bytes);
void encode(struct slot *slot);
/* Returns how many bytes of READ data follow the head, padding left out. */
uint32_t judge(struct slot *slot, const uint8_t *reply, size_t length);
void judge_data(struct slot *slot, const uint8_t *bytes, size_t count, size_t at);
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* load_setup.c: one call at a time, on a connection of its own. */
int dial(int port);
/* Sends a call and waits for its results. */
const uint8_t *setup_call(int socket, uint8_t *message, const uint8_t *end);
void setup(int socket);
void commit_and_check(int socket);
void check_after(int socket);

/* load_v4.c: the same calls in COMPOUNDs of a session. */
void v4_open(struct connection *c, int number);
void v4_encode(struct slot *slot, uint64_t offset, uint32_t bytes, const struct handle *of);
size_t v4_read_head(void);
uint32_t v4_judge(struct slot *slot, const uint8_t *reply, size_t length);

/* load_drive.c: the window of calls. */
void drive_open(void);
/* From now on over NFSv4.1. */
void drive_v4(void);
/* Runs the workload so long, or until `limit` calls are made; returns the seconds it took. */
double drive(double seconds, uint64_t limit);
uint64_t now_ns(void);
double latency_us(double quantile);
void latency_forget(void);

#endif
