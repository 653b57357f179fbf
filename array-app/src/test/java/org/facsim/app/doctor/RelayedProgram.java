/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;

/** One program of an array on a port of its own, answered as a test wants it. */
final class RelayedProgram implements RpcProgram {
  /** What becomes of a call. */
  enum Answer {
    OF_THE_ARRAY,
    LATE,
    NONE,
    NONSENSE
  }

  /** Decides by the number of a call, from 1 on. */
  interface Manners {
    Answer of(int call);
  }

  private static final long LATE_MILLIS = 300;

  private final int number;
  private final int lowestVersion;
  private final int highestVersion;
  private final RpcClient array;
  private final Manners manners;
  private final AtomicInteger calls = new AtomicInteger();

  RelayedProgram(
      int number, int lowestVersion, int highestVersion, RpcClient array, Manners manners) {
    this.number = number;
    this.lowestVersion = lowestVersion;
    this.highestVersion = highestVersion;
    this.array = array;
    this.manners = manners;
  }

  /** Serves this program alone, on a free port. */
  RpcServer serve() {
    return RpcServer.start(
        RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        List.of(this));
  }

  int calls() {
    return calls.get();
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public int lowestVersion() {
    return lowestVersion;
  }

  @Override
  public int highestVersion() {
    return highestVersion;
  }

  @Override
  public void call(RpcCall call) {
    switch (manners.of(calls.incrementAndGet())) {
      case NONE -> call.drop();
      case NONSENSE -> call.reply().writeLong(-1).writeLong(0x7fff_ffff_7fff_ffffL).writeInt(-1);
      case OF_THE_ARRAY -> relay(call, 0);
      case LATE -> relay(call, LATE_MILLIS);
    }
  }

  private void relay(RpcCall call, long delayMillis) {
    byte[] arguments = ByteBufUtil.getBytes(call.arguments());
    int version = call.version();
    int procedure = call.procedure();
    RpcCall.DeferredReply reply = call.defer();
    var unused =
        array
            .call(
                number,
                version,
                procedure,
                out -> out.writeBytes(arguments),
                (ByteBuf in) -> ByteBufUtil.getBytes(in))
            .thenApplyAsync(
                results -> results,
                CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS))
            .whenComplete(
                (results, failure) -> {
                  if (failure == null) {
                    reply.complete(out -> out.writeBytes(results));
                  } else {
                    reply.fail(failure);
                  }
                });
  }
}
