/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells when a change is durable, so that a door knows when it may send an answer. */
public interface Durability {
  /** Whether everything in the group is durable. In an ephemeral array, it always is. */
  boolean isDurable(long transactionGroup);

  /**
   * Runs {@code done} on the executor when the group is durable or has failed. {@code done} gets
   * null if the group is durable, otherwise an {@link ArrayException}: NO_SPACE if the operating
   * system's disk is full, IO if the disk failed or the array is closed. The executor must not run
   * {@code done} in the thread that calls it if {@code done} commits or closes the array.
   */
  void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done);
}
