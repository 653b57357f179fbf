/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionOptions;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.facsim.vaai.opensds.OpenSdsProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Scenario 27 with a cable cut: the call arrived, its reply is lost with the TCP connection, and
 * the host sends the same bytes again from another port. The clone must have run once, and nobody
 * may be told that what it made itself exists.
 */
final class LostReplyTest {
  private static final int GUARDED = 0x10;
  private static final int LAZY = 0x100;
  private static final OpenSdsFlags FLAGS = new OpenSdsFlags(LAZY, GUARDED, 0x20);
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");

  private static final int PATIENCE_MILLIS = 30_000;

  private VaaiLab lab;
  private RpcServer server;
  private SessionId session;
  private Inode source;

  /** Without a cache in front, as when NFS is so busy that the cache has dropped every answer. */
  private void start(VaaiLab started) {
    lab = started;
    SessionOptions options = SessionOptions.of(Clock.systemUTC(), () -> 5);
    OpenSdsCommands commands = new OpenSdsCommands(lab.exports().grants(), lab.engine(), FLAGS);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(
                NoNfs.beside(new OpenSdsProgram(commands)),
                new VaaiProgram(
                    new HostSessions(
                        lab.engine(), lab.exports().grants(), options, Dialect.VAAI_NAS))));
    source = lab.makeFile("source", 7, 10);
  }

  @AfterEach
  void stop() {
    server.close();
    lab.close();
  }

  /** Sends a call and cuts the connection once it has had its effect; no byte is read. */
  private int sendAndCut(ByteBuf record, BooleanSupplier effect) throws Exception {
    try (Socket socket = connect()) {
      send(socket, record);
      long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (!effect.getAsBoolean()) {
        assertThat(System.nanoTime()).as("no effect").isLessThan(deadlineNanos);
        Thread.sleep(1);
      }
      socket.setSoLinger(true, 0); // a reset, as from a host that lost power
      return socket.getLocalPort();
    }
  }

  /** Sends the same bytes from another port and answers the results. */
  private ByteBuf sendAgain(ByteBuf record, int earlierPort) throws IOException {
    try (Socket socket = connect()) {
      assertThat(socket.getLocalPort()).isNotEqualTo(earlierPort);
      send(socket, record);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(reply);
      ByteBuf results = Unpooled.wrappedBuffer(reply);
      assertThat(EmbeddedServer.acceptStatus(results)).isZero();
      return results;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void send(Socket socket, ByteBuf record) throws IOException {
    byte[] bytes = new byte[4 + record.readableBytes()];
    Unpooled.wrappedBuffer(bytes).setInt(0, 0x8000_0000 | record.readableBytes());
    record.getBytes(record.readerIndex(), bytes, 4, record.readableBytes());
    socket.getOutputStream().write(bytes);
  }

  private static ByteBuf vaaiRecord(int procedure, VaaiMessage call) {
    return EmbeddedServer.call(77, VaaiNas.PROGRAM, VaaiNas.VERSION, procedure, 0, call::encode);
  }

  private CloneCall guardedClone(String destination) throws IOException {
    ByteBuf begun = sendAgain(vaaiRecord(VaaiNas.PROC_SESSION_START, VaaiLab.startCall("/one")), 0);
    session = VaaiReply.decode(begun, SessionGrant::decode).value().session();
    int flags = CloneFlags.LAZY | CloneFlags.GUARDED;
    return CloneCall.within(session, 1, SOURCE, VaaiFile.byPath(destination), flags);
  }

  private long count(OffloadCounter counter) {
    return lab.engine().statistics().total("one", counter);
  }

  @Test
  void aGuardedCloneIsNotToldThatItsOwnDestinationExists() throws Exception {
    start(new VaaiLab());
    CloneCall call = guardedClone("once");
    ByteBuf record = vaaiRecord(VaaiNas.PROC_CLONE, call);

    int port = sendAndCut(record, () -> count(OffloadCounter.FAST_CLONE_SUCCESS) == 1);
    lab.write(lab.lookup("once"), 0, 99);
    VaaiReply<CloneJob> answer = VaaiReply.decode(sendAgain(record, port), CloneJob::decode);

    assertThat(answer.value().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(lab.seedAt(lab.lookup("once"), 0)).as("not cloned over").isEqualTo(99);
    assertThat(count(OffloadCounter.FAST_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(count(OffloadCounter.FAST_CLONE_FAILURE)).isZero();
    CloneCall anew = CloneCall.within(session, 2, SOURCE, call.destination(), call.flags());
    ByteBuf another = sendAgain(vaaiRecord(VaaiNas.PROC_CLONE, anew), 0);
    assertThat(VaaiReply.decode(another, CloneJob::decode).status()).isEqualTo(VaaiStatus.EXIST);
  }

  @Test
  void aCloneThatIsUnderWayWhenTheCableIsCutIsWaitedForAndNotRunTwice() throws Exception {
    SlowMedium medium = new SlowMedium();
    start(new VaaiLab(array -> medium));
    ByteBuf record = vaaiRecord(VaaiNas.PROC_CLONE, guardedClone("once"));

    int port = sendAndCut(record, () -> medium.waitingCount() == 1);
    CompletableFuture<Void> durable =
        CompletableFuture.runAsync(
            () -> medium.finish(null),
            // the retransmission is most likely there by then
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    VaaiReply<CloneJob> answer = VaaiReply.decode(sendAgain(record, port), CloneJob::decode);
    VaaiWire.await(durable);

    assertThat(answer.value().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(medium.waitingCount()).isEqualTo(1);
  }

  private static Nfs3Handle handleOf(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  private ByteBuf openSdsClone(int xid, Inode destination, int flags, String name) {
    OpenSdsCall call =
        new OpenSdsCall(
            handleOf(destination),
            Optional.of(handleOf(source)),
            OpenSdsRequest.clone(flags, name).toBlock());
    return EmbeddedServer.call(xid, Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, 0, call::encode);
  }

  @Test
  void theOpenSdsDialectKnowsAGuardedCloneAgainByItsXid() throws Exception {
    start(new VaaiLab());
    Inode root = lab.volume().root();
    ByteBuf record = openSdsClone(41, root, LAZY | GUARDED, "once");

    int port = sendAndCut(record, () -> count(OffloadCounter.FAST_CLONE_SUCCESS) == 1);
    lab.write(lab.lookup("once"), 0, 99);
    OpenSdsReply answer = OpenSdsReply.decode(sendAgain(record, port));

    assertThat(answer.status()).isEqualTo(Nfs3Status.OK);
    assertThat(answer.cloneState()).isEqualTo(CloneState.COMPLETE);
    assertThat(lab.seedAt(lab.lookup("once"), 0)).as("not cloned over").isEqualTo(99);
    assertThat(count(OffloadCounter.FAST_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(count(OffloadCounter.FAST_CLONE_FAILURE)).isZero();
    ByteBuf another = sendAgain(openSdsClone(42, root, LAZY | GUARDED, "once"), 0);
    assertThat(OpenSdsReply.decode(another).status()).isEqualTo(Nfs3Status.EXIST);
  }

  @Test
  void theOpenSdsDialectDoesNotCallACopyBusyWithItself() throws Exception {
    start(new VaaiLab());
    lab.profiles().set("one", EndpointScenarios.SLOW);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    ByteBuf record = openSdsClone(41, copy, 0, "copy");

    int port = sendAndCut(record, () -> lab.engine().lastJobInto(copy.handle()).isPresent());
    OpenSdsReply answer = OpenSdsReply.decode(sendAgain(record, port));

    assertThat(answer.status()).isEqualTo(Nfs3Status.OK);
    assertThat(answer.cloneState()).isEqualTo(CloneState.COPYING);
    ByteBuf another = sendAgain(openSdsClone(42, copy, 0, "copy"), 0);
    assertThat(OpenSdsReply.decode(another).result()).isEqualTo(OpenSdsResult.BUSY);
    lab.passSeconds(20);
    assertThat(count(OffloadCounter.FULL_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(lab.seedAt(copy, 9)).isEqualTo(7);
  }

  @Test
  void theOpenSdsDialectWaitsForACloneThatIsUnderWay() throws Exception {
    SlowMedium medium = new SlowMedium();
    start(new VaaiLab(array -> medium));
    ByteBuf record = openSdsClone(41, lab.volume().root(), LAZY | GUARDED, "once");

    int port = sendAndCut(record, () -> medium.waitingCount() == 1);
    medium.finish(null);
    OpenSdsReply answer = OpenSdsReply.decode(sendAgain(record, port));

    assertThat(answer.cloneState()).isEqualTo(CloneState.COMPLETE);
    assertThat(medium.waitingCount()).isEqualTo(1);
  }
}
