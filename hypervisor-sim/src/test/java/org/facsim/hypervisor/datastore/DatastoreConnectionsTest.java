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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host's mount while its server goes away and comes back; time passes when the test says so. */
class DatastoreConnectionsTest {
  private static final int GETATTR = 1;
  private static final int WRITE = 7;
  private static final int CREATE = 8;

  private final SteppedTime time = new SteppedTime();
  private final DatastoreHealth health =
      new DatastoreHealth(time, new AdvancedSettings(), this::became);
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
    connections = open(2);
  }

  @AfterEach
  void close() {
    connections.close();
    server.close();
  }

  private final List<PathState> states = new CopyOnWriteArrayList<>();

  private void became(PathState state, PathState before) {
    states.add(state);
    if (state == PathState.ALL_PATHS_DOWN_TIMEOUT) {
      connections.giveUpCallsOfHost();
    }
  }

  private CompletableFuture<Integer> getattr() {
    return connections
        .ofHost()
        .call(Nfs3.PROGRAM, 3, GETATTR, out -> out.writeInt(5), ByteBuf::readInt);
  }

  private CompletableFuture<Integer> write(RpcCaller caller) {
    ByteBuf data = Unpooled.directBuffer().writeInt(0x01010101);
    return caller.call(Nfs3.PROGRAM, 3, WRITE, out -> out.writeInt(5), data, ByteBuf::readInt);
  }

  private static int resultOf(CompletableFuture<Integer> call) throws Exception {
    return call.get(30, TimeUnit.SECONDS);
  }

  /** Long enough for anything to be sent again. */
  private void aRetryPasses() {
    time.advance(Duration.ofSeconds(2));
  }

  @Test
  void callsUnderWayOutliveARestartOfTheServer() throws Exception {
    assertThat(resultOf(getattr())).isEqualTo(5);
    int port = server.address().getPort();
    server.close();
    CompletableFuture<Integer> write = write(connections.ofVirtualMachines());
    CompletableFuture<Integer> getattr = getattr();
    aRetryPasses();
    assertThat(write).isNotDone();
    assertThat(getattr).isNotDone();
    server = serve(port);
    aRetryPasses();
    assertThat(resultOf(write)).isEqualTo(5 + 4 + 4);
    assertThat(resultOf(getattr)).isEqualTo(5);
    assertThat(health.state()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(states).isEmpty();
  }

  @Test
  void silentFor150SecondsIsAllPathsDownAndThenRecovery() throws Exception {
    int port = server.address().getPort();
    server.close();
    CompletableFuture<Integer> getattr = getattr();
    time.advance(Duration.ofSeconds(124));
    assertThat(health.state()).isEqualTo(PathState.ACCESSIBLE);
    time.advance(Duration.ofSeconds(26));
    assertThat(health.state()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(getattr).as("the APD timer still runs").isNotDone();

    server = serve(port);
    aRetryPasses();
    assertThat(resultOf(getattr)).isEqualTo(5);
    assertThat(health.state()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(states).containsExactly(PathState.ALL_PATHS_DOWN, PathState.ACCESSIBLE);
  }

  @Test
  void whenTheTimerHasRunOutVmsAreTriedForAndEverythingElseFailsAtOnce() throws Exception {
    int port = server.address().getPort();
    server.close();
    CompletableFuture<Integer> early = getattr();
    CompletableFuture<Integer> ofHost = write(connections.ofHost());
    CompletableFuture<Integer> ofVm = write(connections.ofVirtualMachines());
    time.advance(Duration.ofSeconds(264));
    assertThat(health.state()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(early).isNotDone();
    aRetryPasses();
    assertThat(health.state()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);

    assertAllPathsDown(early);
    assertAllPathsDown(ofHost);
    CompletableFuture<Integer> late = getattr();
    assertThat(late).isCompletedExceptionally();
    assertAllPathsDown(late);
    assertAllPathsDown(write(connections.ofHost()));
    time.advance(Duration.ofMinutes(5));
    assertThat(ofVm).isNotDone();

    server = serve(port);
    aRetryPasses();
    assertThat(resultOf(ofVm)).isEqualTo(5 + 4 + 4);
    assertThat(health.state()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(resultOf(getattr())).isEqualTo(5);
  }

  /** A server that accepts calls and says nothing, such as one whose window is zero. */
  @Test
  void callsRunOutByTheTimeOfTheHost() throws Exception {
    server.close();
    AtomicInteger toLose = new AtomicInteger(Integer.MAX_VALUE);
    server = FreePorts.attempt(free -> serve(free, new LosingAnswers(program, GETATTR, toLose)));
    connections.close();
    connections = open(1);
    CompletableFuture<Integer> getattr = getattr();
    time.advance(Duration.ofSeconds(29));
    assertThat(program.calls).hasValue(1);
    time.advance(Duration.ofSeconds(2)); // sent again
    toLose.set(0);
    time.advance(Duration.ofSeconds(32));
    assertThat(resultOf(getattr)).isEqualTo(5);
    assertThat(program.calls.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void callsOfAConnectionThatIsTakenAwayGoOnOverTheOthers() throws Exception {
    server.close();
    AtomicInteger toLose = new AtomicInteger(Integer.MAX_VALUE);
    server = FreePorts.attempt(free -> serve(free, new LosingAnswers(program, WRITE, toLose)));
    connections.close();
    connections = open(4);
    List<CompletableFuture<Integer>> writes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      writes.add(write(connections.ofHost()));
    }
    time.advance(Duration.ZERO);
    assertThat(program.calls).hasValue(8);
    toLose.set(0);
    connections.setCount(1);
    assertThat(connections.count()).isEqualTo(1);
    awaitDone(writes, 6);
    time.advance(Duration.ofSeconds(1));
    assertThat(writes.stream().filter(CompletableFuture::isDone)).hasSize(6);
    assertThat(writes).noneMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(program.calls).as("those on the connection that stays wait").hasValue(8 + 6);
    connections.setCount(3);
    assertThat(resultOf(write(connections.ofHost()))).isEqualTo(5 + 4 + 4);
    assertThat(states).isEmpty();
  }

  private static void awaitDone(List<CompletableFuture<Integer>> calls, int count)
      throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (calls.stream().filter(CompletableFuture::isDone).count() < count
        && System.nanoTime() - endNanos < 0) {
      Thread.sleep(5);
    }
  }

  private DatastoreConnections open(int count) {
    DatastoreConnections opened =
        DatastoreConnections.to(
            List.of(server.address()),
            RpcClientOptions.defaults(),
            time,
            health,
            MountedNfs3.manners());
    opened.setCount(count);
    return opened;
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
    connections = open(1);
    CompletableFuture<Integer> create = create();
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (program.creates.get() == 0 && System.nanoTime() < deadlineNanos) {
      Thread.onSpinWait();
    }
    server.close(); // the second transmission comes from another port
    server = serve(port, remembering);
    time.advance(Duration.ofSeconds(35)); // the answer to the second is lost, too
    assertThat(resultOf(create)).isEqualTo(9);
    assertThat(program.creates).hasValue(1);
    // calls of one content are still two calls
    assertThat(resultOf(create())).isEqualTo(9);
    assertThat(program.creates).hasValue(2);
  }

  private CompletableFuture<Integer> create() {
    return connections
        .ofHost()
        .call(Nfs3.PROGRAM, 3, CREATE, out -> out.writeInt(9), ByteBuf::readInt);
  }

  @Test
  void aClosedMountWaitsForNobody() {
    server.close();
    CompletableFuture<Integer> write = write(connections.ofVirtualMachines());
    connections.close();
    assertThat(write).failsWithin(10, TimeUnit.SECONDS);
  }
}
