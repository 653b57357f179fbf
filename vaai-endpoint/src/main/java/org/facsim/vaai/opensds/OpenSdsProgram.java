/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.explain.CallSize;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Requester;
import org.facsim.vaai.Requesters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One more procedure of NFSv3: number {@value OpenSds#PROCEDURE}. It serves nothing else. A {@link
 * org.facsim.protocol.rpc.ProcedureRouter} gives it the calls of its procedure, so that calls of
 * NFS do not pass it.
 *
 * <p>A call is a clone, a reservation or a question. A call that is not a structure of version 1
 * with a known command is answered with a status, like everything else that fails, and changes
 * nothing. On a volume whose profile does not serve the dialect, there is no procedure 22.
 *
 * <p>A duplicate request cache in front of this program must remember {@link OpenSds#PROCEDURE}, so
 * that a retransmitted call is not executed twice. {@link CloneRetransmissions} ensures this for
 * clones, however busy the cache is.
 */
public final class OpenSdsProgram implements RpcProgram {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSdsProgram.class);

  private final OpenSdsCommands commands;

  public OpenSdsProgram(OpenSdsCommands commands) {
    this.commands = Objects.requireNonNull(commands);
  }

  @Override
  public int number() {
    return Nfs3.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure == OpenSds.PROCEDURE;
  }

  @Override
  public void call(RpcCall call) {
    if (call.procedure() == OpenSds.PROCEDURE) {
      serve(call);
    } else {
      call.procedureUnavailable();
    }
  }

  private void serve(RpcCall call) {
    Requester requester = Requesters.sized(call);
    OpenSdsCall arguments = arguments(call);
    OpenSdsCommands.Aim aim = commands.aim(arguments, requester);
    Optional<OpenSdsRequest> request = OpenSdsRequest.parse(arguments.request());
    if (!commands.areServed(aim)) {
      tellNotServed(aim, arguments, request, requester);
      call.procedureUnavailable();
      return;
    }
    if (request.isEmpty()) {
      OpenSdsReply.failed(Nfs3Status.INVAL, 0, OpenSdsResult.OK).encode(call.reply());
      return;
    }
    int code = request.get().commandCode();
    Optional<OpenSdsCommand> command = OpenSdsCommand.ofCode(code);
    if (request.get().version() != OpenSds.VERSION || command.isEmpty()) {
      OpenSdsReply.failed(Nfs3Status.NOTSUPP, code, OpenSdsResult.OK).encode(call.reply());
      return;
    }
    try {
      answer(
          call,
          requester.size(),
          code,
          commands.run(
              command.get(),
              aim,
              arguments,
              request.get(),
              requester,
              new OpenSdsCommands.Transmission(call.xid(), call.origin())));
    } catch (RuntimeException refused) {
      OpenSdsFailures.replyOf(refused, code).encode(call.reply());
    }
  }

  /**
   * A fault has decided about a clone when its call arrived.
   *
   * @param arguments of the call; malformed ones are nobody's clone
   * @param xid and origin of the call
   * @param words which fault, and what it did
   * @param isKeptBack whether the call may still come here
   */
  public void notExecuted(
      Requester requester,
      ByteBuf arguments,
      int xid,
      CallOrigin origin,
      String words,
      boolean isKeptBack) {
    OpenSdsCall call = OpenSdsCall.decode(arguments);
    OpenSdsRequest.parse(call.request())
        .ifPresent(
            request ->
                commands.notExecuted(
                    commands.aim(call, requester),
                    call,
                    request,
                    requester,
                    new OpenSdsCommands.Transmission(xid, origin),
                    words,
                    isKeptBack));
  }

  private void tellNotServed(
      OpenSdsCommands.Aim aim,
      OpenSdsCall arguments,
      Optional<OpenSdsRequest> request,
      Requester requester) {
    boolean isClone =
        request
            .flatMap(asked -> OpenSdsCommand.ofCode(asked.commandCode()))
            .filter(OpenSdsCommand.CLONE::equals)
            .isPresent();
    if (isClone) {
      try {
        commands.notServed(aim, arguments, request.get(), requester);
      } catch (OffloadFailure malformed) {
        LOG.debug("a clone that is not served is malformed, too", malformed);
      }
    }
  }

  /**
   * Decodes all of the arguments. If bytes are left over, the call is malformed, as if bytes were
   * missing.
   */
  private static OpenSdsCall arguments(RpcCall call) {
    ByteBuf in = call.arguments();
    OpenSdsCall arguments = OpenSdsCall.decode(in);
    if (in.isReadable()) {
      throw new XdrException(in.readableBytes() + " bytes behind the arguments");
    }
    return arguments;
  }

  private static void answer(
      RpcCall call, CallSize size, int code, CompletableFuture<OpenSdsReply> answer) {
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      encode(answer.join(), call.reply(), size);
      return;
    }
    RpcCall.DeferredReply deferred = call.defer();
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              OpenSdsReply told;
              try {
                told = failure == null ? reply : OpenSdsFailures.replyOf(failure, code);
              } catch (LinkDecision overruled) {
                deferred.fail(overruled);
                return;
              }
              deferred.complete(out -> encode(told, out, size));
            });
  }

  private static void encode(OpenSdsReply reply, ByteBuf out, CallSize size) {
    int start = out.writerIndex();
    reply.encode(out);
    size.answered(out.writerIndex() - start);
  }
}
