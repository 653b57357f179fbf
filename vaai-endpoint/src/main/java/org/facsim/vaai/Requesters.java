/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.explain.CallSize;
import org.facsim.services.offload.Requester;

/** Says where calls come from, without the types of the wire. */
public final class Requesters {
  private Requesters() {}

  /** The far end of a call's connection, and the ids in its credential. */
  public static Requester of(RpcCall call) {
    Optional<Caller> claimed =
        call.credential() instanceof Credential.Sys sys
            ? Optional.of(new Caller(sys.uid(), sys.gid(), sys.groups()))
            : Optional.empty();
    return new Requester(call.client(), claimed, CallRecord.of(call.attachment()));
  }

  /**
   * Like {@link #of}, for a call whose size is counted. Called before anything of the arguments is
   * read.
   */
  public static Requester sized(RpcCall call) {
    Requester from = of(call);
    return new Requester(
        from.client(), from.claimed(), from.call(), new CallSize(call.arguments().readableBytes()));
  }
}
