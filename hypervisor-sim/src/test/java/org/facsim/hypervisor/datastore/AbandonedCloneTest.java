/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host that no longer waits for a clone job sees to it that the job is over before it copies. A
 * late job would replace what the guest has written to the copy since.
 */
@Timeout(60)
final class AbandonedCloneTest {
  private static final int ABORT = VaaiNas.PROC_CLONE_ABORT;
  private static final int END = VaaiNas.PROC_SESSION_END;

  /** Answers by procedure, and the calls that came. */
  private final Map<Integer, Supplier<VaaiReply<?>>> answers = new HashMap<>();

  private final List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
  private final FakeMount mount = new FakeMount();
  private RpcServer server;
  private RpcClient connection;
  private VaaiOffload offload;
  private Datastore datastore;

  @BeforeEach
  void start() {
    answers.put(
        VaaiNas.PROC_SESSION_START,
        () ->
            VaaiReply.ok(
                new SessionGrant(
                    new SessionId(1, 2),
                    Opaque.of(new byte[32]),
                    10,
                    new SessionLimits(900, 8, 0, 256, 4096, 1L << 44))));
    answers.put(VaaiNas.PROC_CLONE, () -> VaaiReply.ok(job(JobState.RUNNING)));
    answers.put(END, () -> VaaiReply.ok(new SessionEnded()));
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new Script()));
    connection = RpcClient.connect(server.address(), RpcClientOptions.defaults()).join();
    HostTime time = SteppedTime.movedBySleepers(java.time.Instant.EPOCH);
    HostSide side =
        new HostSide(
            "esx1",
            time,
            new AdvancedSettings(),
            new VmkernelLog("esx1", time, 100),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(300), 2));
    offload = new VaaiOffload(new VaaiClient(connection), "/datastore1", MountVersion.NFS3, side);
    datastore = mount.datastore;
  }

  @AfterEach
  void stop() {
    connection.close();
    server.close();
  }

  private static CloneJob job(JobState state) {
    return new CloneJob(
        7,
        state,
        VaaiStatus.OK,
        "",
        100,
        state == JobState.SUCCEEDED ? 100 : 10,
        0,
        0,
        Opaque.of(new byte[32]));
  }

  private final class Script implements RpcProgram {
    @Override
    public int number() {
      return VaaiNas.PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return VaaiNas.VERSION;
    }

    @Override
    public int highestVersion() {
      return VaaiNas.VERSION_2;
    }

    @Override
    public void call(RpcCall call) {
      calls.add(call.procedure());
      call.arguments().skipBytes(call.arguments().readableBytes());
      Supplier<VaaiReply<?>> answer = answers.get(call.procedure());
      if (answer == null) {
        call.systemError();
      } else {
        answer.get().encode(call.reply());
      }
    }
  }

  private RuntimeException cloneFails() {
    DatastoreFile source = datastore.create("source");
    DatastoreFile copy = datastore.create("copy");
    return assertThrows(
        RuntimeException.class,
        () -> offload.cloneFile(datastore, source, copy, TransferProgress.NONE));
  }

  private void cloneSucceeds() {
    offload.cloneFile(
        datastore, datastore.create("source"), datastore.create("copy"), TransferProgress.NONE);
  }

  private static Supplier<VaaiReply<?>> refused(VaaiStatus status) {
    return () -> VaaiReply.failed(status, "a test");
  }

  @Test
  void aJobOfWhichTheArrayTellsNothingIsAbortedBeforeTheHostCopies() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.IO));
    answers.put(ABORT, () -> VaaiReply.ok(job(JobState.ABORTED)));
    assertThat(cloneFails()).isInstanceOf(OffloadException.class).hasMessage("IO: a test");
    assertThat(calls).endsWith(VaaiNas.PROC_CLONE_STATUS, ABORT);
  }

  @Test
  void aJobThatSucceededBeforeItsAbortIsTheClone() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.IO));
    answers.put(ABORT, () -> VaaiReply.ok(job(JobState.SUCCEEDED)));
    cloneSucceeds();
  }

  /** The rules have changed: only whoever knows the session may still end it, with its jobs. */
  @Test
  void aRefusedAbortEndsTheSession() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.ACCESS));
    answers.put(ABORT, refused(VaaiStatus.ACCESS));
    assertThat(cloneFails()).isInstanceOf(OffloadException.class).hasMessage("ACCESS: a test");
    assertThat(calls).endsWith(VaaiNas.PROC_CLONE_STATUS, ABORT, END);
  }

  /** Then the host must not copy: it fails, and does not fall back. */
  @Test
  void aJobThatMayStillRunIsNoReasonToCopy() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.ACCESS));
    answers.put(ABORT, refused(VaaiStatus.ACCESS));
    answers.put(END, refused(VaaiStatus.IO));
    assertThat(cloneFails())
        .isInstanceOf(DatastoreException.class)
        .hasMessage("clone job 7 may still run on the array");
  }

  @Test
  void aJobThatIsLongOverNeedsNoMore() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.IO));
    answers.put(ABORT, refused(VaaiStatus.JOB));
    assertThat(cloneFails()).isInstanceOf(OffloadException.class);
    assertThat(calls).doesNotContain(END);
  }

  /** It is asked again until what it did is durable. */
  @Test
  void anAbortThatComesTooLateWaitsForTheEnd() {
    answers.put(VaaiNas.PROC_CLONE_STATUS, refused(VaaiStatus.IO));
    AtomicReference<JobState> state = new AtomicReference<>(JobState.RUNNING);
    answers.put(ABORT, () -> VaaiReply.ok(job(state.getAndSet(JobState.SUCCEEDED))));
    cloneSucceeds();
    assertThat(Collections.frequency(calls, ABORT)).isEqualTo(2);
  }

  @Test
  void aCloneCallWithoutAnAnswerEndsTheSession() {
    answers.remove(VaaiNas.PROC_CLONE);
    assertThat(cloneFails()).isInstanceOf(OffloadException.class);
    assertThat(calls).endsWith(VaaiNas.PROC_CLONE, END);
  }
}
