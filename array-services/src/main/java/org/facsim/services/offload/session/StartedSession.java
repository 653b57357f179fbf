/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Objects;
import org.facsim.array.FileHandle;

/**
 * A session that a host was given.
 *
 * @param id names the session in every later call
 * @param root handle of the export's root directory
 * @param timeoutSeconds granted: a call is answered within it
 * @param limits what the array enforces
 */
public record StartedSession(
    SessionId id, FileHandle root, long timeoutSeconds, SessionLimits limits) {
  public StartedSession {
    Objects.requireNonNull(id);
    Objects.requireNonNull(root);
    Objects.requireNonNull(limits);
  }
}
