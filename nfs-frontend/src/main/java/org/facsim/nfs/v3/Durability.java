/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.StorageArray;

/** What of an array decides when an answer may leave. */
interface Durability {
  /** Whether everything in the group is on stable storage. */
  boolean isDurable(long transactionGroup);

  /** Runs {@code done} once the group is durable, with null, or with the failure. */
  void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done);

  static Durability of(StorageArray array) {
    return new Durability() {
      @Override
      public boolean isDurable(long transactionGroup) {
        return array.isDurable(transactionGroup);
      }

      @Override
      public void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done) {
        array.whenDurable(transactionGroup, executor, done);
      }
    };
  }
}
