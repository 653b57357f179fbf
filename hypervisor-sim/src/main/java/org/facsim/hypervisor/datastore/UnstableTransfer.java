/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a long transfer of unstable writes in stretches, each ended by a COMMIT. If the server's
 * write verifier changed within a stretch, it may have lost data in between, and the stretch is
 * sent once more.
 */
public final class UnstableTransfer {
  private static final long STRETCH_BYTES = 1L << 30;
  private static final int MAX_ATTEMPTS = 5;

  private final DatastoreFile destination;
  private final InFlightWindow window;

  /**
   * A transfer to one file.
   *
   * @param window bounds the requests in flight, over all stretches
   */
  public UnstableTransfer(DatastoreFile destination, InFlightWindow window) {
    this.destination = destination;
    this.window = window;
  }

  /** Sends all requests of a stretch through the window. It need not wait for their answers. */
  public interface Stretch {
    void issue(long startBytes, long endBytes, Verifiers verifiers);
  }

  /**
   * Transfers {@code [startBytes, endBytes)} and returns when it is on stable storage. When it
   * fails, nothing is in flight any more.
   */
  public void run(long startBytes, long endBytes, Stretch stretch) {
    try {
      for (long at = startBytes; at < endBytes; at += STRETCH_BYTES) {
        runStretch(at, Math.min(endBytes, at + STRETCH_BYTES), stretch);
      }
    } finally {
      window.drainQuietly();
    }
  }

  private void runStretch(long startBytes, long endBytes, Stretch stretch) {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      Verifiers verifiers = new Verifiers();
      stretch.issue(startBytes, endBytes, verifiers);
      window.drain();
      if (verifiers.nothingUnstable() || verifiers.allEqual(Replies.await(destination.commit()))) {
        return;
      }
    }
    throw new DatastoreException(
        DatastoreError.FILE_ERROR,
        "%s: the server restarted %d times".formatted(destination.path(), MAX_ATTEMPTS));
  }

  /** The write verifiers that a stretch met. Thread-safe. */
  public static final class Verifiers {
    private final AtomicReference<Long> first = new AtomicReference<>();
    private final AtomicLong different = new AtomicLong();

    /** Notes the answer to a write of the stretch; to be called for each. */
    public void note(DatastoreFile.Written written) {
      if (!written.stable()) {
        first.compareAndSet(null, written.verifier());
        if (first.get() != written.verifier()) {
          different.incrementAndGet();
        }
      }
    }

    boolean nothingUnstable() {
      return first.get() == null;
    }

    boolean allEqual(long commitVerifier) {
      return different.get() == 0 && first.get() == commitVerifier;
    }
  }
}
