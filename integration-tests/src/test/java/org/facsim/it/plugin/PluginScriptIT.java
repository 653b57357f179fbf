/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.plugin.ScriptedArray.answer;
import static org.facsim.it.plugin.ScriptedArray.job;
import static org.facsim.it.plugin.ScriptedArray.refuse;
import static org.facsim.it.plugin.ScriptedArray.running;
import static org.facsim.it.plugin.ScriptedArray.succeeded;
import static org.facsim.it.plugin.ScriptedArray.words;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.facsim.it.CuttingProxy;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference plugin and an array that is slow, forgetful or silent: what it makes of it. */
class PluginScriptIT {
  @TempDir private static Path folder;
  private static Path tool;

  private ScriptedArray array;

  @BeforeAll
  static void build() {
    CBuild.assumeTools();
    tool = CBuild.plugin(folder);
  }

  @BeforeEach
  void start() {
    array = new ScriptedArray();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private Outcome run(String... arguments) {
    return run(array.port(), arguments);
  }

  private static Outcome run(int port, String... arguments) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("-p", Integer.toString(port), "-e", "/x", "-t", "2", "-w", "10"));
    all.addAll(List.of("-i", "10", "-r", "2"));
    all.addAll(List.of(arguments));
    return CBuild.check(tool, all);
  }

  private Outcome cloneFile(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("clone", "from", "to"));
    return run(all.toArray(String[]::new));
  }

  @Test
  void aSlowJobIsFollowedToItsEnd() {
    array.on(VaaiNas.PROC_CLONE, job(JobState.QUEUED, VaaiStatus.OK, 0));
    array.on(VaaiNas.PROC_CLONE_STATUS, running(300));
    array.on(VaaiNas.PROC_CLONE_STATUS, running(700));
    array.on(VaaiNas.PROC_CLONE_STATUS, succeeded());

    Outcome outcome = cloneFile();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .startsWith(
            """
            progress=0/1000
            progress=300/1000
            progress=700/1000
            progress=1000/1000
            totalBytes=1000
            doneBytes=1000
            """);
  }

  @Test
  void theProgressCallbackCancelsAt40Percent() {
    array.on(VaaiNas.PROC_CLONE, running(0));
    array.on(VaaiNas.PROC_CLONE_STATUS, running(200));
    array.on(VaaiNas.PROC_CLONE_STATUS, running(400));
    array.on(VaaiNas.PROC_CLONE_ABORT, job(JobState.ABORTED, VaaiStatus.ABORTED, 400));

    Outcome outcome = cloneFile("-c", "40");

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(10);
    assertThat(outcome.err()).isEqualTo("vaai-plugin-cli: cancelled: cancelled (status -1)\n");
    assertThat(Collections.frequency(array.procedures(), VaaiNas.PROC_CLONE_ABORT)).isOne();
  }

  @Test
  void anAbortThatComesTooLateIsASuccess() {
    array.on(VaaiNas.PROC_CLONE, running(999));
    array.on(VaaiNas.PROC_CLONE_ABORT, succeeded());

    assertThat(cloneFile("-c", "40").exitCode()).isZero();
  }

  @Test
  void aJobThatStallsIsAborted() {
    array.on(VaaiNas.PROC_CLONE, running(100));
    array.on(VaaiNas.PROC_CLONE_STATUS, running(100));
    array.on(VaaiNas.PROC_CLONE_ABORT, job(JobState.ABORTED, VaaiStatus.ABORTED, 100));

    Outcome outcome = cloneFile("-s", "1");

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("file error: no progress");
    assertThat(array.procedures()).contains(VaaiNas.PROC_CLONE_ABORT);
  }

  /** Each status that a host tells apart, whether the call or the job ends with it. */
  @Test
  void statusesBecomeTheWordsOfAHost() {
    Map<VaaiStatus, Integer> results =
        Map.ofEntries(
            Map.entry(VaaiStatus.PERM, 2),
            Map.entry(VaaiStatus.ACCESS, 2),
            Map.entry(VaaiStatus.EXIST, 3),
            Map.entry(VaaiStatus.NOSPC, 4),
            Map.entry(VaaiStatus.ROFS, 5),
            Map.entry(VaaiStatus.BUSY, 6),
            Map.entry(VaaiStatus.TOO_DEEP, 7),
            Map.entry(VaaiStatus.TOO_MANY_CLONES, 8),
            Map.entry(VaaiStatus.NOTSUPP, 9),
            Map.entry(VaaiStatus.XVOL, 9),
            Map.entry(VaaiStatus.STALE, 1),
            Map.entry(VaaiStatus.NOENT, 1));
    results.forEach(
        (status, exitCode) -> {
          try (ScriptedArray refusing = new ScriptedArray()) {
            refusing.on(VaaiNas.PROC_CLONE, refuse(status, "said\nso"));
            Outcome outcome = run(refusing.port(), "clone", "from", "to");
            assertThat(outcome.exitCode()).as("%s: %s", status, outcome).isEqualTo(exitCode);
            assertThat(outcome.err())
                .as("one line")
                .endsWith(": said?so (status " + status.code() + ")\n");
          }
        });
    array.on(VaaiNas.PROC_CLONE, running(1));
    array.on(VaaiNas.PROC_CLONE_STATUS, job(JobState.FAILED, VaaiStatus.NOSPC, 1));
    assertThat(cloneFile().exitCode()).isEqualTo(4);
  }

  @Test
  void aJobThatWasLostIsAFileError() {
    array.on(VaaiNas.PROC_CLONE, running(1));
    array.on(VaaiNas.PROC_CLONE_STATUS, job(JobState.LOST, VaaiStatus.LOST, 1));

    Outcome outcome = cloneFile();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("(status " + VaaiStatus.LOST.code() + ")");
  }

  /** An array that restarted knows neither the session nor, but by its number, the job. */
  @Test
  void aJobIsAskedAboutInANewSessionWhenItsOwnIsGone() {
    array.on(VaaiNas.PROC_CLONE, running(1));
    array.on(VaaiNas.PROC_CLONE_STATUS, refuse(VaaiStatus.SESSION, "restarted"));
    array.on(VaaiNas.PROC_CLONE_STATUS, job(JobState.LOST, VaaiStatus.LOST, 1));

    Outcome outcome = cloneFile();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("(status " + VaaiStatus.LOST.code() + ")");
    assertThat(Collections.frequency(array.procedures(), VaaiNas.PROC_SESSION_START)).isEqualTo(2);
    assertThat(array.clones()).as("not cloned again").hasSize(1);
  }

  @Test
  void anAbortIsAskedInANewSessionToo() {
    array.on(VaaiNas.PROC_CLONE, running(900));
    array.on(VaaiNas.PROC_CLONE_ABORT, refuse(VaaiStatus.SESSION, "restarted"));
    array.on(VaaiNas.PROC_CLONE_ABORT, job(JobState.LOST, VaaiStatus.LOST, 900));

    Outcome outcome = cloneFile("-c", "40");

    assertThat(outcome.err()).contains("(status " + VaaiStatus.LOST.code() + ")");
  }

  @Test
  void aJobThatNoSessionKnowsIsGivenUpAfterOneNewSession() {
    array.on(VaaiNas.PROC_CLONE, running(1));
    array.on(VaaiNas.PROC_CLONE_STATUS, refuse(VaaiStatus.SESSION, "always"));

    Outcome outcome = cloneFile();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("(status " + VaaiStatus.SESSION.code() + ")");
    assertThat(Collections.frequency(array.procedures(), VaaiNas.PROC_SESSION_START)).isEqualTo(2);
  }

  /** The array does not say which of the two sessions it does not know. */
  @Test
  void bothSessionsOfACloneAcrossVolumesAreStartedAnew() {
    array.on(VaaiNas.PROC_CLONE, refuse(VaaiStatus.SESSION, "restarted"));
    array.on(VaaiNas.PROC_CLONE, succeeded());

    Outcome outcome = cloneFile("-S", "/y");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    CloneCall first = array.clones().get(0);
    CloneCall again = array.clones().get(1);
    assertThat(again.session()).isNotEqualTo(first.session());
    assertThat(again.sourceSession().orElseThrow())
        .isNotEqualTo(first.sourceSession().orElseThrow());
    assertThat(again.sourceSession().orElseThrow()).isNotEqualTo(again.session());
  }

  @Test
  void aLostReplyIsAskedForAgainWithTheSameRequestId() {
    array.on(VaaiNas.PROC_CLONE, RpcCall::drop);
    array.on(VaaiNas.PROC_CLONE, succeeded());

    Outcome outcome = cloneFile("-t", "1");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("retransmissions=1\n");
    List<CloneCall> clones = array.clones();
    assertThat(clones).hasSize(2);
    assertThat(clones.get(1)).as("byte for byte").isEqualTo(clones.get(0));
  }

  @Test
  void anArrayThatStaysSilentIsGivenUp() {
    array.on(VaaiNas.PROC_CLONE, RpcCall::drop);

    Outcome outcome = cloneFile("-t", "1", "-r", "1");

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(11);
    assertThat(array.clones()).hasSize(2);
  }

  @Test
  void aSessionThatExpiredIsStartedAnewAndTheCallRepeated() {
    array.on(VaaiNas.PROC_CLONE, refuse(VaaiStatus.SESSION, "expired"));
    array.on(VaaiNas.PROC_CLONE, succeeded());

    Outcome outcome = cloneFile();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(array.clones().get(1).session()).isNotEqualTo(array.clones().get(0).session());
  }

  /** The first transmission may have cloned before the array forgot the session. */
  @Test
  void aRetransmissionIsNotRepeatedInANewSession() {
    array.on(VaaiNas.PROC_CLONE, RpcCall::drop);
    array.on(VaaiNas.PROC_CLONE, refuse(VaaiStatus.SESSION, "restarted"));

    Outcome outcome = cloneFile("-t", "1");

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("(status " + VaaiStatus.SESSION.code() + ")");
    assertThat(array.clones()).hasSize(2);
  }

  @Test
  void numbersOfANewerArrayAreFileErrors() {
    array.on(VaaiNas.PROC_CLONE, words(29_999, 4, 0x6e65_7721));
    Outcome outcome = cloneFile();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("file error: new! (status 29999)");
  }

  @Test
  void aReplyThatIsNoneIsAFileErrorAndNothingLeaks() {
    array.on(VaaiNas.PROC_CLONE, words(VaaiStatus.OK.code(), 0, 7, 2, 0, 200, 0x6162_6364));
    assertThat(cloneFile().exitCode()).isEqualTo(1);
  }

  @Test
  void whatTheArrayDoesNotServeIsNotSupported() {
    array.on(VaaiNas.PROC_SUPPORT, answer(VaaiReply.ok(new SupportAnswer(false, 0, "no"))));
    assertThat(run("support").out()).contains("fullClone=no no\n", "reserveSpace=no no\n");
    assertThat(run("statx", "file").exitCode()).as("PROC_UNAVAIL").isEqualTo(9);
  }

  @Test
  void noArrayAtAllIsNoAnswer() throws IOException {
    try (Socket taken = FreePorts.withoutListener()) {
      int port = taken.getLocalPort();
      Outcome outcome = run(port, "support");
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(11);
      assertThat(outcome.err())
          .contains("no answer: 127.0.0.1 port " + port + ": Connection refused");
    }
  }

  /** Reads the call, then closes the connection: the next write may raise SIGPIPE. */
  @Test
  void aConnectionThatIsCutIsReplaced() throws Exception {
    array.on(VaaiNas.PROC_CLONE, succeeded());
    try (CuttingProxy proxy = CuttingProxy.ofSecondCall(array.address())) {
      Outcome outcome = run(proxy.port(), "clone", "from", "to");
      assertThat(outcome.exitCode()).as("%s", outcome).isZero();
      assertThat(outcome.out()).contains("retransmissions=1\n");
      assertThat(proxy.connections()).isEqualTo(2);
      assertThat(array.clones().get(0)).isEqualTo(array.clones().get(array.clones().size() - 1));
    }
  }

  @Test
  void wrongUsageIsExitCode64() {
    assertThat(run("frobnicate").exitCode()).isEqualTo(64);
    assertThat(run("clone", "only-one").exitCode()).isEqualTo(64);
    assertThat(run("-t", "many", "support").exitCode()).isEqualTo(64);
  }
}
