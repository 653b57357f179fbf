/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host that offloads clones sees of a controller takeover, over the wire. */
final class OffloadTakeoverTest {
  private static final int SOURCE = 1;
  private static final int OTHER = 2;

  @TempDir Path directory;

  private final HeldTimer timer = new HeldTimer();
  private Nfs3Handle source;
  private Nfs3Handle copy;

  private FacsimArray start(boolean durable) throws Exception {
    ArrayBuilder builder =
        FacsimArray.builder()
            .volume("v", ByteSize.GIB)
            .nfsPort(0)
            .portmapPort(0)
            .seed(7)
            .absenceTimer(timer);
    if (durable) {
      builder.dataDirectory(directory.resolve("home"));
    }
    FacsimArray array = builder.start();
    try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
      source = host.create("source");
      copy = host.create("copy");
      fill(host, source, SOURCE);
      fill(host, copy, OTHER);
    }
    return array;
  }

  private static void fill(NfsHost host, Nfs3Handle file, int value) throws Exception {
    host.write(file, 0, value, NfsHost.BLOCK, StableHow.FILE_SYNC);
  }

  private void takeover(FacsimArray array) throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    array.arrayFaults().whenBack(back::countDown);
    assertThat(array.arrayFaults().takeover(Duration.ofSeconds(30))).isTrue();
    timer.pass();
    assertThat(back.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static SessionId session(NfsHost host) throws Exception {
    SessionStartCall call = new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, "/v", "host", 0);
    return NfsHost.join(new VaaiClient(host.rpc).startSession(call)).value().session();
  }

  private static VaaiReply<CloneJob> cloneFile(NfsHost host, SessionId session, long request)
      throws Exception {
    CloneCall call =
        CloneCall.within(session, request, VaaiFile.byPath("source"), VaaiFile.byPath("copy"), 0);
    return NfsHost.join(new VaaiClient(host.rpc).cloneFile(call));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSessionIsGoneWithItsControllerAndTheHostStartsAnother(boolean durable) throws Exception {
    try (FacsimArray array = start(durable)) {
      SessionId before;
      long job;
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        before = session(host);
        CloneJob made = cloneFile(host, before, 1).value();
        assertThat(made.state()).isEqualTo(JobState.SUCCEEDED);
        job = made.jobId();
        fill(host, copy, OTHER);
      }
      takeover(array);
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        VaaiClient vaai = new VaaiClient(host.rpc);
        assertThat(NfsHost.join(vaai.cloneStatus(new JobCall(before, job))).status())
            .isEqualTo(VaaiStatus.SESSION);
        assertThat(cloneFile(host, before, 2).status()).isEqualTo(VaaiStatus.SESSION);
        assertThat(host.valueAt(copy, 0, NfsHost.BLOCK)).contains(OTHER);
        SessionId after = session(host);
        assertThat(after).isNotEqualTo(before);
        CloneJob again = cloneFile(host, after, 1).value();
        assertThat(again.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(again.jobId()).isNotEqualTo(job);
        assertThat(host.valueAt(copy, 0, NfsHost.BLOCK)).contains(SOURCE);
      }
    }
  }

  private OpenSdsReply openSdsClone(FacsimArray array) throws Exception {
    OpenSdsCall call =
        new OpenSdsCall(copy, Optional.of(source), OpenSdsRequest.clone(0, "copy").toBlock());
    try (RawCalls calls = RawCalls.tcp(array.nfsAddress())) {
      RawCalls.Call clone =
          new RawCalls.Call(Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, call::encode);
      return OpenSdsReply.decode(calls.exchange(41, clone).results());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOpenSdsCloneThatIsSentAgainIsMadeAgainWithTheHandlesFromBefore(boolean durable)
      throws Exception {
    try (FacsimArray array = start(durable)) {
      assertThat(openSdsClone(array).cloneState()).isEqualTo(CloneState.COMPLETE);
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        fill(host, copy, OTHER);
      }
      takeover(array);
      OpenSdsReply answer = openSdsClone(array);
      assertThat(answer.status()).isEqualTo(Nfs3Status.OK);
      assertThat(answer.cloneState()).isEqualTo(CloneState.COMPLETE);
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        assertThat(host.valueAt(copy, 0, NfsHost.BLOCK)).contains(SOURCE);
      }
    }
  }
}
