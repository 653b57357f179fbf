/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import org.facsim.services.journal.SlotReader.Found;

/**
 * One look at the calls of a journal, from one of them to the last one that was there when it
 * began. Takes no lock: a call that is overwritten meanwhile is missing. Not thread-safe.
 */
final class JournalScan implements Verifier.Source {
  /** Null if the journal is off. */
  private final SlotReader reader;

  private final CallRing ring;
  private final long begin;
  private final long end;
  private boolean isComplete;

  private JournalScan(CallRing ring, SlotReader reader, long begin, long end, boolean isComplete) {
    this.ring = ring;
    this.reader = reader;
    this.begin = begin;
    this.end = end;
    this.isComplete = isComplete;
  }

  /** Of a journal that is off. */
  static JournalScan ofNothing(boolean isComplete) {
    return new JournalScan(null, null, 1, 1, isComplete);
  }

  /**
   * Begins.
   *
   * @param after begins behind this number; 0 for the beginning
   */
  static JournalScan of(Journal.Recording recording, CallNames names, long after) {
    CallRing ring = recording.ring();
    SlotReader reader = new SlotReader(ring, recording.texts(), names, recording.wall());
    long end = ring.settledEnd();
    long from = after == 0 ? recording.first() : after + 1;
    long held = Math.max(recording.first(), end - ring.kept());
    boolean isComplete = from >= held && from <= end && ring.unrecorded() == 0;
    return new JournalScan(ring, reader, from > end ? held : Math.max(from, held), end, isComplete);
  }

  /**
   * Hands out the calls that meet a filter, up to the first number that is claimed for a call of
   * which nothing is known so far: so whoever goes on behind what was looked at misses no call.
   * Looks at no number behind the last one that it needs, because those are in the caches of the
   * threads that write them.
   *
   * @param mostLookedAt calls, whether they meet the filter or not
   * @return the number of the last call that was looked at
   */
  long forEachSettled(CallFilter filter, int mostLookedAt, Verifier.Sink sink) {
    long bound = Math.min(end, begin + mostLookedAt);
    for (long sequence = begin; sequence < bound; sequence++) {
      if (ring.isOpen(sequence)) {
        return sequence - 1;
      } else if (!hand(sequence, true, filter, sink)) {
        return sequence;
      }
    }
    return bound - 1;
  }

  /** Whether to go on with the next one. */
  private boolean hand(
      long sequence, boolean withArguments, CallFilter filter, Verifier.Sink sink) {
    if (!read(sequence)) {
      return true;
    }
    JournalEntry call = reader.entry(false);
    return !filter.matches(call) || sink.call(withArguments ? reader.entry(true) : call);
  }

  /** Whether the journal is off. */
  boolean isOfNothing() {
    return reader == null;
  }

  /** Whether no call that was asked for is missing so far. */
  @Override
  public boolean isComplete() {
    return isComplete;
  }

  SlotReader reader() {
    return reader;
  }

  /** Reads the call with a number; whether it is there. */
  boolean read(long sequence) {
    Found found = reader.read(sequence);
    isComplete &= found != Found.OVERWRITTEN;
    return found == Found.CALL;
  }

  /** The number of the first call. */
  long begin() {
    return begin;
  }

  /** One more than the number of the last call. */
  long end() {
    return end;
  }

  /**
   * Hands out the calls that meet a filter.
   *
   * @return the number of the last call that was looked at
   */
  long forEach(boolean withArguments, CallFilter filter, Verifier.Sink sink) {
    for (long sequence = begin; sequence < end; sequence++) {
      if (!hand(sequence, withArguments, filter, sink)) {
        return sequence;
      }
    }
    return end - 1;
  }

  /** The same from the last one to the first, with their arguments. */
  void forEachBackwards(CallFilter filter, Verifier.Sink sink) {
    long sequence = end - 1;
    while (sequence >= begin && hand(sequence, true, filter, sink)) {
      sequence--;
    }
  }

  @Override
  public void forEach(Verifier.Sink sink) {
    forEach(false, CallFilter.calls(), sink);
  }

  @Override
  public JournalEntry whole(JournalEntry call) {
    return reader.read(call.sequence()) == Found.CALL ? reader.entry(true) : call;
  }
}
