/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** One call as a program sees it; valid on its event loop until it is answered. */
public interface RpcCall {
  int xid();

  int program();

  int version();

  int procedure();

  Credential credential();

  InetSocketAddress client();

  /** The connection, or the sender of datagrams, that the call came from. */
  CallOrigin origin();

  /**
   * The local address that the client called, by which it knows this server; a wildcard if the
   * operating system does not tell. Calls back to the client must come from this address.
   */
  InetSocketAddress server();

  /**
   * The arguments, positioned behind the call header. The bytes belong to the connection: a program
   * that keeps them beyond {@link RpcProgram#call} takes a retained slice and releases it later.
   */
  ByteBuf arguments();

  /**
   * The room that a part of {@link #arguments} was received into, if it is exactly that part.
   * Within {@link RpcProgram#call} only.
   *
   * @param index in the buffer of the arguments
   * @return what {@link RpcProgram#room} gave; null if the part lies with the other arguments
   */
  default BulkRoom roomOf(int index, int lengthBytes) {
    return null;
  }

  /**
   * How many bytes of the record, from its first one on, are sure to be the same before and after
   * the program has run: data in a {@link BulkRoom} is the program's to give away.
   */
  default int lastingBytes() {
    return Integer.MAX_VALUE;
  }

  /**
   * Starts the answer MSG_ACCEPTED, SUCCESS; the program appends its results to the returned
   * buffer, which is the connection's shared reply buffer: append only, never release it, never
   * keep it beyond {@link RpcProgram#call}.
   */
  ByteBuf reply();

  /**
   * Appends bulk data to the results begun with {@link #reply}, without a copy; pays off above some
   * ten KiB. On the wire, the data is between what was appended before and what is appended after.
   *
   * @param data its bytes must not change until it is released, which happens when they are sent,
   *     taken back or dropped; this call takes over the caller's count
   * @return the buffer to append what follows to, XDR padding included; the one that {@link #reply}
   *     returned must not be used any more
   */
  ByteBuf appendData(ByteBuf data);

  /** Answers PROC_UNAVAIL. */
  void procedureUnavailable();

  /** Answers MSG_DENIED, AUTH_ERROR. */
  void denied(AuthStatus why);

  /** Answers SYSTEM_ERR, as to a call that failed; nothing is logged. */
  void systemError();

  /** Drops the call without an answer, as a lost packet would. */
  void drop();

  /** What the server's {@link CallTap} attached to the call; null unless it did. */
  default Object attachment() {
    return null;
  }

  /** The answer that follows is that of an earlier call, which this one repeats. */
  default void answersFromMemory() {}

  /**
   * The time of {@link System#nanoTime}, and cheap to ask for: perhaps that of a call before in the
   * same turn of the connection. One in 64 calls of a turn, the first included, is timed; the
   * others seem to take no time.
   *
   * @param isAnswered whether the call is being answered, and not arriving
   */
  default long roughNanos(boolean isAnswered) {
    return System.nanoTime();
  }

  /**
   * How many calls, this one included, one read has brought from here on; a guess, by their size.
   */
  default int callsAtHand() {
    return 1;
  }

  /**
   * Counts a part of the call, which has a number of its own among the procedures of the program:
   * an operation of an NFSv4 COMPOUND. On the event loop only: within {@link RpcProgram#call}, or
   * while the answer that was put off is encoded.
   *
   * @param status of the part, 0 for success
   */
  default void countPart(int part, int status) {}

  /**
   * Has the answer bring this RPCSEC_GSS verifier. To be called before the answer begins.
   *
   * @param body up to {@link RpcMessage#MAX_AUTH_BYTES}
   */
  default void gssVerifier(byte[] body) {
    throw new UnsupportedOperationException("no RPCSEC_GSS here");
  }

  /**
   * Says which status results begin with that cannot be read in the answer, because they are
   * protected.
   */
  default void protectedStatus(int status) {}

  /** Puts the answer off: the call to {@link RpcProgram#call} may return without one. */
  DeferredReply defer();

  /**
   * Called by the program to say in which era of its contents the call took effect, if it did. A
   * cache that forgets calls when the contents are restored needs this to decide whether the call
   * came before or after.
   */
  default void tookEffect(long era) {}

  /** An answer that is given later, from any thread, exactly once. */
  interface DeferredReply {
    /**
     * Sends MSG_ACCEPTED, SUCCESS. The encoder runs on the connection's event loop, which is also
     * where a failure of it is logged and answered SYSTEM_ERR. If the connection is gone, the
     * encoder does not run; it is told by {@link ReplyEncoder#discard}.
     */
    void complete(ReplyEncoder results);

    /** Answers SYSTEM_ERR and logs the cause. */
    void fail(Throwable cause);
  }

  /** Appends the results of one call. */
  @FunctionalInterface
  interface ReplyEncoder {
    void encode(ByteBuf out);

    /** Called instead of {@link #encode}, on any thread, if the client is gone. */
    default void discard() {}
  }
}
