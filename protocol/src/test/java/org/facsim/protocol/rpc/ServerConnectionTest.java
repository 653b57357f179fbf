/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection's end at chosen moments: without a socket, on this thread. */
class ServerConnectionTest {
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);

  /** A channel whose socket takes nothing when told so, and that says when it is looked at. */
  private static final class Peer extends EmbeddedChannel {
    private boolean takesNothing;
    private Runnable looked = () -> {};

    Peer(ServerConnection connection) {
      super(connection);
    }

    @Override
    public boolean isWritable() {
      if (looked != null) { // null while the superclass is made
        looked.run();
      }
      return super.isWritable();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
      if (!takesNothing) {
        super.doWrite(in);
      }
    }

    @Override
    protected SocketAddress localAddress0() {
      return HERE;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 700);
    }

    void receive(byte[] bytes) {
      writeInbound(Unpooled.copiedBuffer(bytes));
    }

    /** The xids of whole replies that were sent since the last time. */
    List<Integer> repliesSent() {
      runPendingTasks();
      ByteBuf all = Unpooled.buffer();
      for (ByteBuf part = readOutbound(); part != null; part = readOutbound()) {
        all.writeBytes(part);
        part.release();
      }
      List<Integer> xids = new ArrayList<>();
      while (all.isReadable()) {
        int bytes = all.readInt() & Integer.MAX_VALUE;
        xids.add(all.getInt(all.readerIndex()));
        all.skipBytes(bytes);
      }
      return xids;
    }
  }

  private final ByteBuf source = Unpooled.wrappedBuffer(new byte[EchoProgram.MAX_DATA_BYTES]);
  private final EchoProgram program = new EchoProgram(source);
  private final RecordingLogger log = new RecordingLogger();
  private ServerContext context;
  private ServerConnection connection;
  private Peer peer;

  private void open(UnaryOperator<RpcServerOptions> change) {
    context =
        ServerContext.of(change.apply(RpcServerOptions.listeningOn(HERE)), List.of(program), log);
    connection = new ServerConnection(context);
    peer = new Peer(connection);
  }

  @AfterEach
  void closeAndFindNothingHeld() {
    program.deferred.forEach(call -> call.arguments().release());
    var unused = peer.close();
    peer.finishAndReleaseAll();
    assertThat(context.inFlight().requests()).isZero();
    assertThat(context.inFlight().bytes()).isZero();
    assertThat(context.memory().bytes()).isZero();
  }

  private static byte[] call(int xid, int procedure, int... words) {
    return RawConnection.call(
        xid,
        procedure,
        out -> {
          for (int word : words) {
            out.writeInt(word);
          }
        });
  }

  private static byte[] join(byte[]... all) {
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(all));
  }

  /**
   * The other connections give back what they hold at any of the moments at which this one looks
   * whether it may go on: it always does.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void roomThatIsMadeWhileItPausesIsNotMissed(int look) {
    open(options -> options.withTotalLimits(2, 1 << 20).withMaxConnections(1 << 20));
    context.inFlight().take(1, 0);
    int[] looks = {0};
    peer.looked =
        () -> {
          if (!program.deferred.isEmpty() && ++looks[0] == look) {
            context.inFlight().giveBack(1, 0);
          }
        };
    peer.receive(join(call(1, EchoProgram.DEFER), call(2, EchoProgram.NULL)));
    if (looks[0] < look) {
      looks[0] = look;
      context.inFlight().giveBack(1, 0);
    }
    assertThat(peer.repliesSent()).containsExactly(2);
    assertThat(peer.config().isAutoRead()).isTrue();
  }

  @Test
  void whoHasShutDownItsSideGetsAllRepliesAlsoIfTheyAreMovedMeanwhile() {
    open(options -> options);
    peer.takesNothing = true;
    peer.receive(join(call(1, EchoProgram.SOURCE, 15_000), call(2, EchoProgram.SOURCE, 15_000)));
    peer.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    connection.askToRelieve();
    peer.runPendingTasks();
    peer.takesNothing = false;
    peer.flush();
    assertThat(peer.repliesSent()).containsExactly(1, 2);
    assertThat(peer.isOpen()).isFalse();
  }

  /** As when a log or a reply needs direct memory that is not there. */
  @Test
  void theEndOfDirectMemoryInALaterAnswerCostsTheConnectionAndNothingMore() {
    open(options -> options);
    peer.receive(join(call(1, EchoProgram.DEFER), call(2, EchoProgram.DEFER)));
    int[] lines = {0};
    log.hook =
        () -> {
          if (lines[0]++ == 0) {
            throw new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory");
          }
        };
    program.deferred.peek().reply().fail(new IllegalStateException("on purpose"));
    peer.runPendingTasks();
    assertThat(peer.isOpen()).isFalse();
    assertThat(context.inFlight().requests()).isZero();
    assertThat(log.lines).anyMatch(line -> line.contains("-XX:MaxDirectMemorySize"));
  }

  @Test
  void anAnswerThatFindsNoMemoryGivesBackWhatItHolds() {
    open(options -> options);
    peer.receive(call(1, EchoProgram.DEFER));
    int[] discarded = {0};
    BufferStash.current().give(new NoMemory());
    program
        .deferred
        .peek()
        .reply()
        .complete(
            new RpcCall.ReplyEncoder() {
              @Override
              public void encode(ByteBuf out) {
                throw new AssertionError("there is nothing to encode into");
              }

              @Override
              public void discard() {
                discarded[0]++;
              }
            });
    peer.runPendingTasks();
    assertThat(discarded[0]).isEqualTo(1);
    assertThat(peer.isOpen()).isFalse();
  }

  /** A buffer for replies that cannot be had, once. */
  private static final class NoMemory extends UnpooledHeapByteBuf {
    NoMemory() {
      super(UnpooledByteBufAllocator.DEFAULT, SendBatch.SMALL_BYTES, SendBatch.SMALL_BYTES);
    }

    @Override
    public ByteBuf clear() {
      release();
      throw new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory");
    }
  }
}
