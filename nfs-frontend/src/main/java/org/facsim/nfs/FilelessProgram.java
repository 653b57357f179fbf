/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;

/**
 * Stands before a program that knows nothing of the array, none of whose calls names a file, and
 * shows each to the call chain. Of the arguments the links have the bytes only.
 */
public final class FilelessProgram extends RpcProgramDecorator {
  public FilelessProgram(RpcProgram behind) {
    super(behind);
  }

  @Override
  public void call(RpcCall call) {
    if (FilelessCalls.mayRun(call)) {
      behind().call(call);
    }
  }
}
