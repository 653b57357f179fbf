/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiStatus;

/** Lets a call in: its session must live, and the export's rules must admit its sender now. */
final class Admission {
  private final SessionTable sessions;
  private final VaaiExports exports;

  Admission(SessionTable sessions, VaaiExports exports) {
    this.sessions = sessions;
    this.exports = exports;
  }

  /** A call that was let in. */
  record Admitted(Session session, VaaiExports.Access access) {}

  /**
   * Lets in a call of a session.
   *
   * @throws VaaiFailure SESSION, NOENT (the export is gone), ACCESS
   */
  Admitted admit(Requester requester, SessionId id) {
    Session session = sessions.use(id);
    return new Admitted(session, access(session.exportPath(), requester));
  }

  /**
   * The requester's rights on an export.
   *
   * @throws VaaiFailure NOENT, ACCESS
   */
  VaaiExports.Access access(String exportPath, Requester requester) {
    VaaiExports.Access access =
        exports
            .access(exportPath, requester)
            .orElseThrow(() -> new VaaiFailure(VaaiStatus.NOENT, "no export " + exportPath));
    if (!access.vaaiAllowed()) {
      throw new VaaiFailure(
          VaaiStatus.ACCESS, "the export's rules refuse VAAI to " + requester.clientAddress());
    }
    return access;
  }
}
