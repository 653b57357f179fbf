/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.protocol.testing.Interleavings.Step;
import org.facsim.protocol.testing.RememberedNames;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.ReservedSpace;
import org.junit.jupiter.api.Test;

/** Requests of two threads in one session: every outcome is that of some order. */
final class RequestLogRaceTest {
  private static final int CAPACITY = 2;

  /** Files that requests make, under one lock, behind a request log. */
  private static final class Files extends RememberedNames {
    private final RequestLog log = new RequestLog(CAPACITY);

    /** The answer is 1 for who made the file, whether it was there or not if that is no matter. */
    Object send(long id, boolean guarded) {
      RequestLog.Request request =
          new RequestLog.Request(
              new ReserveRequest(
                  new SessionId(0, 0), id, FileRef.byPath("a"), ReserveMode.LAZY_ZEROED, 0),
              Caller.ROOT);
      try {
        return log.once(id, request, () -> make(id, guarded)).join().reservedBytes();
      } catch (OffloadFailure refused) {
        return refused.error();
      }
    }

    private CompletableFuture<ReservedSpace> make(long id, boolean guarded) {
      boolean added = add(id);
      return CompletableFuture.completedFuture(new ReservedSpace(added || !guarded ? 1 : 0));
    }

    @Override
    protected void forgetAll() {
      log.forgetAll();
    }
  }

  private static final List<Step<Files>> PUTS =
      List.of(
          new Step<>("put", files -> files.send(1, false)),
          new Step<>("is there", files -> files.isThere(1L)));

  /** Two ids at most, so that none is forgotten for want of room. */
  @Test
  void aRequestRunsOnce() throws Exception {
    RememberedNames.check(
        Files::new,
        List.of(new Step<>("make 1", files -> files.send(1, true))),
        new Step<>("make 2", files -> files.send(2, true)));
  }

  @Test
  void nothingThatWasUndoneIsRemembered() throws Exception {
    RememberedNames.check(Files::new, PUTS, new Step<>("restore", Files::restore));
  }

  @Test
  void aPlantedMistakeIsFound() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                RememberedNames.check(
                    Files::new, PUTS, new Step<>("restore", Files::forgetThenRestore));
              }
            });
  }
}
