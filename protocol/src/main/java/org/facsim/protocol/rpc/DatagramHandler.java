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

/**
 * The error ladder of RFC 5531 section 9 for datagrams; the same steps as in {@link
 * ServerConnection}; the tests compare both word by word. Only the socket's loop may use it.
 */
final class DatagramHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private final ServerContext server;
  private final DatagramSockets sockets;
  private final CredentialCodec credentials = new CredentialCodec();
  private InetAddress latestClient;
  private ClientCounters latestCounters;

  DatagramHandler(ServerContext server, DatagramSockets sockets) {
    this.server = server;
    this.sockets = sockets;
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
            client,
            xid,
            in.readInt(),
            in.readInt(),
            in.readInt(),
            datagramBytes);
    TappedCall tapped = server.options().tap().received(call, in, datagramIndex, datagramBytes);
    if (tapped != null) {
      call.tap(tapped);
      if (tapped.fate() != CallFate.PASS) {
        call.endTapped();
        return;
      }
    }
    if (rpcVersion != RpcMessage.RPC_VERSION) {
      ByteBuf out = call.newAnswer();
      ReplyHeader.rpcMismatch(out, xid);
      call.refuse(out);
    } else {
      dispatch(context, call, in);
    }
  }

  private void dispatch(ChannelHandlerContext context, DatagramCall call, ByteBuf in) {
    Credential credential = credentials.read(in);
    if (credential == null) {
      ByteBuf out = call.newAnswer();
      ReplyHeader.authError(out, call.xid(), credentials.refusal());
      call.refuse(out);
      return;
    }
    RpcProgram program = server.programs().find(call.program(), call.version());
    if (program == null) {
      ByteBuf out = call.newAnswer();
      server.refuseUnknown(out, call.xid(), call.program());
      call.refuse(out);
    } else if (server.inFlight().hasRoom()) {
      call.run(program, credential, in, counters(context, call, program));
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
