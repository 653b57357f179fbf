/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.array.ArrayException;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.explain.CallSize;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.session.CloneRequest;
import org.facsim.services.offload.session.ReserveRequest;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.offload.session.SessionId;
import org.facsim.services.offload.session.UnmapRequest;

/** The ONC RPC dialect: the program of {@code vaai_nas.x}, translated call by call. */
public final class VaaiProgram implements RpcProgram {
  private final SessionCalls sessions;

  public VaaiProgram(SessionCalls sessions) {
    this.sessions = Objects.requireNonNull(sessions);
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
    return VaaiNas.VERSION_2;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure != VaaiNas.PROC_NULL;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case VaaiNas.PROC_NULL -> nothing(call);
      case VaaiNas.PROC_SESSION_START -> startSession(call);
      case VaaiNas.PROC_SESSION_END -> endSession(call);
      case VaaiNas.PROC_SUPPORT -> support(call);
      case VaaiNas.PROC_CLONE -> cloneFile(call);
      case VaaiNas.PROC_CLONE_STATUS -> cloneStatus(call);
      case VaaiNas.PROC_CLONE_ABORT -> abortClone(call);
      case VaaiNas.PROC_RESERVE -> reserve(call);
      case VaaiNas.PROC_STATX -> statistics(call);
      default -> ofVersion2(call);
    }
  }

  private void ofVersion2(RpcCall call) {
    if (call.version() < VaaiNas.VERSION_2) {
      call.procedureUnavailable();
      return;
    }
    switch (call.procedure()) {
      case VaaiNas.PROC_UNMAP_GRANULARITY -> unmapGranularity(call);
      case VaaiNas.PROC_UNMAP -> unmap(call);
      default -> call.procedureUnavailable();
    }
  }

  private static void nothing(RpcCall call) {
    CallRecord record = CallRecord.of(call.attachment());
    try {
      if (record != null) {
        record.operation(null, null, Requesters.of(call).claimed().orElse(null));
      }
      call.reply();
    } catch (ArrayException refused) {
      call.systemError(); // the protocol has no status for this
    }
  }

  private void startSession(RpcCall call) {
    SessionStartCall start = arguments(call, SessionStartCall::decode);
    int served =
        call.version() < VaaiNas.VERSION_2 ? VaaiNas.PROTOCOL_VERSION : VaaiNas.PROTOCOL_VERSION_2;
    if (start.protocolVersion() != served) {
      OffloadFailure refused =
          new OffloadFailure(
              OffloadError.VERSION_NOT_SERVED,
              "protocol version " + start.protocolVersion() + ", served: " + served);
      VaaiAnswers.refused(refused).encode(call.reply());
      return;
    }
    answer(
        call,
        sessions.startSession(Requesters.of(call), VaaiRequests.startOf(start)),
        VaaiAnswers::grantOf);
  }

  private void endSession(RpcCall call) {
    SessionId session = VaaiRequests.sessionOf(arguments(call, SessionEndCall::decode).session());
    answer(call, sessions.endSession(Requesters.of(call), session), ended -> new SessionEnded());
  }

  /**
   * A primitive of a later version is not supported, even if the export's rules refuse the host.
   */
  private void support(RpcCall call) {
    SupportCall asked = arguments(call, SupportCall::decode);
    SessionId session = VaaiRequests.sessionOf(asked.session());
    Optional<VaaiPrimitive> primitive =
        VaaiPrimitive.ofCode(asked.primitiveCode())
            .filter(known -> known.sinceVersion() <= call.version());
    if (primitive.isPresent()) {
      answer(
          call,
          sessions.support(Requesters.of(call), session, VaaiRequests.primitiveOf(primitive.get())),
          VaaiAnswers::supportOf);
    } else {
      Support unknown = Support.no("primitive " + asked.primitiveCode() + " is unknown");
      answer(
          call,
          sessions.renew(Requesters.of(call), session),
          renewed -> VaaiAnswers.supportOf(unknown));
    }
  }

  private void cloneFile(RpcCall call) {
    Requester requester = Requesters.sized(call);
    CloneRequest request = VaaiRequests.cloneOf(arguments(call, CloneCall::decode));
    answer(call, requester.size(), sessions.cloneFile(requester, request), VaaiAnswers::jobOf);
  }

  /**
   * A fault has decided about a CLONE when it arrived.
   *
   * @param arguments of the call; malformed ones are nobody's clone
   * @param words which fault, and what it did
   * @param isKeptBack whether the call may still come here
   */
  public void notExecuted(
      Requester requester, ByteBuf arguments, String words, boolean isKeptBack) {
    sessions.notExecuted(
        requester, VaaiRequests.cloneOf(CloneCall.decode(arguments)), words, isKeptBack);
  }

  private void cloneStatus(RpcCall call) {
    JobCall job = arguments(call, JobCall::decode);
    SessionId session = VaaiRequests.sessionOf(job.session());
    answer(
        call, sessions.cloneStatus(Requesters.of(call), session, job.jobId()), VaaiAnswers::jobOf);
  }

  private void abortClone(RpcCall call) {
    JobCall job = arguments(call, JobCall::decode);
    SessionId session = VaaiRequests.sessionOf(job.session());
    answer(
        call, sessions.abortClone(Requesters.of(call), session, job.jobId()), VaaiAnswers::jobOf);
  }

  private void reserve(RpcCall call) {
    ReserveRequest request = VaaiRequests.reserveOf(arguments(call, ReserveCall::decode));
    answer(call, sessions.reserveSpace(Requesters.of(call), request), VaaiAnswers::reservedOf);
  }

  private void unmapGranularity(RpcCall call) {
    UnmapGranularityCall asked = arguments(call, UnmapGranularityCall::decode);
    SessionId session = VaaiRequests.sessionOf(asked.session());
    answer(
        call,
        sessions.unmapGranularity(Requesters.of(call), session, VaaiRequests.fileOf(asked)),
        VaaiAnswers::granularityOf);
  }

  private void unmap(RpcCall call) {
    UnmapRequest request = VaaiRequests.unmapOf(arguments(call, UnmapCall::decode));
    answer(call, sessions.unmap(Requesters.of(call), request), VaaiAnswers::unmappedOf);
  }

  private void statistics(RpcCall call) {
    StatxCall asked = arguments(call, StatxCall::decode);
    SessionId session = VaaiRequests.sessionOf(asked.session());
    answer(
        call,
        sessions.extendedStatistics(Requesters.of(call), session, VaaiRequests.fileOf(asked)),
        VaaiAnswers::statisticsOf);
  }

  /**
   * Decodes all of the arguments. If bytes are left over, the call is malformed, as if bytes were
   * missing.
   */
  private static <C> C arguments(RpcCall call, Function<ByteBuf, C> decoder) {
    ByteBuf in = call.arguments();
    C arguments = decoder.apply(in);
    if (in.isReadable()) {
      throw new XdrException(in.readableBytes() + " bytes behind the arguments");
    }
    return arguments;
  }

  private static <T, M extends VaaiMessage> void answer(
      RpcCall call, CompletableFuture<T> outcome, Function<T, M> translation) {
    answer(call, null, outcome, translation);
  }

  /**
   * Answers now, or when the outcome is known.
   *
   * @param size counts the bytes of the results; null if nothing counts them
   */
  private static <T, M extends VaaiMessage> void answer(
      RpcCall call, CallSize size, CompletableFuture<T> outcome, Function<T, M> translation) {
    CompletableFuture<VaaiReply<M>> answer =
        outcome.handle((value, failure) -> VaaiAnswers.replyOf(value, failure, translation));
    if (answer.isDone()) {
      encode(answer.join(), call.reply(), size);
      return;
    }
    RpcCall.DeferredReply deferred = call.defer();
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                deferred.complete(out -> encode(reply, out, size));
              } else {
                deferred.fail(
                    failure.getCause()); // the answer only ever fails with a wrapped failure
              }
            });
  }

  private static void encode(VaaiReply<?> reply, ByteBuf out, CallSize size) {
    int start = out.writerIndex();
    reply.encode(out);
    if (size != null) {
      size.answered(out.writerIndex() - start);
    }
  }
}
