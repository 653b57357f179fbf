/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.services.offload.Requester;

/**
 * What the VAAI door can do, whatever the dialect. Decorators (faults, journal, latency) wrap this
 * interface and so see every call of every dialect.
 *
 * <p>No call blocks; all may run on event loops, at the same time. A future completes with the
 * reply once what the call changed is durable, usually before the method returns. A defect of the
 * array is a reply, too, SERVERFAULT; a future fails only for one of a decorator.
 */
public interface VaaiOperations {
  CompletableFuture<VaaiReply<SessionGrant>> startSession(
      Requester requester, SessionStartCall call);

  CompletableFuture<VaaiReply<SessionEnded>> endSession(Requester requester, SessionEndCall call);

  CompletableFuture<VaaiReply<SupportAnswer>> support(Requester requester, SupportCall call);

  CompletableFuture<VaaiReply<CloneJob>> cloneFile(Requester requester, CloneCall call);

  CompletableFuture<VaaiReply<CloneJob>> cloneStatus(Requester requester, JobCall call);

  CompletableFuture<VaaiReply<CloneJob>> abortClone(Requester requester, JobCall call);

  CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(Requester requester, ReserveCall call);

  CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(Requester requester, StatxCall call);
}
