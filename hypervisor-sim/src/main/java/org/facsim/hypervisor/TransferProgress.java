/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/** Told how far a long transfer is; called on the task's thread, never backwards. */
@FunctionalInterface
public interface TransferProgress {
  TransferProgress NONE = (doneBytes, totalBytes) -> {};

  /**
   * Some more is done.
   *
   * @param doneBytes 0 to {@code totalBytes}, never less than before
   * @param totalBytes the same in every call of one task
   */
  void transferred(long doneBytes, long totalBytes);
}
