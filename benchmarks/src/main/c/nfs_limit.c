/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nfs_limit PORT [MIB]: the loopback limit. A server that does no work at all: it finds the records in the stream, copies
 * the transaction id into a canned reply of the size a real NFSv3 reply has, and sends what one read brought in with one
 * gathering write. The data of a WRITE is received and dropped, the data of a READ comes from one buffer that stays in
 * the cache. "Measured / limit" is thus the share of what this machine's TCP can do with messages of these sizes.
 *
 * With MIB it keeps its data, as a server must: so much memory stands for every file, READ sends from the offset that was
 * asked, WRITE receives straight into it. No server that has data can be faster than that.
 *
 * One thread, one epoll set, 127.0.0.1 only; MOUNT is answered on the same port. Ends when it is killed.
 */
#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

const char *const program_name = "nfs_limit";

enum {
  RECEIVE_BYTES = 256 << 10,
  OUT_BYTES = 256 << 10,
  DATA_BYTES = 1 << 20,
  PIECES = 128,
  REPLY_BYTES = 512, /* the largest canned reply, data left out */
  PEEK_BYTES = 256,  /* so much of a call is looked at: header, credential and the arguments before the data */
  HANDLE_BYTES = 32,
  EVENTS = 64,
  HUGE_PAGE_BYTES = 2 << 20
};

/* A reply with everything but xid, mark and what the call's count decides. */
struct canned {
  size_t length;
  uint8_t bytes[REPLY_BYTES];
};

struct connection {
  int socket;
  size_t start, end;     /* of what was received and not looked at */
  size_t skip;           /* bytes of a WRITE that are still to come */
  uint8_t *place;        /* where they go, or NULL if they are dropped */
  uint8_t held[REPLY_BYTES];
  size_t held_length;    /* its reply, which leaves when they are there */
  uint8_t in[RECEIVE_BYTES];
};

/* What one turn sends. */
static uint8_t out[OUT_BYTES];
static struct iovec pieces[PIECES];
static int piece_count;
static size_t out_end, out_sealed;

static uint8_t data[DATA_BYTES];
static uint8_t *kept; /* NULL if nothing is kept */
static uint64_t kept_bytes;
static struct canned nfs[PROC_COUNT], mounted, empty;

static uint8_t *put_zeros(uint8_t *at, size_t count) {
  memset(at, 0, count);
  return at + count;
}

static uint8_t *put_attributes(uint8_t *at) {
  uint8_t *end = put_zeros(at, FATTR_BYTES);
  put32(at, 1);              /* NF3REG */
  put32(at + 4, 0644);
  put32(at + 8, 1);
  put64(at + 20, 1ull << 40); /* larger than anything that is read from it */
  put64(at + 60, 7);
  return end;
}

static uint8_t *put_post_op(uint8_t *at) { return put_attributes(put32(at, 1)); }

static uint8_t *put_wcc(uint8_t *at) { return put_post_op(put_zeros(put32(at, 1), WCC_PRE_BYTES - 4)); }

static uint8_t *put_handle(uint8_t *at) { return put_zeros(put32(at, HANDLE_BYTES), HANDLE_BYTES); }

static uint8_t *begin(struct canned *reply) {
  return put_zeros(put32(put_zeros(reply->bytes + 4, 4), 1), ACCEPTED_BYTES - 8);
}

static void end(struct canned *reply, uint8_t *at) { reply->length = (size_t)(at - reply->bytes); }

static void can_replies(void) {
  end(&empty, begin(&empty));
  uint8_t *at = put_handle(put32(begin(&mounted), NFS3_OK));
  end(&mounted, put32(put32(at, 1), 1)); /* one flavour, AUTH_SYS */
  for (int proc = 0; proc < PROC_COUNT; proc++) {
    struct canned *reply = &nfs[proc];
    at = put32(begin(reply), NFS3_OK);
    switch (proc) {
      case PROC_NULL: at -= 4; break;
      case PROC_GETATTR: at = put_attributes(at); break;
      case PROC_LOOKUP: at = put_post_op(put_post_op(put_handle(at))); break;
      case PROC_READ: at = put_zeros(put_post_op(at), 12); break;
      case PROC_WRITE: at = put_zeros(put_wcc(at), 16); break;
      case PROC_CREATE:
      case PROC_MKDIR: at = put_wcc(put_post_op(put_handle(put32(at, 1)))); break;
      case PROC_FSINFO:
        at = put32(at, 0);
        for (int i = 0; i < 2; i++) at = put32(put32(put32(at, DATA_BYTES), DATA_BYTES), BLOCK_BYTES);
        at = put_zeros(put32(at, 64 << 10), 8 + 8 + 4);
        break;
      case PROC_COMMIT: at = put_zeros(put_wcc(at), 8); break;
      default: at = put_wcc(at); break;
    }
    end(reply, at);
  }
}

