/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells when a change is on stable storage, so that a door knows when an answer may leave. */
public interface Durability {
  /** Whether everything in the group is on stable storage; always true for an ephemeral array. */
  boolean isDurable(long transactionGroup);

  /**
   * Runs {@code done} on the executor once the group is durable, with null, or with the failure,
   * which is an {@link ArrayException}: NO_SPACE, or IO (of the medium, or because the array is
   * closed).
   */
  void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done);
}
