/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Mutation;

/** Parts that several results have. */
public final class Replies4 {
  /** The bytes of {@code change_info4}. */
  public static final int CHANGE_INFO_BYTES = 20;

  private static final int ATOMIC = 1;

  private Replies4() {}

  /**
   * Appends {@code change_info4} of a directory: both counters are from the critical section of the
   * change, so it is atomic.
   */
  public static void changeInfo(ByteBuf out, Mutation directory) {
    out.writeInt(ATOMIC);
    out.writeLong(directory.before().changeCounter());
    out.writeLong(directory.after().changeCounter());
  }

  /** The same of a directory that did not change. */
  public static void unchanged(ByteBuf out, long changeCounter) {
    out.writeInt(ATOMIC);
    out.writeLong(changeCounter);
    out.writeLong(changeCounter);
  }
}
