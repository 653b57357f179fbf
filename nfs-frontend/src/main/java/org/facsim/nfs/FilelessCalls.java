/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import org.facsim.array.ArrayException;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.calls.CallRecord;

/** The operation point of the call chain for calls that name no file. */
public final class FilelessCalls {
  private FilelessCalls() {}

  /** As {@link #mayRun(RpcCall, Object, String)}, of a call without arguments. */
  public static boolean mayRun(RpcCall rpc) {
    return mayRun(rpc, null, null);
  }

  /**
   * Shows a decoded call to the links, if there are any. One that a link refuses is answered
   * SYSTEM_ERR, because its results have no status.
   *
   * @param arguments decoded; null for none
   * @param path which the call names, or null
   * @return whether the call is to be performed; otherwise it is answered
   */
  public static boolean mayRun(RpcCall rpc, Object arguments, String path) {
    CallRecord record = CallRecord.of(rpc.attachment());
    if (record == null) {
      return true;
    }
    try {
      record.brings(arguments, path, null).operation(null, null, Claims.of(rpc.credential()));
      return true;
    } catch (ArrayException refused) {
      rpc.systemError();
      return false;
    }
  }
}
