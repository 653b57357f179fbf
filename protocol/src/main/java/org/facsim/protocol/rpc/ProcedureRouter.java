/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Set;

/**
 * One program and version that several objects serve, each some of its procedures: an extension of
 * NFS stands beside NFS, and neither sees the other's calls. Costs one load from an array per call.
 *
 * <p>What it says of itself is what the object says that answers; so it stands for none of them and
 * is no {@link RpcProgramDecorator}.
 */
public final class ProcedureRouter implements RpcProgram {
  /** Procedures above go to the program that has all the others. */
  private static final int MAX_PROCEDURE = 63;

  private static final int OTHERS = MAX_PROCEDURE + 1;

  private final int number;
  private final int lowestVersion;
  private final int highestVersion;

  /** By procedure; at {@link #OTHERS} who gets the rest. */
  private final RpcProgram[] byProcedure;

  private ProcedureRouter(RpcProgram all, RpcProgram[] byProcedure) {
    this.number = all.number();
    this.lowestVersion = all.lowestVersion();
    this.highestVersion = all.highestVersion();
    this.byProcedure = byProcedure;
  }

  /** Every procedure goes to one program. */
  public static ProcedureRouter to(RpcProgram all) {
    RpcProgram[] byProcedure = new RpcProgram[OTHERS + 1];
    Arrays.fill(byProcedure, all);
    return new ProcedureRouter(all, byProcedure);
  }

  /**
   * The same but for some procedures.
   *
   * @param procedures each 0 to {@value #MAX_PROCEDURE}
   * @param program gets these from now on; the same number and versions as this one
   * @throws IllegalArgumentException if it is another program, or a procedure is out of range
   */
  public ProcedureRouter with(Set<Integer> procedures, RpcProgram program) {
    if (program.number() != number
        || program.lowestVersion() != lowestVersion
        || program.highestVersion() != highestVersion) {
      throw new IllegalArgumentException(
          "procedures of program "
              + Integer.toUnsignedString(number)
              + " routed to another program or version");
    }
    RpcProgram[] changed = byProcedure.clone();
    for (int procedure : procedures) {
      if (procedure < 0 || procedure > MAX_PROCEDURE) {
        throw new IllegalArgumentException("procedure " + procedure + ", 0 to " + MAX_PROCEDURE);
      }
      changed[procedure] = program;
    }
    return new ProcedureRouter(this, changed);
  }

  private RpcProgram of(int procedure) {
    return byProcedure[procedure >= 0 && procedure <= MAX_PROCEDURE ? procedure : OTHERS];
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public int lowestVersion() {
    return lowestVersion;
  }

  @Override
  public int highestVersion() {
    return highestVersion;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return of(procedure).answersWithStatus(procedure);
  }

  @Override
  public BulkSpan bulkData(int procedure, ByteBuf arguments, int argumentBytes) {
    return of(procedure).bulkData(procedure, arguments, argumentBytes);
  }

  @Override
  public BulkRoom room(int procedure, int lengthBytes) {
    return of(procedure).room(procedure, lengthBytes);
  }

  @Override
  public void call(RpcCall call) {
    of(call.procedure()).call(call);
  }
}
