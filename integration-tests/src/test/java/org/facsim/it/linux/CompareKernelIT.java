/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.tell;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same histories of calls on the array and on the Linux kernel's own server over XFS, bounded
 * by time because the kernel's machine is emulated. NFSv3 is compared without NLM, see
 * docs/compare.md. Another seed plays others: {@code -Dfacsim.compare.seed=N}.
 */
@LinuxGuest
class CompareKernelIT {
  /**
   * A fixed one, because a difference that nobody has written down yet is no defect of a change.
   */
  private static final long SEED = Long.getLong("facsim.compare.seed", 2026);

  /** Whether NFSv3 is compared with locks; see docs/compare.md about lockd. */
  private static final boolean WITH_LOCKS = Boolean.getBoolean("facsim.compare.locks");

  /** So many, not so long, because on a faster machine other histories would be played. */
  private static final String HISTORIES =
      Integer.toString(Integer.getInteger("facsim.compare.histories", 25));

  private static final String MOST_SECONDS = "90";

  @BeforeAll
  static void start(Guest guest) {
    String missing = GuestImage.missingForServer();
    assumeTrue(missing == null, missing);
    KernelServer.start(guest);
  }

  @AfterAll
  static void stop(Guest guest) {
    KernelServer.stop(guest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "4.0", "4.1", "4.2"})
  void theArrayAndTheKernelAnswerAlikeButForWhatTheRfcsAllow(String version, Guest guest) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "compare",
                "--with",
                "127.0.0.1:" + guest.forwarded(KernelServer.NFS_PORT) + KernelServer.EXPORT,
                "--mount-port",
                Integer.toString(guest.forwarded(KernelServer.MOUNT_PORT)),
                "--vers",
                version,
                "--seed",
                Long.toString(SEED),
                "--calls",
                "150",
                "--histories",
                HISTORIES,
                "--limit",
                MOST_SECONDS));
    if (WITH_LOCKS) {
      command.addAll(
          List.of("--lock-port", Integer.toString(guest.forwarded(KernelServer.LOCK_PORT))));
    }
    Outcome compared = Processes.facsim(command.toArray(String[]::new));

    assertThat(compared.exitCode()).as("%s", compared).isZero();
    assertThat(compared.out()).contains("NFS " + version).contains("the same");
    tell("compared with the kernel's server, seed " + SEED, "\n" + compared.out());
  }
}
