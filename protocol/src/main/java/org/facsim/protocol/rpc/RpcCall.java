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
   * This host's address that the client called, by which it knows this server; a wildcard if the
   * host does not tell. Calls back to the client must come from there.
   */
  InetSocketAddress server();

  /**
   * The arguments, positioned behind the call header. The bytes are the connection's: whoever keeps
   * them beyond {@link RpcProgram#call} takes a retained slice and releases it.
   */
  ByteBuf arguments();

  /**
   * Starts the answer MSG_ACCEPTED, SUCCESS; the program appends its results to the returned
   * buffer, which is the connection's shared reply buffer: append only, never release it, never
   * keep it beyond {@link RpcProgram#call}.
   */
  ByteBuf reply();

  /**
   * Appends bulk data to the results begun with {@link #reply}, without a copy; worth it from some
   * ten KiB. The data leaves between what was appended before and what is appended after.
   *
   * @param data its bytes must not change until it is released, which happens when they are sent,
   *     taken back or given up; takes over the caller's count
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

  /** Puts the answer off: the call to {@link RpcProgram#call} may return without one. */
  DeferredReply defer();

  /**
   * The program says in which era of its contents the call took effect, if it did. Whoever
   * remembers calls, and forgets them when the contents are turned back ({@link
   * DuplicateRequestCache#forgetAll(long)}), knows by it on which side of that the call lies.
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

    /** Called instead of {@link #encode}, on any thread, if there is nobody left to answer. */
    default void discard() {}
  }
}
