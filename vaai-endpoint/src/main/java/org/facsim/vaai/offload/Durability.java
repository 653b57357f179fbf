/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.StorageArray;

/** When a change is on stable storage, as {@link StorageArray} tells it. */
public interface Durability {
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
