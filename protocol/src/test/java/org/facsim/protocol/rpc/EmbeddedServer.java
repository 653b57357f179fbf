/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The server's end of one connection without a socket: bytes in, bytes out, on the caller's thread.
 * For tests that send millions of messages. Public for the tests of other modules.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final EmbeddedChannel channel;
  private final ServerContext context;

  public EmbeddedServer(List<RpcProgram> programs) {
    RpcServerOptions options =
        RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    context = ServerContext.of(options, programs, LoggerFactory.getLogger(EmbeddedServer.class));
    channel = new Peer(new ServerConnection(context));
  }

  /** An embedded channel whose ends have addresses as a socket's have. */
  private static final class Peer extends EmbeddedChannel {
    Peer(ServerConnection connection) {
      super(connection);
    }

    @Override
    protected SocketAddress localAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 700);
    }
  }

  /** Hands over what a read of the socket would bring; copied. */
  public void receive(byte[] bytes, int offset, int lengthBytes) {
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, offset, lengthBytes));
    }
  }

  /** Whether the server has not ended the connection. */
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** All that was sent since the last time. */
  public byte[] sent() {
    channel.runPendingTasks();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      all.writeBytes(bytes);
      part.release();
    }
    return all.toByteArray();
  }

  /**
   * Sends one record and waits for the answer to it.
   *
   * @param record without its mark
   * @return the answer without its mark; null if the server ended the connection instead
   */
  public ByteBuf exchange(ByteBuf record) {
    byte[] bytes = new byte[4 + record.readableBytes()];
    ByteBuf marked = Unpooled.wrappedBuffer(bytes);
    marked.setInt(0, 0x8000_0000 | record.readableBytes());
    record.getBytes(record.readerIndex(), bytes, 4, record.readableBytes());
    receive(bytes, 0, bytes.length);
    byte[] sent = sent();
    long start = System.nanoTime();
    while (sent.length == 0 && channel.isOpen()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("no answer");
      }
      Thread.onSpinWait();
      sent = sent();
    }
    if (sent.length == 0) {
      return null;
    }
    ByteBuf answer = Unpooled.wrappedBuffer(sent);
    int mark = answer.readInt();
    if (mark != (0x8000_0000 | answer.readableBytes())) {
      throw new AssertionError("not one whole record: " + Integer.toHexString(mark));
    }
    return answer;
  }

  /**
   * A call as a record without its mark.
   *
   * @param uid of AUTH_SYS, the group is the same; negative for AUTH_NONE
   */
  public static ByteBuf call(
      int xid, int program, int version, int procedure, long uid, Consumer<ByteBuf> arguments) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(xid).writeInt(RpcMessage.CALL).writeInt(RpcMessage.RPC_VERSION);
    out.writeInt(program).writeInt(version).writeInt(procedure);
    CredentialCodec.write(
        out, uid < 0 ? new Credential.None() : new Credential.Sys(0, "host", uid, uid, List.of()));
    arguments.accept(out);
    return out;
  }

  /**
   * Reads the head of an answer, up to the results.
   *
   * @return the accept status of RFC 5531, 0 = SUCCESS; -1 if the call was denied
   */
  public static int acceptStatus(ByteBuf answer) {
    answer.skipBytes(8);
    if (answer.readInt() != RpcMessage.MSG_ACCEPTED) {
      return -1;
    }
    answer.skipBytes(8);
    return answer.readInt();
  }

  /** Ends the connection; everything it held must be given back. */
  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    channel.finishAndReleaseAll();
    if (context.inFlight().requests() != 0
        || context.inFlight().bytes() != 0
        || context.kept().requests() != 0
        || context.kept().bytes() != 0
        || context.memory().bytes() != 0) {
      throw new AssertionError("a closed connection has something in flight");
    }
  }
}
