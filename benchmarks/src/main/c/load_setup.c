/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before and behind the measured part: MOUNT, the file and the names that are used, and afterwards the
 * proof that the server did what it said. One call at a time, waiting for its reply.
 */
#include "load.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_BYTES = MAX_TRANSFER + REPLY_HEAD_BYTES };

static uint8_t reply[REPLY_BYTES];
static size_t reply_length;
static uint64_t verifier;

int dial(int port) {
  char service[16];
  snprintf(service, sizeof service, "%d", port);
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(settings.host, service, &hints, &found)) DIE("no such host: %s", settings.host);
  int fd = socket(found->ai_family, SOCK_STREAM, 0), on = 1;
  if (fd >= 0) send_unpaced(fd);
  if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen)) DIE("port %d: %s", port, strerror(errno));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  freeaddrinfo(found);
  return fd;
}

static void receive_exactly(int socket, uint8_t *into, size_t count) {
  while (count > 0) {
    ssize_t got = recv(socket, into, count, 0);
    if (got == 0 || (got < 0 && errno != EINTR)) DIE("the server closed the connection");
    if (got > 0) {
      into += got;
      count -= (size_t)got;
    }
  }
}

/* Sends the call and returns its results, which stand behind the accepted reply. */
const uint8_t *setup_call(int socket, uint8_t *message, const uint8_t *end) {
  put32(message, LAST_FRAGMENT | (uint32_t)(end - message - 4));
  if (send(socket, message, (size_t)(end - message), MSG_NOSIGNAL) != end - message) DIE("sending: %s", strerror(errno));
  uint8_t mark[4];
  receive_exactly(socket, mark, 4);
  reply_length = get32(mark) & ~LAST_FRAGMENT;
  if (!(get32(mark) & LAST_FRAGMENT) || reply_length > REPLY_BYTES || reply_length < ACCEPTED_BYTES) {
    DIE("a reply of %zu bytes, or several fragments", reply_length);
  }
  receive_exactly(socket, reply, reply_length);
  if (get32(reply) != get32(message + 4) || get32(reply + 8) != 0 || get32(reply + 20) != 0) DIE("a call was not accepted");
  return reply + ACCEPTED_BYTES;
}

static uint32_t next_xid(void) {
  static uint32_t xid;
  if (xid == 0) xid = (uint32_t)now_ns();
  return ++xid;
}

static uint8_t *nfs(uint8_t *message, uint32_t proc, const struct handle *of) {
  return put_file_handle(call_begin(message, next_xid(), PROGRAM_NFS, proc), of);
}

static void mount_export(void) {
  int socket = dial(settings.mount_port);
  uint8_t message[2 * CALL_BYTES];
  uint8_t *at = call_begin(message, next_xid(), PROGRAM_MOUNT, MOUNTPROC_MNT);
  at = put_opaque(at, settings.export_path, (uint32_t)strlen(settings.export_path));
  const uint8_t *results = setup_call(socket, message, at);
  if (get32(results) != NFS3_OK) DIE("MNT %s: status %u", settings.export_path, get32(results));
  get_file_handle(results + 4, &root);
  close(socket);
}

/* True if the name is there. */
static int look_up(int socket, const struct handle *in, const char *name, struct handle *found) {
  uint8_t message[2 * CALL_BYTES];
  uint8_t *at = put_opaque(nfs(message, PROC_LOOKUP, in), name, (uint32_t)strlen(name));
  const uint8_t *results = setup_call(socket, message, at);
  uint32_t status = get32(results);
  if (status != NFS3_OK && status != NFS3ERR_NOENT) DIE("LOOKUP %s: status %u", name, status);
  if (status == NFS3_OK) get_file_handle(results + 4, found);
  return status == NFS3_OK;
}

static void make(int socket, uint32_t proc, const struct handle *in, const char *name, struct handle *made) {
  uint8_t message[2 * CALL_BYTES];
  if (!settings.canned && look_up(socket, in, name, made)) return;
  uint8_t *at = put_opaque(nfs(message, proc, in), name, (uint32_t)strlen(name));
  if (proc == PROC_CREATE) at = put32(at, CREATE_UNCHECKED);
  at = put32(put32(at, 1), proc == PROC_CREATE ? 0644 : 0755);
  at = put32(put32(put32(put32(put32(at, 0), 0), 0), 0), 0);
  uint32_t status = get32(setup_call(socket, message, at));
  if (status != NFS3_OK) DIE("making %s: status %u", name, status);
  if (!look_up(socket, in, name, made)) DIE("%s was made and is not there", name);
}

static void require_different(const struct handle *one, const struct handle *other) {
  if (settings.canned || one->length != other->length) return;
  if (!memcmp(one->bytes, other->bytes, one->length)) DIE("two objects have one handle");
}

