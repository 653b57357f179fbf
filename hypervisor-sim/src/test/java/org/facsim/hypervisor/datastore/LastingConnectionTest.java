/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host's mount while its server goes away and comes back; the clock is the test's. */
class LastingConnectionTest {
  private static final int GETATTR = 1;
  private static final int WRITE = 7;
  private static final int CREATE = 8;

  private final MovingClock clock = new MovingClock();
  private final Counting program = new Counting();
  private RpcServer server;
  private DatastoreConnections connections;

  /** Answers every call with the sum of the bytes it was sent. */
  private static final class Counting implements RpcProgram {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger creates = new AtomicInteger();

    @Override
    public int number() {
      return Nfs3.PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return 3;
    }

    @Override
    public int highestVersion() {
      return 3;
    }

    @Override
    public void call(RpcCall call) {
      calls.incrementAndGet();
      if (call.procedure() == CREATE) {
        creates.incrementAndGet();
      }
      int sum = 0;
      while (call.arguments().isReadable()) {
        sum += call.arguments().readUnsignedByte();
      }
      call.reply().writeInt(sum);
    }
  }

  /** Answers a CREATE whose xid it has seen without executing it again. */
  private static final class Remembering extends RpcProgramDecorator {
    private final Set<Integer> xids = new HashSet<>();

    Remembering(RpcProgram program) {
      super(program);
    }

    @Override
    public void call(RpcCall call) {
      if (call.procedure() == CREATE && !xids.add(call.xid())) {
        call.reply().writeInt(call.arguments().readInt());
      } else {
        behind().call(call);
      }
    }
  }

  /** Executes, but the answers to the first calls of a procedure never arrive. */
  private record LosingAnswers(RpcProgram program, int procedure, AtomicInteger toLose)
      implements RpcProgram {
    @Override
    public int number() {
      return program.number();
    }

    @Override
    public int lowestVersion() {
      return program.lowestVersion();
    }

    @Override
    public int highestVersion() {
      return program.highestVersion();
    }

    @Override
    public void call(RpcCall call) {
      program.call(call);
      if (call.procedure() == procedure && toLose.getAndDecrement() > 0) {
        call.drop();
      }
    }
  }

  private RpcServer serve(int port) {
    return serve(port, program);
  }

  private static RpcServer serve(int port, RpcProgram program) {
    return RpcServer.start(
        RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .withEventLoops(1),
        List.of(program));
  }

  @BeforeEach
  void mount() throws IOException {
    server = FreePorts.attempt(this::serve);
    connections =
        DatastoreConnections.open(server.address(), 2, RpcClientOptions.defaults(), clock);
  }

  @AfterEach
  void close() {
    connections.close();
    server.close();
  }

  private CompletableFuture<Integer> getattr() {
    return connections.call(Nfs3.PROGRAM, 3, GETATTR, out -> out.writeInt(5), ByteBuf::readInt);
  }

  private CompletableFuture<Integer> write() {
    ByteBuf data = Unpooled.directBuffer().writeInt(0x01010101);
    return connections.call(Nfs3.PROGRAM, 3, WRITE, out -> out.writeInt(5), data, ByteBuf::readInt);
  }

  /** The heartbeats of some time in which nobody answers. */
  private void silence(Duration time) throws Exception {
    for (long beat = 0; beat <= time.dividedBy(DatastoreHealth.HEARTBEAT); beat++) {
      assertThat(connections.heartbeat(out -> {}).get(10, TimeUnit.SECONDS)).isFalse();
      if (beat < time.dividedBy(DatastoreHealth.HEARTBEAT)) {
        clock.advance(DatastoreHealth.HEARTBEAT);
      }
    }
    clock.advance(
        time.minus(
            DatastoreHealth.HEARTBEAT.multipliedBy(time.dividedBy(DatastoreHealth.HEARTBEAT))));
  }

