/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls of one connection whose answers were put off, and those of the answers that are not
 * encoded yet. Any thread may add to the queue; everything else happens on the connection's loop.
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

  /** How many calls were put off and are not answered yet. */
  int requests() {
    return requests;
  }

  /** The bytes of their RPC records. */
  long bytes() {
    return bytes;
  }

  /** Counts one more call that is put off. */
  void putOff(int recordBytes) {
    requests++;
    bytes += recordBytes;
    inFlight.take(1, recordBytes);
  }

  /** Takes an answer, from any thread. Returns whether the caller must wake the loop. */
  boolean add(DeferredCall answer) {
    answers.add(answer);
    return scheduled.compareAndSet(false, true);
  }

  /** Notes that the loop handles the queue now. A later answer must wake it again. */
  void looked() {
    scheduled.set(false);
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /**
   * Encodes the next answer, if there is one. What the answer holds is given back whatever happens.
   */
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

  /** Discards all answers, because the client is gone. Any thread may call this. */
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
