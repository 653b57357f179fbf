/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/**
 * The operations of a door by minor version. Filled by whoever puts the door together, before the
 * first call; an operation without a class is answered NOTSUPP.
 */
public final class OperationTable {
  private final Operation4[][] byVersion = new Operation4[Nfs4.MAX_MINOR_VERSION + 1][Op4.END];

  /** What each one says of itself, so that the engine need not ask it with every call. */
  private final int[][] changeResultBytes = new int[Nfs4.MAX_MINOR_VERSION + 1][Op4.END];

  public OperationTable() {
    for (int minor = 0; minor < byVersion.length; minor++) {
      for (int number = 0; number < Op4.END; number++) {
        if (Op4.isDefined(number, minor)) {
          byVersion[minor][number] = new NotSupported(number);
        }
      }
    }
  }

  /**
   * Adds operations.
   *
   * @throws IllegalArgumentException if one is there already, or is none of its minor versions
   */
  public OperationTable add(Operation4... operations) {
    for (Operation4 operation : operations) {
      for (int minor = operation.firstMinorVersion();
          minor <= operation.lastMinorVersion();
          minor++) {
        if (!(find(operation.number(), minor) instanceof NotSupported)) {
          throw new IllegalArgumentException(
              Op4.name(operation.number()) + " in minor version " + minor + ": twice, or none");
        }
        byVersion[minor][operation.number()] = operation;
        changeResultBytes[minor][operation.number()] = operation.changeResultBytes();
      }
    }
    return this;
  }

  /**
   * The operation of a number.
   *
   * @param minorVersion 0 to {@link Nfs4#MAX_MINOR_VERSION}
   * @return null if the minor version defines no such operation: OP_ILLEGAL
   */
  public Operation4 find(int number, int minorVersion) {
    return number >= 0 && number < Op4.END ? byVersion[minorVersion][number] : null;
  }

  /**
   * {@link Operation4#changeResultBytes} of an operation that {@link #find} finds.
   *
   * @param number 0 to {@link Op4#END} - 1
   */
  int changeResultBytes(int number, int minorVersion) {
    return changeResultBytes[minorVersion][number];
  }

  /** Whether the door performs an operation, instead of answering NOTSUPP. */
  public boolean performs(int number, int minorVersion) {
    Operation4 found = find(number, minorVersion);
    return found != null && !(found instanceof NotSupported);
  }

  private record NotSupported(int number) implements Operation4 {
    @Override
    public Nfs4Status perform(
        Compound compound, io.netty.buffer.ByteBuf in, io.netty.buffer.ByteBuf out) {
      return Nfs4Status.NOTSUPP;
    }
  }
}
