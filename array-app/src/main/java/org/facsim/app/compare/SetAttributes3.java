/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** Writes {@code sattr3} and what creates an object in NFSv3. */
final class SetAttributes3 {
  private static final int NOT = 0;
  private static final int TO_SERVER_TIME = 1;
  private static final int TO_CLIENT_TIME = 2;
  private static final int SOCKET = 6;
  private static final int FIFO = 7;
  private static final int BLOCK = 3;
  private static final int CHARACTER = 4;

  private SetAttributes3() {}

  static void mode(ByteBuf out, long mode) {
    out.writeInt(1).writeInt((int) mode);
    out.writeInt(NOT).writeInt(NOT).writeInt(NOT).writeInt(NOT).writeInt(NOT);
  }

  /** What a SETATTR sets. */
  static void write(ByteBuf out, Step step) {
    optional(out, step, StepWords.SET_MODE);
    optional(out, step, StepWords.SET_OWNER);
    optional(out, step, StepWords.SET_GROUP);
    if (step.how() == StepWords.SET_SIZE) {
      out.writeInt(1).writeLong(step.value());
    } else {
      out.writeInt(NOT);
    }
    for (int i = 0; i < 2; i++) {
      switch (step.how()) {
        case StepWords.SET_TIMES ->
            out.writeInt(TO_CLIENT_TIME).writeInt((int) step.value()).writeInt(0);
        case StepWords.SET_TIMES_TO_NOW -> out.writeInt(TO_SERVER_TIME);
        default -> out.writeInt(NOT);
      }
    }
  }

  private static void optional(ByteBuf out, Step step, int kind) {
    if (step.how() == kind) {
      out.writeInt(1).writeInt((int) step.value());
    } else {
      out.writeInt(NOT);
    }
  }

  /** What follows the name in CREATE, MKDIR, SYMLINK and MKNOD. */
  static void creation(ByteBuf out, Step step) {
    switch (step.act()) {
      case CREATE -> {
        out.writeInt(step.how());
        if (step.how() == StepWords.EXCLUSIVE) {
          out.writeLong(verifier(step));
        } else {
          mode(out, step.value());
        }
      }
      case MKDIR -> mode(out, step.value());
      case SYMLINK -> {
        mode(out, step.value());
        Xdr.writeString(out, step.toName());
      }
      case MKNOD -> device(out, step);
      default -> throw new IllegalArgumentException(step.toString());
    }
  }

  private static void device(ByteBuf out, Step step) {
    out.writeInt(
        switch (step.how()) {
          case 0 -> FIFO;
          case 1 -> SOCKET;
          case 2 -> CHARACTER;
          default -> BLOCK;
        });
    mode(out, 0640);
    if (step.how() >= 2) {
      out.writeInt(7).writeInt(9);
    }
  }

  /** Of an exclusive creation; its halves are no times that {@link Normal} takes for a client's. */
  static long verifier(Step step) {
    return (long) step.number() << 32 | step.number();
  }
}
