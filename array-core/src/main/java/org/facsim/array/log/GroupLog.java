/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/**
 * Where transaction groups become durable, in the order in which they are appended: the one commit
 * point of an array. It is the data directory of one node ({@link LocalLog}), or a log on which
 * several nodes agree.
 *
 * <p>Appending does not wait. Its outcome comes through {@link Outcomes}, from any thread, also
 * from within {@link #append}. At most {@link #maxInFlight} groups may be without an outcome.
 * Whoever appends waits for an outcome before it appends another group, and {@code Admission}
 * bounds what changes meanwhile.
 *
 * <p>Outcomes come in the order of appending. If a group fails, all groups that were appended after
 * it fail, too. They are appended again in the same order, before anything else. Nobody knows
 * whether a failed group is there after a crash.
 *
 * <p>A log that several nodes write gives one of them a <em>term</em>, in which it alone may
 * append. A node that has lost its term cannot know whether its last groups are in the log, so
 * everything in its memory beyond the last durable group is void: it abandons the array and loads
 * it again. The other nodes replay batches ({@link Batch#replay}) as a start does, and fetch the
 * slots that {@link Group#payload} names.
 */
public interface GroupLog {
  /** What became of groups. */
  interface Outcomes {
    /** The group is durable with its payload, and so are all groups before it. */
    void durable(Group group);

    /**
     * The group is not known to be durable.
     *
     * @param why an {@link org.facsim.array.ArrayException} (NO_SPACE, IO) if appending again may
     *     help; anything else is a defect and ends the groups
     */
    void failed(Group group, Throwable why);

    /** Since this term another node may append. Nothing of this node becomes durable any more. */
    void termLost(long newTerm);
  }

  /** The term in which this node appends; 0 if no other node ever appends. */
  default long term() {
    return 0;
  }

  /** How many groups may be without an outcome, at least 1. */
  int maxInFlight();

  /** Appends a group after all groups before it. It returns without waiting for other nodes. */
  void append(Group group, Outcomes outcomes);
}
