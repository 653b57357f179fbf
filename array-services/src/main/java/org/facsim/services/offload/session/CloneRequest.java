/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Objects;
import java.util.Optional;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;

/**
 * A clone that a host asks for in a session.
 *
 * @param session the session on the destination's export
 * @param requestId unsigned; each request of a session has a greater one than those before, a
 *     retransmission the same
 * @param options what else is asked for
 * @param sourceSession given if and only if {@link
 *     org.facsim.services.offload.CloneOption#OTHER_VOLUME} is set
 * @param source a regular file
 * @param destination a regular file; it must exist for a full clone
 */
public record CloneRequest(
    SessionId session,
    long requestId,
    CloneOptions options,
    Optional<SessionId> sourceSession,
    FileRef source,
    FileRef destination)
    implements SessionRequest {
  public CloneRequest {
    Objects.requireNonNull(session);
    Objects.requireNonNull(options);
    Objects.requireNonNull(sourceSession);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
  }

  /** A clone within the session's export. */
  public static CloneRequest within(
      SessionId session,
      long requestId,
      FileRef source,
      FileRef destination,
      CloneOptions options) {
    return new CloneRequest(session, requestId, options, Optional.empty(), source, destination);
  }

  @Override
  public void putInto(Fingerprint fingerprint) {
    fingerprint.kind('c').put(session).put(requestId).put(options.unknown());
    fingerprint.put(options.bits()).put(sourceSession.isPresent());
    sourceSession.ifPresent(fingerprint::put);
    fingerprint.put(source).put(destination);
  }
}
