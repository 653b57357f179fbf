/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcClient;

/**
 * A call that is sent until it is answered, each time with the same xid. If the reply to a CREATE
 * GUARDED was lost, a server with a duplicate request cache therefore gives the same answer again.
 * Known flaw: a server that restarted in between has forgotten the call, and answers that the file
 * exists.
 */
final class HardCall<T> {
  final CompletableFuture<T> answer = new CompletableFuture<>();

  /** Whether a guest waits for it; such a call is never given up. */
  final boolean ofVm;

  final int program;
  final int procedure;
  private final int xid;
  private final int version;
  private final Consumer<ByteBuf> arguments;
  private final ByteBuf payload;
  private final Function<ByteBuf, T> results;

  /** The connection that it is sent on. */
  volatile LastingConnection connection;

  /** How often it was sent in vain; written by one thread at a time, see {@link #send}. */
  int failures;

  /**
   * A call that was not sent yet.
   *
   * @param payload null for none; this object releases it when the call has ended
   */
  HardCall(
      boolean ofVm,
      int xid,
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    this.ofVm = ofVm;
    this.xid = xid;
    this.program = program;
    this.version = version;
    this.procedure = procedure;
    this.arguments = arguments;
    this.payload = payload;
    this.results = results;
    if (payload != null) {
      var unused = answer.whenComplete((value, failure) -> payload.release());
    }
  }

  /** Sends it once; it must not be under way already. */
  CompletableFuture<T> send(RpcClient client) {
    if (payload == null) {
      return client.callAs(xid, program, version, procedure, arguments, null, results);
    }
    ByteBuf copy;
    try {
      copy = payload.retainedDuplicate();
    } catch (IllegalReferenceCountException e) {
      return CompletableFuture.failedFuture(e); // it was given up meanwhile
    }
    return client.callAs(xid, program, version, procedure, arguments, copy, results);
  }
}
