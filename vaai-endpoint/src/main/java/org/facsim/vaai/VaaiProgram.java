/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.offload.Requester;

/** The ONC RPC dialect: the program of {@code vaai_nas.x}. */
public final class VaaiProgram implements RpcProgram {
  private final VaaiOperations operations;

  public VaaiProgram(VaaiOperations operations) {
    this.operations = Objects.requireNonNull(operations);
  }

  @Override
  public int number() {
    return VaaiNas.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return VaaiNas.VERSION;
  }

  @Override
  public int highestVersion() {
    return VaaiNas.VERSION;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure != VaaiNas.PROC_NULL;
  }

  @Override
  public void call(RpcCall call) {
    Requester who = Requesters.of(call);
    switch (call.procedure()) {
      case VaaiNas.PROC_NULL -> call.reply();
      case VaaiNas.PROC_SESSION_START ->
          answer(call, operations.startSession(who, arguments(call, SessionStartCall::decode)));
      case VaaiNas.PROC_SESSION_END ->
          answer(call, operations.endSession(who, arguments(call, SessionEndCall::decode)));
      case VaaiNas.PROC_SUPPORT ->
          answer(call, operations.support(who, arguments(call, SupportCall::decode)));
      case VaaiNas.PROC_CLONE ->
          answer(call, operations.cloneFile(who, arguments(call, CloneCall::decode)));
      case VaaiNas.PROC_CLONE_STATUS ->
          answer(call, operations.cloneStatus(who, arguments(call, JobCall::decode)));
      case VaaiNas.PROC_CLONE_ABORT ->
          answer(call, operations.abortClone(who, arguments(call, JobCall::decode)));
      case VaaiNas.PROC_RESERVE ->
          answer(call, operations.reserveSpace(who, arguments(call, ReserveCall::decode)));
      case VaaiNas.PROC_STATX ->
          answer(call, operations.statistics(who, arguments(call, StatxCall::decode)));
      default -> call.procedureUnavailable();
    }
  }

  /** Decodes the whole of the arguments: bytes left over are as malformed as bytes missing. */
  private static <C> C arguments(RpcCall call, Function<ByteBuf, C> decoder) {
    ByteBuf in = call.arguments();
    C arguments = decoder.apply(in);
    if (in.isReadable()) {
      throw new XdrException(in.readableBytes() + " bytes behind the arguments");
    }
    return arguments;
  }

  private static <T extends VaaiMessage> void answer(
      RpcCall call, CompletableFuture<VaaiReply<T>> answer) {
    if (answer.isDone()) {
      answer.join().encode(call.reply());
      return;
    }
    RpcCall.DeferredReply deferred = call.defer();
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                deferred.complete(reply::encode);
              } else {
                deferred.fail(failure);
              }
            });
  }
}
