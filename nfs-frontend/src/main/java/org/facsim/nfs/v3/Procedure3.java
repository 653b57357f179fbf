/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;

/**
 * One procedure of NFSv3. Stateless; runs on the event loop of the connection that brought the call
 * and never blocks.
 *
 * @param <A> its arguments
 */
interface Procedure3<A> {
  /**
   * Reads the arguments; bulk data stays where it is.
   *
   * @throws org.facsim.protocol.xdr.XdrException if they are malformed
   */
  A decode(ByteBuf in);

  /**
   * Executes the call. The result is encoded before the call ends or, if the call depends on a
   * transaction group that is not durable yet, later.
   *
   * @throws org.facsim.array.ArrayException for every failure; nothing has changed then
   */
  Nfs3Result perform(Nfs3Call call, A args);

  /** The name in the directory that the call is about, or null if it names an object only. */
  default Name3 nameIn(A args) {
    return null;
  }

  /** The second name, of a procedure that {@link #namesTwoObjects}; null if that has none. */
  default Name3 otherNameIn(A args) {
    return null;
  }

  /** Whether the call names two objects by their handles, and asks for both to change them. */
  default boolean namesTwoObjects() {
    return false;
  }

  /**
   * Whether the arguments outlive the call that brought them, so that a call whose file is
   * delegated can wait; a call that cannot wait is answered JUKEBOX, and the client tries again.
   */
  default boolean mayWait() {
    return true;
  }

  /** The answer to a call that failed, with the attributes of whatever objects were resolved. */
  Nfs3Result failure(Nfs3Call call, Nfs3Status status);
}
