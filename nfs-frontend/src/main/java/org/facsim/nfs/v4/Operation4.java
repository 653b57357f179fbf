/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.calls.LinkDecision;

/**
 * One operation of NFSv4. Stateless, and never blocks. Runs on the event loop of the connection, or
 * on another thread if its COMPOUND was suspended before.
 */
public interface Operation4 {
  /** One of {@link org.facsim.protocol.nfs4.Op4}. */
  int number();

  /** The first minor version that has it. */
  default int firstMinorVersion() {
    return 0;
  }

  /** The last minor version that has it; later ones answer NOTSUPP. */
  default int lastMinorVersion() {
    return Nfs4.MAX_MINOR_VERSION;
  }

  /**
   * Whether it may run outside of a session, from minor version 1 on: then it is the only operation
   * of its COMPOUND. With SEQUENCE before it, it is one among others.
   */
  default boolean mayRunAlone() {
    return false;
  }

  /**
   * For an operation that changes something: the most bytes of its results behind the status. If
   * they may not fit into the reply, or into the slot that must remember it, the operation is
   * refused and nothing has changed. An operation that changes nothing returns 0; if its results
   * turn out to be too long, they are taken back. Asked once, when the door is put together.
   */
  default int changeResultBytes() {
    return 0;
  }

  /**
   * Performs the operation. It reads its arguments and appends its results, without number and
   * status, which the engine writes.
   *
   * <p>If a conflicting delegation is being recalled, {@link
   * org.facsim.services.state.RecallUnderWay} goes through to the engine, which performs the
   * operation again, from its first argument on, when the recall has ended. So nothing may have
   * changed by then, {@link Compound}'s current and saved file included.
   *
   * @param in the arguments of this operation and of those behind it
   * @param out what is appended is taken back unless the status is OK or {@link #hasResults}
   * @return the status; for any other outcome it may throw
   * @throws Nfs4Exception a status
   * @throws org.facsim.array.ArrayException a status by {@link Errors4}
   * @throws org.facsim.protocol.xdr.XdrException BADXDR
   */
  Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out);

  /** Whether the results of this failure have more than the status. */
  default boolean hasResults(Nfs4Status failure) {
    return false;
  }

  /**
   * A link of the call chain kept the operation from being performed, before its arguments were
   * read. Most operations have nothing to tell of that.
   */
  default void notServed(Compound compound, LinkDecision fault) {}
}
