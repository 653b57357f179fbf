/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.Objects;

/**
 * A VM snapshot to be taken.
 *
 * @param name as an administrator will see it; 1 to 80 characters, no line breaks
 * @param description free text, may be empty
 * @param memory whether the memory of a running VM is part of it; a revert then leads to a running
 *     VM
 * @param quiesce whether the Tools quiesce a running guest; ignored with memory, as on a real host
 * @param allowNative whether the array may take it ({@code snapshot.alwaysAllowNative}): as lazy
 *     clones of the disks, if it can; otherwise by redo logs
 */
public record SnapshotRequest(
    String name, String description, boolean memory, boolean quiesce, boolean allowNative) {
  private static final int MAX_NAME_LENGTH = 80;

  public SnapshotRequest {
    Objects.requireNonNull(description);
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH || name.lines().count() > 1) {
      throw new IllegalArgumentException(
          "snapshot name of %d characters; allowed: 1 to %d in one line"
              .formatted(name.length(), MAX_NAME_LENGTH));
    }
  }

  /** Neither memory nor quiescing, by redo logs. */
  public static SnapshotRequest named(String name) {
    return new SnapshotRequest(name, "", false, false, false);
  }

  public SnapshotRequest withMemory() {
    return new SnapshotRequest(name, description, true, quiesce, allowNative);
  }

  public SnapshotRequest quiesced() {
    return new SnapshotRequest(name, description, memory, true, allowNative);
  }

  public SnapshotRequest allowingNative() {
    return new SnapshotRequest(name, description, memory, quiesce, true);
  }
}
