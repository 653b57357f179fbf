/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.Xdr;

/** A client of NSM. No method blocks. */
public final class NsmClient {
  private final RpcCaller rpc;

  /** Makes a client of the status monitor to which {@code rpc} sends calls. */
  public NsmClient(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  public CompletableFuture<NsmStateResult> stat(String hostName) {
    return call(Nsm.STAT, out -> Xdr.writeString(out, hostName), NsmStateResult::decode);
  }

  public CompletableFuture<NsmStateResult> monitor(NsmMonitorArgs args) {
    return call(Nsm.MON, args::encode, NsmStateResult::decode);
  }

  /** Ends monitoring; returns the monitor's state number. */
  public CompletableFuture<Integer> unmonitor(NsmMonitorId id) {
    return call(Nsm.UNMON, id::encode, Xdr::readInt);
  }

  /** Ends all monitoring for a program; returns the monitor's state number. */
  public CompletableFuture<Integer> unmonitorAll(NsmCallback program) {
    return call(Nsm.UNMON_ALL, program::encode, Xdr::readInt);
  }

  public CompletableFuture<Void> simulateCrash() {
    return call(Nsm.SIMU_CRASH, out -> {}, in -> null);
  }

  /** Tells that a host has restarted. */
  public CompletableFuture<Void> notify(NsmStateChange change) {
    return call(Nsm.NOTIFY, change::encode, in -> null);
  }

  /** Tells a monitoring program that a host has restarted, by the call that it asked for. */
  public CompletableFuture<Void> tell(NsmMonitorArgs monitor, NsmStateChange change) {
    NsmCallback program = monitor.id().program();
    return rpc.call(
        program.program(),
        program.version(),
        program.procedure(),
        out -> {
          change.encode(out);
          Xdr.writeFixedOpaque(out, HexFormat.of().parseHex(monitor.privateHex()));
        },
        in -> null);
  }

  private <T> CompletableFuture<T> call(
      int procedure, Consumer<ByteBuf> arguments, Function<ByteBuf, T> results) {
    return rpc.call(Nsm.PROGRAM, Nsm.VERSION, procedure, arguments, results);
  }
}
