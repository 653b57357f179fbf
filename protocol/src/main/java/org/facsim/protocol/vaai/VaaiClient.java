/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;

/**
 * The calls of {@code vaai_nas.x} over one RPC connection. Thread-safe; any number of calls may be
 * under way. Each call is made in the lowest version of the program that has it, so that an array
 * which serves version 1 only is asked for everything that it has.
 *
 * <p>A future completes with the array's answer, good or bad, as {@link VaaiReply}. It fails only
 * if there is no answer: the transport's failure, or a reply that is not valid XDR.
 */
public final class VaaiClient {
  private final RpcCaller rpc;

  /** Makes a client on a connection, which its owner opens and closes. */
  public VaaiClient(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  /** Does nothing; shows that the program is served. */
  public CompletableFuture<Void> ping() {
    return rpc.call(VaaiNas.PROGRAM, VaaiNas.VERSION, VaaiNas.PROC_NULL, out -> {}, in -> null);
  }

  public CompletableFuture<VaaiReply<SessionGrant>> startSession(SessionStartCall call) {
    return call(VaaiNas.PROC_SESSION_START, call, SessionGrant::decode);
  }

  public CompletableFuture<VaaiReply<SessionEnded>> endSession(SessionEndCall call) {
    return call(VaaiNas.PROC_SESSION_END, call, SessionEnded::decode);
  }

  public CompletableFuture<VaaiReply<SupportAnswer>> support(SupportCall call) {
    int version =
        VaaiPrimitive.ofCode(call.primitiveCode())
            .map(VaaiPrimitive::sinceVersion)
            .orElse(VaaiNas.VERSION);
    return call(version, VaaiNas.PROC_SUPPORT, call, SupportAnswer::decode);
  }

  public CompletableFuture<VaaiReply<CloneJob>> cloneFile(CloneCall call) {
    return call(VaaiNas.PROC_CLONE, call, CloneJob::decode);
  }

  public CompletableFuture<VaaiReply<CloneJob>> cloneStatus(JobCall call) {
    return call(VaaiNas.PROC_CLONE_STATUS, call, CloneJob::decode);
  }

  public CompletableFuture<VaaiReply<CloneJob>> abortClone(JobCall call) {
    return call(VaaiNas.PROC_CLONE_ABORT, call, CloneJob::decode);
  }

  public CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(ReserveCall call) {
    return call(VaaiNas.PROC_RESERVE, call, ReservedSpace::decode);
  }

  public CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(StatxCall call) {
    return call(VaaiNas.PROC_STATX, call, ExtendedStatistics::decode);
  }

  /** In version 2; an array that serves version 1 only refuses it with PROG_MISMATCH. */
  public CompletableFuture<VaaiReply<UnmapGranularity>> unmapGranularity(
      UnmapGranularityCall call) {
    return call(VaaiNas.VERSION_2, VaaiNas.PROC_UNMAP_GRANULARITY, call, UnmapGranularity::decode);
  }

  /** In version 2, as {@link #unmapGranularity}. */
  public CompletableFuture<VaaiReply<UnmappedSpace>> unmap(UnmapCall call) {
    return call(VaaiNas.VERSION_2, VaaiNas.PROC_UNMAP, call, UnmappedSpace::decode);
  }

  private <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> call(
      int procedure, VaaiMessage arguments, Function<ByteBuf, T> valueDecoder) {
    return call(VaaiNas.VERSION, procedure, arguments, valueDecoder);
  }

  private <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> call(
      int version, int procedure, VaaiMessage arguments, Function<ByteBuf, T> valueDecoder) {
    return rpc.call(
        VaaiNas.PROGRAM,
        version,
        procedure,
        arguments::encode,
        in -> VaaiReply.decode(in, valueDecoder));
  }
}
