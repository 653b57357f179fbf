/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls of one connection that were put off, and the answers to them that are not encoded yet.
 * Any thread feeds the queue; everything else happens on the connection's loop.
 */
final class DeferredAnswers {
  private final InFlight inFlight;
  private final Queue<DeferredCall> answers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private int requests;
  private long bytes;

  DeferredAnswers(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /** Calls put off and not answered yet. */
  int requests() {
    return requests;
  }

  /** Their records. */
  long bytes() {
    return bytes;
  }

  /** One more is put off. */
  void putOff(int recordBytes) {
    requests++;
    bytes += recordBytes;
    inFlight.take(1, recordBytes);
  }

  /** Takes an answer; from any thread. Returns whether the loop has to be told. */
  boolean add(DeferredCall answer) {
    answers.add(answer);
    return scheduled.compareAndSet(false, true);
  }

  /** The loop looks after them now; whatever comes later has to tell it again. */
  void looked() {
    scheduled.set(false);
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /** Encodes the next answer, if there is one; what it holds is given back whatever happens. */
  boolean encodeNext() {
    DeferredCall answer = answers.poll();
    if (answer == null) {
      return false;
    }
    requests--;
    bytes -= answer.recordBytes();
    try {
      answer.encode();
    } finally {
      inFlight.giveBack(1, answer.recordBytes());
    }
    return true;
  }

  /** There is nobody left to answer; from any thread. */
  void discard() {
    for (DeferredCall answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.discard();
    }
  }

  /** The connection has ended. */
  void close() {
    discard();
    inFlight.giveBack(requests, bytes);
    requests = 0;
    bytes = 0;
  }
}
