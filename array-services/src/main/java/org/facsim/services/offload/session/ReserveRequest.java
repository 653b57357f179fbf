/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Objects;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.ReserveMode;

/**
 * A reservation that a host asks for in a session.
 *
 * @param session the session on the file's export
 * @param requestId as in {@link CloneRequest}
 * @param file a regular file
 * @param mode lazily or eagerly zeroed
 * @param sizeBytes from the start of the file; 0 = its present size
 */
public record ReserveRequest(
    SessionId session, long requestId, FileRef file, ReserveMode mode, long sizeBytes)
    implements SessionRequest {
  public ReserveRequest {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
    Objects.requireNonNull(mode);
  }

  @Override
  public void putInto(Fingerprint fingerprint) {
    fingerprint.kind('r').put(session).put(requestId).put(file);
    fingerprint.put(mode.name()).put(sizeBytes);
  }
}
