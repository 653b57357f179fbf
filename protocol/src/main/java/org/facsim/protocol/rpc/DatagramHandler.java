/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.LongUnaryOperator;

/**
 * The error ladder of RFC 5531 section 9 for datagrams; the same steps as in {@link
 * ServerConnection}; the tests compare both word by word. Only the socket's loop may use it.
 */
final class DatagramHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private final ServerContext server;
  private final DatagramSockets sockets;
  private final CredentialCodec credentials = new CredentialCodec(false);
  private final KeptBack kept;
  private LongUnaryOperator latestLimit;
  private InetAddress latestClient;
  private ClientCounters latestCounters;

  DatagramHandler(ServerContext server, DatagramSockets sockets) {
    this.server = server;
    this.sockets = sockets;
    this.kept = new KeptBack(server.kept());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    kept.begin(context.executor());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    kept.close();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    kept.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    if (!sockets.isWildcard(context.channel())) {
      serve(context, context.channel(), packet);
      return;
    }
    ChannelFuture answering = sockets.answering(packet.recipient().getAddress());
    packet.retain();
    answering.addListener(
        bound -> {
          try {
            serve(context, bound.isSuccess() ? answering.channel() : context.channel(), packet);
          } finally {
            packet.release();
          }
        });
  }

  /**
   * Serves one datagram.
   *
   * @param answering the socket that the answer leaves from
   */
  private void serve(ChannelHandlerContext context, Channel answering, DatagramPacket packet) {
    ByteBuf in = packet.content();
    InetSocketAddress client = packet.sender();
    int datagramIndex = in.readerIndex();
    int datagramBytes = in.readableBytes();
    if (datagramBytes < RpcMessage.CALL_FIXED_BYTES || client.getPort() == 0) {
      return;
    }
    int xid = in.readInt();
    if (in.readInt() != RpcMessage.CALL) {
      return;
    }
    int rpcVersion = in.readInt();
    DatagramCall call =
        new DatagramCall(
            context,
            answering,
            server,
            kept,
            client,
            xid,
            in.readInt(),
            in.readInt(),
            in.readInt(),
            datagramBytes);
    Arrived arrived = new Arrived(context, call, rpcVersion);
    if (rpcVersion == RpcMessage.RPC_VERSION) {
      call.identify(credentials.read(in));
      arrived.refusal = credentials.refusal();
    }
    TappedCall tapped = server.options().tap().received(call, in, datagramIndex, datagramBytes);
    if (tapped == null) {
      arrived.serve(in);
    } else {
      call.tap(tapped);
      obey(tapped, arrived, in);
    }
  }

  /** What is to become of a call that has arrived, according to whoever hears of it. */
  private void obey(TappedCall tapped, Arrived arrived, ByteBuf in) {
    switch (tapped.fate()) {
      case SERVE, STOP_READING -> arrived.serve(in);
      case NO_ANSWER, CLOSE, RESET -> arrived.call.endTapped();
      case DELAY -> {
        if (hasRoomFor(arrived)) {
          kept.keepFor(new KeptCall(arrived, in), tapped.waitNanos());
        }
      }
      case HOLD -> {
        if (hasRoomFor(arrived)) {
          kept.keepUntilOpen(new KeptCall(arrived, in), tapped);
        }
      }
      case LIMIT -> limit(tapped, arrived, in);
    }
  }

  private void limit(TappedCall tapped, Arrived arrived, ByteBuf in) {
    if (!kept.hasRoom()) {
      arrived.call.endTapped();
      return;
    }
    latestLimit = tapped.limit(latestLimit);
    arrived.call.limit(latestLimit);
    long nanos = latestLimit.applyAsLong(arrived.call.datagramBytes());
    if (nanos > 0) {
      kept.keepFor(new KeptCall(arrived, in), nanos);
    } else {
      arrived.serve(in);
    }
  }

  /** Beyond the bound a datagram is lost, as in a network that is full. */
  private boolean hasRoomFor(Arrived arrived) {
    boolean hasRoom = kept.hasRoom();
    if (!hasRoom) {
      arrived.call.endTapped();
    }
    return hasRoom;
  }

  /** A call whose header is read. */
  private final class Arrived {
    private final ChannelHandlerContext context;
    private final DatagramCall call;
    private final int rpcVersion;

    /** Why its credential cannot be read; null if it can. */
    private AuthStatus refusal;

    Arrived(ChannelHandlerContext context, DatagramCall call, int rpcVersion) {
      this.context = context;
      this.call = call;
      this.rpcVersion = rpcVersion;
    }

    void serve(ByteBuf in) {
      if (rpcVersion != RpcMessage.RPC_VERSION) {
        ByteBuf out = call.newAnswer();
        ReplyHeader.rpcMismatch(out, call.xid());
        call.refuse(out);
      } else if (refusal != null) {
        ByteBuf out = call.newAnswer();
        ReplyHeader.authError(out, call.xid(), refusal);
        call.refuse(out);
      } else {
        dispatch(context, call, in);
      }
    }
  }

  /** A call that is served later, with a copy of its arguments. */
  private static final class KeptCall extends KeptBack.Item {
    private final Arrived arrived;
    private final ByteBuf arguments;

    KeptCall(Arrived arrived, ByteBuf in) {
      super(in.readableBytes());
      this.arrived = arrived;
      this.arguments = in.copy();
    }

    @Override
    void goOn() {
      try {
        arrived.serve(arguments);
      } finally {
        arguments.release();
      }
    }

    @Override
    void drop() {
      arguments.release();
      arrived.call.endTapped();
    }
  }

  private void dispatch(ChannelHandlerContext context, DatagramCall call, ByteBuf in) {
    RpcProgram program = server.programs().find(call.program(), call.version());
    if (program == null) {
      ByteBuf out = call.newAnswer();
      server.refuseUnknown(out, call.xid(), call.program());
      call.refuse(out);
    } else if (server.inFlight().hasRoom()) {
      call.run(program, in, counters(context, call, program));
    } else {
      call.endTapped();
    }
  }

  private ProcedureCounters counters(
      ChannelHandlerContext context, DatagramCall call, RpcProgram program) {
    InetAddress client = call.client().getAddress();
    if (!client.equals(latestClient)) {
      latestClient = client;
      latestCounters = server.statistics().of(context.executor(), client);
    }
    return latestCounters.of(program, call.version(), call.procedure());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A failure concerns one datagram and no other; an unreachable client, for example, is reported
    // here.
    server.log().warn("UDP " + context.channel().localAddress(), cause);
    FatalErrors.report(cause);
  }
}
