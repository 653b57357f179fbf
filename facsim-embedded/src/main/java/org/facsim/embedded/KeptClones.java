/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.offload.Requester;
import org.facsim.vaai.VaaiProgram;
import org.facsim.vaai.opensds.OpenSdsProgram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the offload of clones that a link of the call chain keeps from it when they arrive, because
 * whoever asks why there is no clone asks the offload. Clones over HTTP are not told: their body
 * has not arrived.
 */
record KeptClones(VaaiProgram vaai, OpenSdsProgram openSds) {
  private static final Logger LOG = LoggerFactory.getLogger(KeptClones.class);

  /**
   * A link has decided about a call when it arrived.
   *
   * @param in from the arguments on; nothing is read from it
   */
  void tell(CallRecord record, RpcCall call, ByteBuf in) {
    ArrivalVerdict verdict = record.arrivalVerdict();
    String did = whatItDid(verdict);
    if (did.isEmpty() || !record.procedureName().equals(VaaiCalls.CLONE)) {
      return;
    }
    boolean isKeptBack =
        verdict.kind() == ArrivalVerdict.Kind.HOLD || verdict.kind() == ArrivalVerdict.Kind.DELAY;
    String words = "a fault, " + verdict.label() + ", " + did;
    Requester requester = new Requester(record.client(), record.claimed(), null);
    try {
      if (record.door() == Door.VAAI) {
        vaai.notExecuted(requester, in.duplicate(), words, isKeptBack);
      } else if (record.door() == Door.OPENSDS) {
        openSds.notExecuted(
            requester, in.duplicate(), call.xid(), call.origin(), words, isKeptBack);
      }
    } catch (RuntimeException malformed) {
      LOG.debug("a clone that is not executed is malformed, too", malformed);
    }
  }

  /** Empty if the call is served. */
  private static String whatItDid(ArrivalVerdict verdict) {
    return switch (verdict.kind()) {
      case NO_ANSWER -> "dropped the call when it arrived";
      case CLOSE -> "closed the connection when the call arrived";
      case RESET -> "reset the connection when the call arrived";
      case DELAY, HOLD -> "keeps the call back";
      case SERVE, STOP_READING, LIMIT -> "";
    };
  }
}
