/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Objects;
import org.facsim.array.FileHandle;

/**
 * What a host is told about a session that was started for it.
 *
 * @param id names the session in every later call
 * @param root the handle of the export's root directory
 * @param timeoutSeconds the granted timeout; a call is answered within it
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
