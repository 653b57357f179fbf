/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/**
 * Where transaction groups become durable, in the order of their appending: the one commit point of
 * an array. Behind it stands the directory of one node ({@link LocalLog}), or a log that several
 * nodes agree on.
 *
 * <p>Appending does not wait: its outcome comes through {@link Outcomes}, from any thread, also
 * from within {@link #append}. At most {@link #maxInFlight} groups may be without an outcome;
 * whoever appends waits for one before it appends another, and meanwhile what changes is bounded by
 * {@code Admission}.
 *
 * <p>Outcomes come in the order of appending. If a group fails, so do all that were appended after
 * it; they are appended again in the same order, and nothing else before them. Whether a failed
 * group is there after a crash is unknown.
 *
 * <p>A log that several nodes write gives one of them a <em>term</em>, in which it alone may
 * append. A node that has lost its term cannot know whether its last groups are in the log, so all
 * that its memory has beyond the last durable group is void: it abandons the array and loads it
 * again. The others replay batches ({@link Batch#replay}) as a start does, and fetch the slots that
 * {@link Group#payload} names.
 */
public interface GroupLog {
  /** What became of groups. */
  interface Outcomes {
    /** The group is durable, with its payload, and so are all before it. */
    void durable(Group group);

    /**
     * The group is not known to be durable.
     *
     * @param why an {@link org.facsim.array.ArrayException} (NO_SPACE, IO) if appending again may
     *     help; anything else is a defect and ends the groups
     */
    void failed(Group group, Throwable why);

    /** Another node may append since this term; nothing of this one becomes durable any more. */
    void termLost(long newTerm);
  }

  /** The term in which this node appends; 0 if no other node ever does. */
  default long term() {
    return 0;
  }

  /** Groups that may be appended and without an outcome, at least 1. */
  int maxInFlight();

  /** Appends a group whose predecessors were appended; returns without waiting for other nodes. */
  void append(Group group, Outcomes outcomes);
}
