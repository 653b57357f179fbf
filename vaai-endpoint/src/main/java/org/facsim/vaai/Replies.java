/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.ArrayException;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiReply;

/** Turns outcomes into replies: the one place where expected failures are caught for good. */
final class Replies {
  private Replies() {}

  /** The reply of an operation that is done when it returns. */
  static <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> now(Supplier<T> operation) {
    return later(() -> CompletableFuture.completedFuture(VaaiReply.ok(operation.get())));
  }

  /** The reply of an operation that may take its time, or refuse at once. */
  static <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> later(
      Supplier<CompletableFuture<VaaiReply<T>>> operation) {
    try {
      return operation.get();
    } catch (VaaiFailure | ArrayException expected) {
      return CompletableFuture.completedFuture(failed(expected));
    }
  }

  /**
   * The reply that tells of an expected failure.
   *
   * @param expected a {@link VaaiFailure} or an {@link ArrayException}
   */
  static <T extends VaaiMessage> VaaiReply<T> failed(RuntimeException expected) {
    if (expected instanceof VaaiFailure failure) {
      return VaaiReply.failed(failure.status(), failure.getMessage());
    }
    ArrayException failure = (ArrayException) expected;
    return VaaiReply.failed(ArrayErrors.statusOf(failure.error()), failure.getMessage());
  }
}
