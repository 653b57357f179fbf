/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;

/** The array did not clone; the host copies instead. The message is what the array said. */
public final class OffloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OffloadException(String message) {
    super(message);
  }

  /**
   * Waits for the answer of an offload.
   *
   * @throws OffloadException if it failed
   */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return Replies.await(answer);
    } catch (DatastoreException e) {
      throw e.getCause() instanceof OffloadException refused
          ? refused
          : new OffloadException("no answer to a VAAI-NAS call: " + e.getMessage());
    }
  }
}