/* Where the data of a READ or WRITE lies. */
static uint8_t *place_of(const uint8_t *offset, uint32_t count) {
  if (!kept) return data;
  uint64_t at = get64(offset) % kept_bytes;
  return kept + (at + count > kept_bytes ? 0 : at);
}

/*
 * Puts the reply to the call at `call` behind mark and all. Returns how much READ data follows; `place` is where it is,
 * or where the data of a WRITE goes, which begins `head` bytes into the call.
 */
static size_t answer(const uint8_t *call, uint8_t *to, size_t *length, uint8_t **place, size_t *head) {
  uint32_t program = get32(call + 12), proc = get32(call + 20);
  const uint8_t *arguments = call + 32 + padded(get32(call + 28)) + 8;
  const uint8_t *behind_handle = arguments + 4 + padded(get32(arguments));
  const struct canned *reply = program == PROGRAM_MOUNT ? (proc == MOUNTPROC_MNT ? &mounted : &empty)
                               : proc < PROC_COUNT      ? &nfs[proc]
                                                        : &empty;
  memcpy(to, reply->bytes, reply->length);
  memcpy(to + 4, call, 4);
  *length = reply->length;
  size_t follows = 0;
  *place = NULL;
  if (program == PROGRAM_NFS && proc == PROC_READ) {
    uint32_t count = get32(behind_handle + 8);
    if (count > DATA_BYTES) DIE("READ of %u bytes", count);
    *place = place_of(behind_handle, count);
    put32(put32(put32(to + reply->length - 12, count), 0), count);
    follows = count;
  } else if (program == PROGRAM_NFS && proc == PROC_WRITE) {
    uint32_t count = get32(behind_handle + 8);
    if (count > DATA_BYTES) DIE("WRITE of %u bytes", count);
    put32(put32(to + reply->length - 16, count), get32(behind_handle + 12));
    *head = (size_t)(behind_handle + 20 - call);
    if (kept) *place = place_of(behind_handle, count);
  }
  put32(to, LAST_FRAGMENT | (uint32_t)(reply->length - 4 + padded(follows)));
  return follows;
}

static void seal(void) {
  if (out_end > out_sealed) pieces[piece_count++] = (struct iovec){out + out_sealed, out_end - out_sealed};
  out_sealed = out_end;
}

/* Sends what was gathered, waiting if it must; false if the peer is gone. */
static int send_gathered(int socket) {
  seal();
  struct iovec *at = pieces;
  while (piece_count > 0) {
    struct msghdr message = {.msg_iov = at, .msg_iovlen = (size_t)piece_count};
    ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return 0;
    for (; piece_count > 0 && sent >= (ssize_t)at->iov_len; at++, piece_count--) sent -= (ssize_t)at->iov_len;
    if (piece_count > 0 && sent > 0) {
      at->iov_base = (uint8_t *)at->iov_base + sent;
      at->iov_len -= (size_t)sent;
    }
  }
  piece_count = 0;
  out_end = out_sealed = 0;
  return 1;
}

/* Puts bytes of a WRITE's data where they go. */
static void keep(struct connection *c, const uint8_t *bytes, size_t count) {
  if (!c->place) return;
  memcpy(c->place, bytes, count);
  c->place += count;
}

static void append_held(struct connection *c) {
  memcpy(out + out_end, c->held, c->held_length);
  out_end += c->held_length;
}

/* Takes what has come of a WRITE's data; true if that was the last of it, whose reply is appended. */
static int skip(struct connection *c) {
  size_t there = c->end - c->start < c->skip ? c->end - c->start : c->skip;
  keep(c, c->in + c->start, there);
  c->start += there;
  c->skip -= there;
  if (c->skip > 0) return 0;
  append_held(c);
  return 1;
}

