/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.testing.Interleavings.Step;
import org.facsim.protocol.testing.RememberedNames;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.junit.jupiter.api.Test;

/** Clones of two threads: every outcome is that of some order. */
final class CloneRetransmissionsRaceTest {
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
  private static final class Files extends RememberedNames {
    private final CloneRetransmissions clones = new CloneRetransmissions(() -> 1, job -> true);

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
      boolean added = add(name);
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

    @Override
    protected void forgetAll() {
      clones.forgetAll();
    }
  }

  private static final List<Step<Files>> PUTS =
      List.of(
          new Step<>("put", files -> files.send(1, "a", false)),
          new Step<>("is there", files -> files.isThere("a")));

  /** Of the calls of another connection each is its own: it finds what the first made. */
  @Test
  void aCloneRunsOnceForEachConnection() throws Exception {
    RememberedNames.check(
        Files::new,
        List.of(
            new Step<>("make a", files -> files.send(1, "a", true)),
            new Step<>("make b", files -> files.send(1, "b", true))),
        new Step<>("make a elsewhere", files -> files.send(2, "a", true)));
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