static const uint8_t *attributes_of(int socket, const struct handle *of) {
  uint8_t message[2 * CALL_BYTES];
  const uint8_t *results = setup_call(socket, message, nfs(message, PROC_GETATTR, of));
  if (get32(results) != NFS3_OK) DIE("GETATTR: status %u", get32(results));
  return results + 4;
}

static void limits(int socket) {
  uint8_t message[2 * CALL_BYTES];
  const uint8_t *at = setup_call(socket, message, nfs(message, PROC_FSINFO, &root));
  if (get32(at) != NFS3_OK) DIE("FSINFO: status %u", get32(at));
  at += get32(at + 4) ? 4 + POST_OP_BYTES : 8;
  max_read = get32(at);
  max_write = get32(at + 12);
  if (settings.work.kind == READ && settings.work.bytes > max_read) DIE("READs of at most %u bytes", max_read);
  if (settings.work.kind == WRITE && settings.work.bytes > max_write) DIE("WRITEs of at most %u bytes", max_write);
}

/* By the generator itself, with few calls in flight so that no server is asked for more memory than it has. */
static void fill(int socket) {
  struct workload measured = settings.work;
  int depth = settings.depth;
  settings.work = (struct workload){"fill", WRITE, 64 << 10, 0, STABLE_UNSTABLE};
  if (settings.depth > 8) settings.depth = 8;
  write_generation = 0;
  drive(0, settings.file_bytes / settings.work.bytes);
  write_generation = 1;
  settings.work = measured;
  settings.depth = depth;
  commit_and_check(socket);
  uint64_t size = get64(attributes_of(socket, &file) + 20);
  if (size != settings.file_bytes) DIE("filled with %llu bytes", (unsigned long long)size);
}

/* Random overwrites, after which a server that never writes in place has the file's blocks all over its memory. */
static void scatter(int socket) {
  struct workload measured = settings.work;
  settings.work = (struct workload){"scatter", WRITE, BLOCK_BYTES, 1, STABLE_UNSTABLE};
  drive(0, settings.scattered_bytes / BLOCK_BYTES);
  settings.work = measured;
  commit_and_check(socket);
}

void setup(int socket) {
  mount_export();
  limits(socket);
  make(socket, PROC_CREATE, &root, "load.data", &file);
  require_different(&file, &root);
  file_id = get64(attributes_of(socket, &file) + 52);
  if (settings.work.kind == LOOKUP || settings.work.kind == CREATE_REMOVE) {
    make(socket, PROC_MKDIR, &root, "load.names", &directory);
  }
  for (int i = 0; settings.work.kind == LOOKUP && i < NAMES; i++) {
    char name[16];
    snprintf(name, sizeof name, "n%07d", i);
    make(socket, PROC_CREATE, &directory, name, &named[i]);
    require_different(&named[i], i ? &named[i - 1] : &directory);
  }
  if (settings.canned || (settings.work.kind != READ && settings.work.kind != WRITE)) return;
  fill(socket);
  if (settings.scattered_bytes > 0) scatter(socket);
}

/* COMMIT, which must answer with one verifier throughout. */
void commit_and_check(int socket) {
  uint8_t message[2 * CALL_BYTES];
  uint8_t *at = put32(put64(nfs(message, PROC_COMMIT, &file), 0), 0);
  const uint8_t *results = setup_call(socket, message, at);
  if (get32(results) != NFS3_OK) DIE("COMMIT: status %u", get32(results));
  uint64_t now = get64(reply + reply_length - 8);
  if (verifier && verifier != now) DIE("the write verifier changed: the server lost data");
  verifier = now;
}

static void read_back(int socket) {
  uint8_t message[2 * CALL_BYTES];
  struct slot whole = {.compare = 1};
  uint32_t step = max_read < MAX_TRANSFER ? max_read : MAX_TRANSFER;
  for (uint64_t offset = 0; offset < settings.file_bytes; offset += step) {
    uint64_t left = settings.file_bytes - offset;
    uint32_t wanted = left < step ? (uint32_t)left : step;
    uint8_t *at = put32(put64(nfs(message, PROC_READ, &file), offset), wanted);
    const uint8_t *results = setup_call(socket, message, at);
    if (get32(results) != NFS3_OK) DIE("READ: status %u", get32(results));
    results += 4 + (get32(results + 4) ? POST_OP_BYTES : 4);
    if (get32(results) != wanted) DIE("READ of %u bytes returned %u", wanted, get32(results));
    whole.offset = offset;
    judge_data(&whole, results + 12, wanted, 0);
  }
}

/* Every byte of the file after writes; that no name is left after creates and removes. */
void check_after(int socket) {
  if (settings.canned) return;
  if (settings.work.kind == WRITE) {
    commit_and_check(socket);
    read_back(socket);
  }
  for (int i = 0; settings.work.kind == CREATE_REMOVE && i < settings.connections * settings.depth; i++) {
    char name[16];
    struct handle found;
    snprintf(name, sizeof name, "c%07d", i);
    if (look_up(socket, &directory, name, &found)) complain("%s is still there", name);
  }
}
