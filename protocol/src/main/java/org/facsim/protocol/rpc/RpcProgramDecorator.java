/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Objects;

/**
 * A program that stands in front of another one and is, but for the calls it answers itself, that
 * program: same number, same versions, and results that begin with a status where those do. What a
 * program says of itself cannot be hidden by forgetting to pass it on.
 */
public abstract class RpcProgramDecorator implements RpcProgram {
  private final RpcProgram behind;

  /** In front of {@code behind}. */
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

  /** Whether a procedure that is answered here has results that begin with a status word. */
  protected boolean addsStatusOf(int procedure) {
    return false;
  }
}
