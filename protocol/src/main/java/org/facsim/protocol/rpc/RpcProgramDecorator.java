/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * A program in front of another program. Except for the calls that it answers itself, it behaves as
 * that program: it has the same number and versions, and its results begin with a status if those
 * do. Because of this class, a decorator cannot forget to pass these properties on.
 */
public abstract class RpcProgramDecorator implements RpcProgram {
  private final RpcProgram behind;

  /** Puts this program in front of {@code behind}. */
  protected RpcProgramDecorator(RpcProgram behind) {
    this.behind = Objects.requireNonNull(behind, "behind");
  }

  /** The program that gets the calls which are not answered here. */
  protected final RpcProgram behind() {
    return behind;
  }

  @Override
  public final int number() {
    return behind.number();
  }

  @Override
  public final int lowestVersion() {
    return behind.lowestVersion();
  }

  @Override
  public final int highestVersion() {
    return behind.highestVersion();
  }

  @Override
  public final boolean answersWithStatus(int procedure) {
    return addsStatusOf(procedure) || behind.answersWithStatus(procedure);
  }

  @Override
  public final BulkSpan bulkData(int procedure, ByteBuf arguments, int argumentBytes) {
    return behind.bulkData(procedure, arguments, argumentBytes);
  }

  @Override
  public final BulkRoom room(int procedure, int lengthBytes) {
    return behind.room(procedure, lengthBytes);
  }

  /** Whether the results of a procedure that this decorator answers begin with a status word. */
  protected boolean addsStatusOf(int procedure) {
    return false;
  }
}
