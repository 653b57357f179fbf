/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.testing.Interleavings;
import org.facsim.protocol.testing.Interleavings.Step;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.junit.jupiter.api.Test;

/** Clones of two threads: every outcome is that of some order. */
final class CloneRetransmissionsRaceTest {
  private static final int SCENARIOS = 40;
  private static final int RUNS_OF_EACH = 50;

  /** An open connection. */
  private record Connection(long id) implements CallOrigin {
    @Override
    public boolean isGone(CallOrigin later) {
      return false;
    }

    @Override
    public void whenEnded(Runnable task) {
      // it never does
    }
  }

  /** Files that clones make, under one lock, behind their memory. */
  private static final class Files {
    private final CloneRetransmissions clones = new CloneRetransmissions(() -> 1, job -> true);
    private final Set<String> made = new HashSet<>();

    /** The id of the job is 1 for who made the file; 2 if it was there and that matters. */
    Object send(long connection, String name, boolean guarded) {
      OpenSdsCall call =
          new OpenSdsCall(
              Nfs3Handle.of(new byte[32]),
              Optional.of(Nfs3Handle.of(new byte[] {1})),
              OpenSdsRequest.clone(0, name).toBlock());
      return clones
          .once(
              new CloneRetransmissions.Key("192.0.2.1", 0, 7, call),
              new Connection(connection),
              () -> make(name, guarded))
          .join()
          .jobId();
    }

    private CompletableFuture<JobSnapshot> make(String name, boolean guarded) {
      boolean added;
      synchronized (this) {
        added = made.add(name);
      }
      Interleavings.letOthersIn(); // so that others come between the change and its answer
      return CompletableFuture.completedFuture(
          new JobSnapshot(
              added || !guarded ? 1 : 2,
              JobState.SUCCEEDED,
              Optional.empty(),
              "",
              1,
              1,
              1,
              0,
              Optional.empty()));
    }

    synchronized boolean isThere(String name) {
      return made.contains(name);
    }

    /** As the array does it: with every change locked out. */
    synchronized boolean restore() {
      clones.forgetAll();
      made.clear();
      return true;
    }

    /** The planted mistake. */
    boolean forgetThenRestore() {
      clones.forgetAll();
      Interleavings.letOthersIn();
      synchronized (this) {
        made.clear();
      }
      return true;
    }
  }

  private static final List<Step<Files>> PUTS =
      List.of(
          new Step<>("put", files -> files.send(1, "a", false)),
          new Step<>("is there", files -> files.isThere("a")));

  private static void check(List<Step<Files>> steps, Step<Files> more) throws Exception {
    List<Step<Files>> all = new ArrayList<>(steps);
    all.add(more);
    new Interleavings<>(Files::new, all).check(SCENARIOS, RUNS_OF_EACH);
  }

  /** Of the calls of another connection each is its own: it finds what the first made. */
  @Test
  void aCloneRunsOnceForEachConnection() throws Exception {
    check(
        List.of(
            new Step<>("make a", files -> files.send(1, "a", true)),
            new Step<>("make b", files -> files.send(1, "b", true))),
        new Step<>("make a elsewhere", files -> files.send(2, "a", true)));
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
