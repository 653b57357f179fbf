/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Handles the operating system's refusal to accept a connection, nearly always because the process
 * has no file descriptor left. The server logs one line, closes an idle connection of a client that
 * has several, and tries again a moment later. It goes on serving open connections meanwhile.
 */
@Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final long PAUSE_MILLIS = 100;

  private final ServerContext server;

  AcceptFailures(ServerContext server) {
    this.server = server;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    server
        .log()
        .warn(
            "cannot accept a connection beside the "
                + server.connections().count()
                + " that are open: "
                + cause.getMessage()
                + "; raise the limit of open files if this goes on",
            null);
    server.connections().makeRoom().ifPresent(ServerConnection::leave);
    context.channel().config().setAutoRead(false);
    var unused =
        context
            .executor()
            .schedule(
                () -> context.channel().config().setAutoRead(true),
                PAUSE_MILLIS,
                TimeUnit.MILLISECONDS);
  }
}