  @Test
  void callsUnderWayOutliveARestartOfTheServer() throws Exception {
    assertThat(getattr().get(10, TimeUnit.SECONDS)).isEqualTo(5);
    int port = server.address().getPort();
    server.close();
    CompletableFuture<Integer> write = write();
    CompletableFuture<Integer> getattr = getattr();
    Thread.sleep(300);
    assertThat(write).isNotDone();
    assertThat(getattr).isNotDone();
    server = serve(port);
    assertThat(write.get(10, TimeUnit.SECONDS)).isEqualTo(5 + 4 + 4);
    assertThat(getattr.get(10, TimeUnit.SECONDS)).isEqualTo(5);
    assertThat(connections.state()).isEqualTo(PathState.ACCESSIBLE);
  }

  @Test
  void silentFor150SecondsIsAllPathsDownAndThenRecovery() throws Exception {
    int port = server.address().getPort();
    server.close();
    silence(Duration.ofSeconds(124));
    assertThat(connections.state()).isEqualTo(PathState.ACCESSIBLE);
    silence(Duration.ofSeconds(26));
    assertThat(connections.state()).isEqualTo(PathState.ALL_PATHS_DOWN);
    CompletableFuture<Integer> getattr = getattr();
    Thread.sleep(300);
    assertThat(getattr).as("the APD timer still runs").isNotDone();

    server = serve(port);
    assertThat(getattr.get(10, TimeUnit.SECONDS)).isEqualTo(5);
    assertThat(connections.heartbeat(out -> {}).get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(connections.state()).isEqualTo(PathState.ACCESSIBLE);
  }

  @Test
  void whenTheTimerHasRunOutVmsAreTriedForAndEverythingElseFailsAtOnce() throws Exception {
    int port = server.address().getPort();
    server.close();
    CompletableFuture<Integer> early = getattr();
    CompletableFuture<Integer> vm = write();
    silence(Duration.ofSeconds(264));
    assertThat(connections.state()).isEqualTo(PathState.ALL_PATHS_DOWN);
    clock.advance(Duration.ofSeconds(1));
    assertThat(connections.state()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);

    assertAllPathsDown(early);
    CompletableFuture<Integer> late = getattr();
    assertThat(late).isCompletedExceptionally();
    assertAllPathsDown(late);
    assertThat(vm).isNotDone();

    server = serve(port);
    assertThat(vm.get(10, TimeUnit.SECONDS)).isEqualTo(5 + 4 + 4);
    assertThat(connections.state()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(getattr().get(10, TimeUnit.SECONDS)).isEqualTo(5);
  }

  private static void assertAllPathsDown(CompletableFuture<Integer> call) {
    assertThatThrownBy(() -> Replies.await(call))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.ALL_PATHS_DOWN));
  }

  @Test
  void aCreateWhoseAnswerWasLostWithItsConnectionIsNotExecutedAgain() throws Exception {
    server.close();
    RpcProgram remembering =
        new LosingAnswers(new Remembering(program), CREATE, new AtomicInteger(2));
    server = FreePorts.attempt(free -> serve(free, remembering));
    int port = server.address().getPort();
    connections.close();
    connections =
        DatastoreConnections.open(
            server.address(),
            1,
            RpcClientOptions.defaults()
                .withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(500)),
            clock);
    CompletableFuture<Integer> create =
        connections.call(Nfs3.PROGRAM, 3, CREATE, out -> out.writeInt(9), ByteBuf::readInt);
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (program.creates.get() == 0 && System.nanoTime() < deadlineNanos) {
      Thread.onSpinWait();
    }
    server.close(); // the second transmission comes from another port
    server = serve(port, remembering);
    assertThat(create.get(10, TimeUnit.SECONDS)).isEqualTo(9);
    assertThat(program.creates).hasValue(1);
    // calls of one content are still two calls
    CompletableFuture<Integer> another =
        connections.call(Nfs3.PROGRAM, 3, CREATE, out -> out.writeInt(9), ByteBuf::readInt);
    assertThat(another.get(10, TimeUnit.SECONDS)).isEqualTo(9);
    assertThat(program.creates).hasValue(2);
  }

  @Test
  void aClosedMountWaitsForNobody() {
    server.close();
    CompletableFuture<Integer> write = write();
    connections.close();
    assertThat(write).failsWithin(10, TimeUnit.SECONDS);
  }
}
