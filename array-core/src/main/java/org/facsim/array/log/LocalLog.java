/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import org.facsim.array.ArrayException;

/**
 * The log of an array on one node. It forces the payload of a group, and then appends the group's
 * batch to the metadata, one group at a time. It works in the thread that appends, which is the
 * committer's, so that a commit costs no change of threads.
 */
public final class LocalLog implements GroupLog {
  private final MetadataStore store;

  public LocalLog(MetadataStore store) {
    this.store = store;
  }

  @Override
  public int maxInFlight() {
    return 1;
  }

  @Override
  public void append(Group group, Outcomes outcomes) {
    try {
      group.payload().forEach(GroupPayload::force);
      store.append(group.batch());
    } catch (ArrayException e) {
      outcomes.failed(group, e);
      return;
    } catch (OutOfMemoryError e) { // the batch is whole, and appending it again is allowed
      outcomes.failed(group, GroupPipeline.noMemory(e));
      return;
    }
    outcomes.durable(group);
  }
}