/* Receives the rest of a WRITE's data straight to where it goes; false if the peer is gone. */
static int receive_in_place(struct connection *c) {
  ssize_t got = recv(c->socket, c->place, c->skip, MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  c->place += got;
  c->skip -= (size_t)got;
  if (got > 0 && c->skip == 0) {
    append_held(c);
    return send_gathered(c->socket);
  }
  return got > 0;
}

/* Answers one call if enough of it is there; false if not. */
static int step(struct connection *c) {
  if (c->skip > 0 && !skip(c)) return 0;
  size_t there = c->end - c->start;
  if (there < 4) return 0;
  const uint8_t *record = c->in + c->start;
  size_t length = get32(record) & ~LAST_FRAGMENT; /* nfs_load sends one fragment per record */
  if (there < 4 + (length < PEEK_BYTES ? length : PEEK_BYTES)) return 0;
  size_t reply_length, head = 0;
  uint8_t *place;
  size_t follows = answer(record + 4, out + out_end, &reply_length, &place, &head);
  if (head > 0) {
    c->place = place;
    keep(c, record + 4 + head, (length < there - 4 ? length : there - 4) - head);
  }
  if (length > there - 4) {
    memcpy(c->held, out + out_end, reply_length);
    c->held_length = reply_length;
    c->skip = length - (there - 4);
    c->start = c->end;
    return 0;
  }
  c->start += 4 + length;
  out_end += reply_length;
  if (follows > 0) {
    seal();
    pieces[piece_count++] = (struct iovec){place, padded(follows)};
  }
  return 1;
}

static int serve(struct connection *c) {
  if (c->skip > 0 && c->place && c->start == c->end) return receive_in_place(c);
  ssize_t got = recv(c->socket, c->in + c->end, RECEIVE_BYTES - c->end, MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return 0;
  c->end += (size_t)got;
  while (step(c)) {
    if ((piece_count > PIECES - 4 || out_end > OUT_BYTES - 2 * REPLY_BYTES) && !send_gathered(c->socket)) return 0;
  }
  if (!send_gathered(c->socket)) return 0;
  if (c->start == c->end) {
    c->start = c->end = 0;
  } else if (c->end > RECEIVE_BYTES / 2) {
    memmove(c->in, c->in + c->start, c->end - c->start);
    c->end -= c->start;
    c->start = 0;
  }
  return 1;
}

static void welcome(int listener, int events) {
  int socket = accept(listener, NULL, NULL), on = 1;
  if (socket < 0) return;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct connection *c = calloc(1, sizeof *c);
  if (!c) DIE("no memory for a connection");
  c->socket = socket;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(events, EPOLL_CTL_ADD, socket, &event);
}

int main(int count, char **arguments) {
  if (count != 2 && count != 3) DIE("usage: nfs_limit PORT [MIB]");
  if (count == 3) {
    kept_bytes = strtoull(arguments[2], NULL, 10) << 20;
    if (kept_bytes < DATA_BYTES || kept_bytes > 64ull << 30) DIE("1 to 65536 MiB");
    kept = aligned_alloc(HUGE_PAGE_BYTES, kept_bytes + HUGE_PAGE_BYTES);
    if (!kept) DIE("no memory for the data");
    madvise(kept, kept_bytes, MADV_HUGEPAGE);
    for (uint64_t i = 0; i < kept_bytes; i += 8) memcpy(kept + i, &i, 8);
  }
  can_replies();
  for (size_t i = 0; i < DATA_BYTES; i++) data[i] = (uint8_t)(i * 2654435761u >> 23);
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(arguments[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  send_unpaced(listener); /* the sockets that it accepts are like it */
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) {
    DIE("cannot listen on port %s: %s", arguments[1], strerror(errno));
  }
  int events = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[EVENTS];
  epoll_ctl(events, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int n = epoll_wait(events, ready, EVENTS, -1);
    for (int i = 0; i < n; i++) {
      struct connection *c = ready[i].data.ptr;
      if (!c) {
        welcome(listener, events);
      } else if (!serve(c)) {
        close(c->socket);
        free(c);
      }
    }
  }
}
