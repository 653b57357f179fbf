/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The window of calls: one thread, one epoll set, a number of connections, a number of calls in flight on each. A reply
 * makes room for the next call of its slot; what one read of a socket made room for leaves with one gathering write.
 * Nothing is allocated per call. The data of a READ streams through a small buffer and is compared there.
 */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECES_PER_SEND = 64, EVENTS = 64, SILENCE_MILLIS = 15000, BUCKETS_PER_OCTAVE = 32 };

static struct connection *connections;
static int events;
static int stopping;
static uint64_t issued, issue_limit, in_flight;
static uint64_t latencies[64 * BUCKETS_PER_OCTAVE];

uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* 32 buckets for each doubling: 3 % wide. */
static void note_latency(uint64_t ns) {
  int octave = 63 - __builtin_clzll(ns | BUCKETS_PER_OCTAVE);
  latencies[(octave - 4) * BUCKETS_PER_OCTAVE + (int)((ns >> (octave - 5)) % BUCKETS_PER_OCTAVE)]++;
}

void latency_forget(void) { memset(latencies, 0, sizeof latencies); }

double latency_us(double quantile) {
  uint64_t total = 0, below = 0;
  int count = sizeof latencies / sizeof *latencies;
  for (int i = 0; i < count; i++) total += latencies[i];
  for (int i = 0; i < count; i++) {
    below += latencies[i];
    if (below > 0 && below >= quantile * total) {
      int octave = i / BUCKETS_PER_OCTAVE + 4;
      return (BUCKETS_PER_OCTAVE + i % BUCKETS_PER_OCTAVE + 0.5) * (double)(1ull << (octave - 5)) / 1000;
    }
  }
  return 0;
}

static void queue(struct connection *c, const uint8_t *bytes, size_t length) {
  struct iovec *last = &c->out[(c->out_first + c->out_count - 1) & c->out_mask];
  if (c->out_count > 0 && (uint8_t *)last->iov_base + last->iov_len == bytes) {
    last->iov_len += length;
    return;
  }
  c->out[(c->out_first + c->out_count++) & c->out_mask] = (struct iovec){(void *)bytes, length};
}

static void submit(struct connection *c, struct slot *slot, uint64_t now) {
  issued++;
  slot->sent_ns = now;
  slot->xid += MAX_DEPTH; /* the slot's number stays in its lower bits */
  slot->busy = 1;
  slot->sequence += (uint32_t)is_v4;
  c->in_flight++;
  in_flight++;
  encode(slot);
  queue(c, slot->call, slot->length);
  if (settings.work.kind == WRITE) queue(c, pattern_at(slot->offset, write_generation), settings.work.bytes);
}

static void next(struct connection *c, struct slot *slot, uint64_t now) {
  int must_remove = settings.work.kind == CREATE_REMOVE && slot->exists;
  if ((!stopping && issued < issue_limit) || must_remove) submit(c, slot, now);
}

static void finish(struct connection *c, struct slot *slot, uint64_t now) {
  note_latency(now - slot->sent_ns);
  slot->busy = 0;
  c->in_flight--;
  in_flight--;
  next(c, slot, now);
}

static void flush(struct connection *c) {
  while (c->out_count > 0) {
    struct iovec pieces[PIECES_PER_SEND];
    uint32_t n = 0;
    for (; n < c->out_count && n < PIECES_PER_SEND; n++) pieces[n] = c->out[(c->out_first + n) & c->out_mask];
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = n};
    ssize_t sent = sendmsg(c->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0 && errno != EINTR) DIE("sending: %s", strerror(errno));
    while (sent > 0) {
      struct iovec *first = &c->out[c->out_first & c->out_mask];
      if ((size_t)sent < first->iov_len) {
        first->iov_base = (uint8_t *)first->iov_base + sent;
        first->iov_len -= (size_t)sent;
        break;
      }
      sent -= (ssize_t)first->iov_len;
      c->out_first++;
      c->out_count--;
    }
  }
}

/* Takes what has come of a READ's data and padding; true if that was all of it. */
static int take_data(struct connection *c, uint64_t now) {
  size_t there = c->in_end - c->in_start;
  size_t count = there < c->data_left ? there : c->data_left;
  if (count > 0) {
    judge_data(c->reading, c->in + c->in_start, count, settings.work.bytes - c->data_left);
    c->in_start += count;
    c->data_left -= count;
    there -= count;
  }
  size_t skipped = there < c->padding_left ? there : c->padding_left;
  c->in_start += skipped;
  c->padding_left -= skipped;
  if (c->data_left > 0 || c->padding_left > 0) return 0;
  struct slot *slot = c->reading;
  c->reading = NULL;
  finish(c, slot, now);
  return 1;
}

