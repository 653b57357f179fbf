/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.facsim.it.RootClient;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.FsStat3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenario 25 with the real process: {@code kill -9} while clone jobs are in each of their states.
 * After the restart every job is reported lost, each destination is as it was or the whole clone,
 * no block is leaked, and {@code facsim check} finds nothing.
 *
 * <p>{@code -Dfacsim.kill.seed} as printed on failure.
 */
class CloneRestartIT {
  private static final long SEED = Long.getLong("facsim.kill.seed", System.nanoTime());
  private static final int BLOCK = 4096;
  private static final int MIB = 1 << 20;
  private static final int ROUNDS = 6;

  /** What a destination holds before it is cloned into: one block. */
  private static final byte[] OLD = pattern(3, BLOCK);

  @TempDir private Path folder;
  private FacsimServer server;
  private RootClient client;
  private Nfs3Handle root;
  private SessionId session;
  private long lastRequestId;

  @AfterEach
  void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private void start(String copyRate) throws Exception {
    Path profile = folder.resolve("slow.yaml");
    Files.writeString(
        profile,
        """
        name: slow
        like: copying
        copy-bytes-per-second: %s
        max-concurrent-clones: 1
        max-queued-clones: 4
        """
            .formatted(copyRate));
    server =
        FacsimServer.start(
            "--volume", "v=256MiB", "--data-dir", data(), "--vaai-profile", "v=" + profile);
    connect();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void connect() throws Exception {
    client = RootClient.connect(server.address());
    root = client.mount("/v");
    session = client.startSession("/v");
  }

  private void killAndStartAgain() throws Exception {
    server.kill();
    client.close();
    assertIsSound();
    server.restart();
    connect();
  }

  private void assertIsSound() {
    Outcome check = Processes.facsim("check", "--data-dir", data());
    assertThat(check.exitCode()).as("seed %d: %s", SEED, check).isZero();
    assertThat(check.out()).isEmpty();
  }

  private static byte[] pattern(long seed, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static <T> T get(CompletableFuture<T> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  private void make(String name, byte[] contents) throws Exception {
    Nfs3Handle file =
        get(client.nfs().create(root, name, new Create3.Guarded(Sattr3.NONE))).handle();
    for (int at = 0; at < contents.length; at += MIB) {
      int length = Math.min(MIB, contents.length - at);
      get(
          client
              .nfs()
              .write(file, at, Unpooled.wrappedBuffer(contents, at, length), StableHow.FILE_SYNC));
    }
  }

  private byte[] contentsOf(String name) throws Exception {
    var found = get(client.nfs().lookup(root, name));
    int size = (int) found.attributes().sizeBytes();
    byte[] all = new byte[size];
    for (int at = 0; at < size; at += MIB) {
      int to = at;
      get(
          client
              .nfs()
              .read(
                  found.handle(),
                  at,
                  Math.min(MIB, size - at),
                  ok -> {
                    ok.data().getBytes(ok.data().readerIndex(), all, to, (int) ok.countBytes());
                    return ok.countBytes();
                  }));
    }
    return all;
  }

  private CloneJob beginClone(String source, String destination) throws Exception {
    CloneCall call =
        CloneCall.within(
            session, ++lastRequestId, VaaiFile.byPath(source), VaaiFile.byPath(destination), 0);
    VaaiReply<CloneJob> reply = get(client.vaai().cloneFile(call));
    assertThat(reply.status()).as(reply.reason()).isEqualTo(VaaiStatus.OK);
    return reply.value();
  }

  private CloneJob job(long id) throws Exception {
    return get(client.vaai().cloneStatus(new JobCall(session, id))).value();
  }

  private CloneJob awaitState(CloneJob begun, JobState state) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(begun.jobId()), now -> now.state() == state);
  }

  /** Blocks of the volume in use, when everything that was let go is given back. */
  private void assertUses(long bytes) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              FsStat3.Ok space = get(client.nfs().fsstat(root));
              assertThat(space.totalBytes() - space.freeBytes())
                  .as("seed %d", SEED)
                  .isEqualTo(bytes);
            });
  }

  private void assertIsLost(long jobId) throws Exception {
    CloneJob lost = job(jobId);
    assertThat(lost.state()).isEqualTo(JobState.LOST);
    assertThat(lost.outcome()).isEqualTo(VaaiStatus.LOST);
    assertThat(lost.reason()).contains("restarted");
    assertThat(get(client.vaai().abortClone(new JobCall(session, jobId))).value())
        .as("an abort changes nothing")
        .isEqualTo(lost);
  }

  @Test
  void scenario25_jobsInEveryStateAreReportedLostAfterAKill() throws Exception {
    start("1MiB");
    byte[] large = pattern(1, 8 * MIB);
    byte[] small = pattern(2, 16 * BLOCK);
    make("large", large);
    make("small", small);
    Map<JobState, CloneJob> jobs = new EnumMap<>(JobState.class);
    for (JobState state :
        new JobState[] {
          JobState.SUCCEEDED, JobState.FAILED, JobState.ABORTED, JobState.RUNNING, JobState.QUEUED
        }) {
      make(state.toString(), OLD);
    }

    jobs.put(
        JobState.SUCCEEDED,
        awaitState(beginClone("small", JobState.SUCCEEDED.toString()), JobState.SUCCEEDED));
    CloneJob aborted = beginClone("large", JobState.ABORTED.toString());
    get(client.vaai().abortClone(new JobCall(session, aborted.jobId())));
    jobs.put(JobState.ABORTED, awaitState(aborted, JobState.ABORTED));
    CloneJob failing = beginClone("small", JobState.FAILED.toString());
    get(client.nfs().remove(root, JobState.FAILED.toString()));
    jobs.put(JobState.FAILED, awaitState(failing, JobState.FAILED));
    CloneJob running = beginClone("large", JobState.RUNNING.toString());
    jobs.put(JobState.QUEUED, beginClone("small", JobState.QUEUED.toString()));
    jobs.put(
        JobState.RUNNING,
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> job(running.jobId()), now -> now.doneBytes() > 2 * MIB));
    for (Map.Entry<JobState, CloneJob> each : jobs.entrySet()) {
      assertThat(job(each.getValue().jobId()).state()).isEqualTo(each.getKey());
    }

    killAndStartAgain();

    for (CloneJob each : jobs.values()) {
      assertIsLost(each.jobId());
    }
    assertThat(contentsOf(JobState.SUCCEEDED.toString())).isEqualTo(small);
    for (JobState state : new JobState[] {JobState.ABORTED, JobState.RUNNING, JobState.QUEUED}) {
      assertThat(contentsOf(state.toString())).as("%s", state).isEqualTo(OLD);
    }
    assertUses(large.length + 2L * small.length + 3L * BLOCK);

    CloneJob anew = beginClone("small", JobState.RUNNING.toString());
    assertThat(jobs.values()).map(CloneJob::jobId).doesNotContain(anew.jobId());
    awaitState(anew, JobState.SUCCEEDED);
    assertThat(contentsOf(JobState.RUNNING.toString())).isEqualTo(small);
    assertUses(large.length + 3L * small.length + 2L * BLOCK);
    server.kill();
    assertIsSound();
  }

  @Test
  void scenario25_aKillAtAnyMomentLeavesTheOldFileOrTheWholeClone() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    start("16MiB");
    byte[] source = pattern(1, 4 * MIB);
    make("source", source);
    int whole = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String name = "copy" + round;
      make(name, OLD);
      long jobId = beginClone("source", name).jobId();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
      JobState before = job(jobId).state();

      killAndStartAgain();

      assertIsLost(jobId);
      byte[] found = contentsOf(name);
      boolean isWhole = Arrays.equals(found, source);
      assertThat(isWhole || Arrays.equals(found, OLD))
          .as("seed %d, round %d: %d bytes", SEED, round, found.length)
          .isTrue();
      if (before == JobState.SUCCEEDED) {
        assertThat(isWhole).as("seed %d, round %d: it was done", SEED, round).isTrue();
      }
      whole += isWhole ? 1 : 0;
      assertUses((1L + whole) * source.length + (round + 1L - whole) * BLOCK);
    }
  }
}
