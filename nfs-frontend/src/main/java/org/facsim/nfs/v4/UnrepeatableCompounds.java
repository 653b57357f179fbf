/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.RpcCall;

/**
 * Tells which COMPOUNDs of minor version 0 must not run twice, because a second run would be
 * answered otherwise, or would undo what came between. Minor version 0 has no sessions, so a
 * duplicate request cache remembers these calls, as it does for NFSv3. What the sequence of an
 * open-owner or lock-owner protects already is not among them, nor are READ and WRITE.
 *
 * <p>It looks at the operations in front of the first one that must not run twice, which are short,
 * and reads nothing: the arguments stay as they are.
 */
public final class UnrepeatableCompounds {
  /** Clients use fewer than ten; a path from the root has one for each name. */
  private static final int MAX_OPERATIONS = 64;

  private final ByteBuf arguments;
  private long at;

  private UnrepeatableCompounds(ByteBuf arguments) {
    this.arguments = arguments;
    at = arguments.readerIndex();
  }

  /** Whether a call must not run twice. A malformed one may: nothing comes of it. */
  public static boolean contains(RpcCall call) {
    return call.procedure() == Nfs4.COMPOUND
        && new UnrepeatableCompounds(call.arguments()).mustRunOnce();
  }

  private boolean mustRunOnce() {
    skipOpaque(); // the tag
    if (readInt() != 0) {
      return false; // another minor version, or none
    }
    int operations = Math.min(readInt(), MAX_OPERATIONS);
    for (int i = 0; i < operations && isWithin(); i++) {
      switch (readInt()) {
        case Op4.CREATE, Op4.LINK, Op4.REMOVE, Op4.RENAME, Op4.SETATTR -> {
          return true;
        }
        case Op4.PUTROOTFH, Op4.PUTPUBFH, Op4.SAVEFH, Op4.RESTOREFH, Op4.GETFH, Op4.LOOKUPP -> {}
        case Op4.PUTFH, Op4.LOOKUP -> skipOpaque();
        case Op4.ACCESS -> at += Integer.BYTES;
        case Op4.RENEW -> at += Long.BYTES;
        case Op4.GETATTR -> skipBitmap();
        case Op4.VERIFY, Op4.NVERIFY -> {
          skipBitmap();
          skipOpaque();
        }
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  private boolean isWithin() {
    return at + Integer.BYTES <= arguments.writerIndex();
  }

  /** The next number; -1, which is none of those that are asked for, behind the end. */
  private int readInt() {
    if (!isWithin()) {
      return -1;
    }
    int value = arguments.getInt((int) at);
    at += Integer.BYTES;
    return value;
  }

  private void skipOpaque() {
    long bytes = readInt() & 0xffff_ffffL;
    at += (bytes + 3) & ~3L;
  }

  private void skipBitmap() {
    long words = readInt() & 0xffff_ffffL;
    at += words * Integer.BYTES;
  }
}
