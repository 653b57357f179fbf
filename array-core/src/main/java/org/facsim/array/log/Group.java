/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.ArrayList;
import java.util.List;

/**
 * A transaction group on its way to the log: its number, the term in which this node may append it,
 * a batch of metadata, and the payload without which the batch means nothing. A group does not
 * change after it was appended, so a log may send it elsewhere.
 */
public final class Group {
  private final long term;
  private final Batch batch;
  private final List<GroupPayload> payload = new ArrayList<>();
  private long number;

  public Group(long term, long number, Batch batch) {
    this.term = term;
    this.number = number;
    this.batch = batch;
  }

  public long number() {
    return number;
  }

  /** A group that could not be cut as a whole becomes a part of the next one. */
  void setNumber(long next) {
    number = next;
  }

  /** What {@link GroupLog#term} was when the group was begun. */
  public long term() {
    return term;
  }

  public Batch batch() {
    return batch;
  }

  /** The payload that has to be durable before the batch is. */
  public List<GroupPayload> payload() {
    return List.copyOf(payload);
  }

  /** Adds payload that the group needs, while it is cut. */
  public void needs(GroupPayload ofVolume) {
    payload.add(ofVolume);
  }
}
