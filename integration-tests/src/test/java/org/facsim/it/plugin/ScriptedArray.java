/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * An array that answers what a test wrote down, in that order: for what a real one does only under
 * rare circumstances. The last answer of a procedure is repeated. It starts sessions by itself.
 */
final class ScriptedArray implements RpcProgram, AutoCloseable {
  private static final long SIZE_BYTES = 1000;

  private final RpcServer server;
  private final Map<Integer, Queue<Consumer<RpcCall>>> scripts = new ConcurrentHashMap<>();
  private final Queue<Integer> procedures = new ConcurrentLinkedQueue<>();
  private final Queue<CloneCall> clones = new ConcurrentLinkedQueue<>();
  private long lastSession;

  ScriptedArray() {
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(this));
    on(VaaiNas.PROC_SESSION_END, this::endSession);
    on(VaaiNas.PROC_SESSION_START, this::startSession);
  }

  InetSocketAddress address() {
    return server.address();
  }

  int port() {
    return address().getPort();
  }

  /** Every call that came, by its procedure. */
  List<Integer> procedures() {
    return List.copyOf(procedures);
  }

  List<CloneCall> clones() {
    return List.copyOf(clones);
  }

  /** What the next call of a procedure is answered. */
  ScriptedArray on(int procedure, Consumer<RpcCall> answer) {
    scripts.computeIfAbsent(procedure, key -> new ConcurrentLinkedQueue<>()).add(answer);
    return this;
  }

  static Consumer<RpcCall> answer(VaaiReply<? extends VaaiMessage> reply) {
    return call -> reply.encode(call.reply());
  }

  static Consumer<RpcCall> refuse(VaaiStatus status, String reason) {
    return answer(VaaiReply.failed(status, reason));
  }

  /** Bytes that are no reply of version 1. */
  static Consumer<RpcCall> words(int... words) {
    return call -> {
      ByteBuf out = call.reply();
      for (int word : words) {
        out.writeInt(word);
      }
    };
  }

  static Consumer<RpcCall> job(JobState state, VaaiStatus outcome, long doneBytes) {
    String reason = outcome == VaaiStatus.OK ? "" : "as the script says";
    return answer(
        VaaiReply.ok(
            new CloneJob(7, state, outcome, reason, SIZE_BYTES, doneBytes, 0, 0, Opaque.EMPTY)));
  }

  static Consumer<RpcCall> running(long doneBytes) {
    return job(JobState.RUNNING, VaaiStatus.OK, doneBytes);
  }

  static Consumer<RpcCall> succeeded() {
    return job(JobState.SUCCEEDED, VaaiStatus.OK, SIZE_BYTES);
  }

  private void startSession(RpcCall call) {
    lastSession++;
    SessionLimits limits = new SessionLimits(900, 0, 0, 16, 4096, Long.MAX_VALUE);
    SessionGrant grant =
        new SessionGrant(new SessionId(1, lastSession), Opaque.of(new byte[32]), 10, limits);
    VaaiReply.ok(grant).encode(call.reply());
  }

  private void endSession(RpcCall call) {
    VaaiReply.failed(VaaiStatus.SESSION, "as if by a lost reply").encode(call.reply());
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

  /** One connection at a time, so one thread. */
  @Override
  public synchronized void call(RpcCall call) {
    procedures.add(call.procedure());
    if (call.procedure() == VaaiNas.PROC_CLONE) {
      clones.add(CloneCall.decode(call.arguments()));
    }
    Queue<Consumer<RpcCall>> script = scripts.get(call.procedure());
    if (script == null) {
      call.procedureUnavailable();
      return;
    }
    Consumer<RpcCall> next = script.size() > 1 ? script.poll() : script.element();
    next.accept(call);
  }

  @Override
  public void close() {
    server.close();
  }
}
