/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.protocol.testing.Interleavings;
import org.facsim.protocol.testing.Interleavings.Step;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.ReservedSpace;
import org.junit.jupiter.api.Test;

/** Requests of two threads in one session: every outcome is that of some order. */
final class RequestLogRaceTest {
  private static final int SCENARIOS = 40;
  private static final int RUNS_OF_EACH = 50;
  private static final int CAPACITY = 2;

  /** Files that requests make, under one lock, behind a request log. */
  private static final class Files {
    private final RequestLog log = new RequestLog(CAPACITY);
    private final Set<Long> made = new HashSet<>();

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
      boolean added;
      synchronized (this) {
        added = made.add(id);
      }
      Interleavings.letOthersIn(); // so that others come between the change and its answer
      return CompletableFuture.completedFuture(new ReservedSpace(added || !guarded ? 1 : 0));
    }

    synchronized boolean isThere(long id) {
      return made.contains(id);
    }

    /** As the array does it: with every change locked out. */
    synchronized boolean restore() {
      log.forgetAll();
      made.clear();
      return true;
    }

    /** The planted mistake. */
    boolean forgetThenRestore() {
      log.forgetAll();
      Interleavings.letOthersIn();
      synchronized (this) {
        made.clear();
      }
      return true;
    }
  }

  private static final List<Step<Files>> PUTS =
      List.of(
          new Step<>("put", files -> files.send(1, false)),
          new Step<>("is there", files -> files.isThere(1)));

  private static void check(List<Step<Files>> steps, Step<Files> more) throws Exception {
    List<Step<Files>> all = new ArrayList<>(steps);
    all.add(more);
    new Interleavings<>(Files::new, all).check(SCENARIOS, RUNS_OF_EACH);
  }

  /** Two ids at most, so that none is forgotten for want of room. */
  @Test
  void aRequestRunsOnce() throws Exception {
    check(
        List.of(new Step<>("make 1", files -> files.send(1, true))),
        new Step<>("make 2", files -> files.send(2, true)));
  }

  @Test
  void nothingThatWasUndoneIsRemembered() throws Exception {
    check(PUTS, new Step<>("restore", Files::restore));
  }

  @Test
  void aPlantedMistakeIsFound() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                check(PUTS, new Step<>("restore", Files::forgetThenRestore));
              }
            });
  }
}
