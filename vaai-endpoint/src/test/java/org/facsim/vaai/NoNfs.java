/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.Set;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.rpc.ProcedureRouter;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.vaai.opensds.OpenSdsProgram;

/** Stands where NFSv3 would: answers every procedure with one word. */
final class NoNfs implements RpcProgram {
  static final int ANSWER = 4711;

  /** All of NFSv3, and the dialect's procedure, as an array puts them together. */
  static RpcProgram beside(OpenSdsProgram dialect) {
    return ProcedureRouter.to(new NoNfs()).with(Set.of(OpenSds.PROCEDURE), dialect);
  }

  @Override
  public int number() {
    return Nfs3.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public void call(RpcCall call) {
    call.reply().writeInt(ANSWER);
  }
}
