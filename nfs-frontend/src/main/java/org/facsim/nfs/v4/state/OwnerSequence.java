/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * The sequence number of an owner in minor version 0, and the last answer: RFC 7530 section 9.1.7.
 * Each owner has its own, so owners of one client do not wait for each other. Guarded by the
 * state's monitor.
 */
final class OwnerSequence {
  private int last;
  private boolean hasLast;
  private Nfs4Status status;
  private byte[] results;
  private int operation;
  private boolean isBusy;

  /** Of the array's contents when the last answer was given. */
  private int era;

  /** Whether no request has come yet. */
  boolean isNew() {
    return !hasLast;
  }

  /** Whether a request is the last one again. */
  boolean isReplay(int number, int newOperation, int eraNow) {
    return hasLast
        && number == last
        && status != null
        && operation == newOperation
        && era == eraNow;
  }

  /**
   * Checks the number of a new request.
   *
   * @throws Nfs4Exception BAD_SEQID
   */
  void require(int number) {
    if (hasLast && number != last + 1) {
      throw new Nfs4Exception(Nfs4Status.BAD_SEQID);
    }
  }

  /** Whether a request waits, so that others must come again later. */
  boolean isBusy() {
    return isBusy;
  }

  /** A request has done its work, and its answer has to wait. */
  void waits() {
    isBusy = true;
  }

  /** The owner begins with this number, whatever it was before. */
  void restart() {
    hasLast = false;
    status = null;
    results = null;
  }

  /** Answers the last request once more. */
  Nfs4Status replay(ByteBuf out) {
    out.writeBytes(results);
    return status;
  }

  /**
   * A request was executed.
   *
   * @param newResults what the answer has behind its status
   * @param eraNow a replay is only true as long as no named state was restored
   */
  void executed(int number, int newOperation, Nfs4Status newStatus, byte[] newResults, int eraNow) {
    era = eraNow;
    last = number;
    hasLast = true;
    isBusy = false;
    operation = newOperation;
    status = newStatus;
    results = newResults;
  }

  /** Whether a request that ended so does not count: RFC 7530 section 9.1.7. */
  static boolean leavesAlone(Nfs4Status status) {
    return switch (status) {
      case STALE_CLIENTID,
          STALE_STATEID,
          BAD_STATEID,
          BAD_SEQID,
          BADXDR,
          RESOURCE,
          NOFILEHANDLE,
          MOVED ->
          true;
      default -> false;
    };
  }
}