/* Takes one reply, or the head of one with data; false if more bytes are needed. */
static int take_reply(struct connection *c, uint64_t now) {
  if (c->reading && !take_data(c, now)) return 0;
  size_t there = c->in_end - c->in_start;
  if (there < 4) return 0;
  const uint8_t *record = c->in + c->in_start;
  uint32_t mark = get32(record), length = mark & ~LAST_FRAGMENT;
  if (!(mark & LAST_FRAGMENT)) DIE("a reply in several fragments: not handled");
  if (length > MAX_TRANSFER + REPLY_HEAD_BYTES) DIE("a reply of %u bytes", length);
  int is_read = settings.work.kind == READ;
  size_t head = !is_read ? length : is_v4 ? v4_read_head() : ACCEPTED_BYTES + 4 + POST_OP_BYTES + 12;
  if (head > length) head = length;
  if (head > REPLY_HEAD_BYTES) DIE("a reply of %u bytes", length);
  if (there < 4 + head) return 0;
  uint32_t xid = get32(record + 4);
  struct slot *slot = &c->slots[xid % MAX_DEPTH];
  if (xid % MAX_DEPTH >= (uint32_t)settings.depth || !slot->busy || slot->xid != xid) DIE("a reply to no call: xid %x", xid);
  c->in_start += 4 + head;
  uint32_t data = judge(slot, record + 4, head);
  if (is_read && length != head + padded(data)) DIE("a READ reply of %u bytes", length);
  if (data == 0) {
    finish(c, slot, now);
  } else {
    c->reading = slot;
    c->data_left = data;
    c->padding_left = padded(data) - data;
  }
  return 1;
}

static void receive(struct connection *c, int flags) {
  ssize_t got = recv(c->socket, c->in + c->in_end, RECEIVE_BYTES - c->in_end, flags);
  if (got == 0) DIE("the server closed a connection with %d calls in flight", c->in_flight);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got < 0) DIE("receiving: %s", strerror(errno));
  c->in_end += (size_t)got;
  uint64_t now = now_ns();
  while (take_reply(c, now)) {
  }
  if (c->in_start == c->in_end) {
    c->in_start = c->in_end = 0;
  } else if (c->in_end > RECEIVE_BYTES - REPLY_HEAD_BYTES - 4) {
    memmove(c->in, c->in + c->in_start, c->in_end - c->in_start);
    c->in_end -= c->in_start;
    c->in_start = 0;
  }
}

static void watch(struct connection *c) {
  int wants_write = c->out_count > 0;
  if (wants_write == c->wants_write) return;
  struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(events, EPOLL_CTL_MOD, c->socket, &event);
  c->wants_write = wants_write;
}

static void turn(void) {
  if (settings.connections == 1 && connections[0].out_count == 0) { /* the cheapest wait there is */
    receive(&connections[0], 0);
    flush(&connections[0]);
    return;
  }
  struct epoll_event ready[EVENTS];
  int n = epoll_wait(events, ready, EVENTS, SILENCE_MILLIS);
  if (n == 0) DIE("no reply within %d ms, %llu calls in flight", SILENCE_MILLIS, (unsigned long long)in_flight);
  for (int i = 0; i < n; i++) {
    struct connection *c = ready[i].data.ptr;
    if (ready[i].events & ~(uint32_t)EPOLLOUT) receive(c, MSG_DONTWAIT);
    flush(c);
    watch(c);
  }
}

/* Calls of one length lie side by side, so that those of a turn are one piece to send. */
static void lay_out(struct connection *c) {
  int alike = settings.work.kind == GETATTR || settings.work.kind == LOOKUP || settings.work.kind == READ;
  uint8_t *at = c->calls;
  for (int d = 0; d < settings.depth; d++) {
    c->slots[d].call = at;
    encode(&c->slots[d]);
    at += alike ? c->slots[d].length : CALL_BYTES;
  }
}

double drive(double seconds, uint64_t limit) {
  for (int i = 0; i < settings.connections; i++) lay_out(&connections[i]);
  uint64_t begun = now_ns(), end = seconds > 0 ? begun + (uint64_t)(seconds * 1e9) : UINT64_MAX;
  stopping = 0;
  issued = 0;
  issue_limit = limit ? limit : UINT64_MAX;
  for (int d = 0; d < settings.depth; d++) {
    for (int i = 0; i < settings.connections; i++) next(&connections[i], &connections[i].slots[d], begun);
  }
  for (int i = 0; i < settings.connections; i++) {
    flush(&connections[i]);
    watch(&connections[i]);
  }
  while (in_flight > 0) {
    turn();
    if (!stopping && now_ns() >= end) stopping = 1;
  }
  return (double)(now_ns() - begun) / 1e9;
}

void drive_v4(void) {
  for (int i = 0; i < settings.connections; i++) v4_open(&connections[i], i);
  is_v4 = 1;
}

void drive_open(void) {
  events = epoll_create1(EPOLL_CLOEXEC);
  connections = calloc((size_t)settings.connections, sizeof *connections);
  for (int i = 0; i < settings.connections; i++) {
    struct connection *c = &connections[i];
    uint32_t ring = 4;
    while (ring < 2 * (uint32_t)settings.depth + 2) ring *= 2;
    c->socket = dial(settings.port);
    c->slots = calloc((size_t)settings.depth, sizeof *c->slots);
    c->out = calloc(ring, sizeof *c->out);
    c->out_mask = ring - 1;
    c->in = malloc(RECEIVE_BYTES);
    c->calls = calloc((size_t)settings.depth, CALL_BYTES);
    if (!c->slots || !c->out || !c->in || !c->calls) DIE("no memory for a connection");
    for (int d = 0; d < settings.depth; d++) {
      c->slots[d].name = (uint32_t)(i * settings.depth + d);
      c->slots[d].of = c;
      c->slots[d].xid = (uint32_t)d + (uint32_t)(now_ns() >> 10) * MAX_DEPTH;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(events, EPOLL_CTL_ADD, c->socket, &event);
  }
}
