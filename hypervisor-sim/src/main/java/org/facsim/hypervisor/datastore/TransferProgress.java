/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * Is told how far a long transfer is. The calls come on the task's thread, and the figures never
 * decrease.
 */
@FunctionalInterface
public interface TransferProgress {
  TransferProgress NONE = (doneBytes, totalBytes) -> {};

  /**
   * More bytes are done.
   *
   * @param doneBytes 0 to {@code totalBytes}, never less than before
   * @param totalBytes the same in every call of one task
   */
  void transferred(long doneBytes, long totalBytes);

  /** This progress as one part of a larger transfer. */
  default TransferProgress part(long doneBeforeBytes, long wholeBytes) {
    return (doneBytes, totalBytes) -> transferred(doneBeforeBytes + doneBytes, wholeBytes);
  }

  /** A progress that passes on the highest figure so far whenever it is told a lower one. */
  default TransferProgress neverBackwards() {
    long[] highest = {0};
    return (doneBytes, totalBytes) -> {
      highest[0] = Math.max(highest[0], doneBytes);
      transferred(highest[0], totalBytes);
    };
  }
}
