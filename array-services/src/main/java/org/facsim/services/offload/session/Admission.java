/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import org.facsim.array.ArrayException;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Requester;

/**
 * Admits a call: its session must be in use and its export must exist. The offload checks the rest.
 */
final class Admission {
  private final SessionTable sessions;
  private final Grants grants;
  private final Dialect dialect;

  Admission(SessionTable sessions, Grants grants, Dialect dialect) {
    this.sessions = sessions;
    this.grants = grants;
    this.dialect = dialect;
  }

  /** A call that was admitted. */
  record Admitted(Session session, Initiator initiator) {}

  /**
   * Admits a call of a session.
   *
   * @throws OffloadFailure SESSION, NOENT (the export is gone), VERSION_NOT_SERVED
   */
  Admitted admit(Requester requester, SessionId id) {
    Session session = sessions.use(id);
    Initiator initiator = initiator(session, requester);
    if (initiator.grant().volume().id() != session.export().volumeId()) {
      // the session remembers requests of a volume that was deleted
      throw new OffloadFailure(
          OffloadError.UNKNOWN_SESSION, "session " + id + " is on an earlier volume of this name");
    }
    return new Admitted(session, initiator);
  }

  /**
   * The requester and its rights on the export of a session.
   *
   * @throws OffloadFailure as below
   */
  Initiator initiator(Session session, Requester requester) {
    return initiator(session.export().path(), session.export().version(), requester);
  }

  /**
   * The requester and its rights on an export that it has mounted over a version of NFS.
   *
   * @throws OffloadFailure NOENT; VERSION_NOT_SERVED if the export's rule for the client does not
   *     name the version
   */
  Initiator initiator(String exportPath, NfsVersion version, Requester requester) {
    Initiator initiator = initiator(exportPath, requester);
    if (!initiator.grant().terms().versions().contains(version)) {
      throw new OffloadFailure(
          OffloadError.VERSION_NOT_SERVED,
          "%s is not exported over NFS %s to %s"
              .formatted(exportPath, version, requester.clientAddress()));
    }
    return initiator;
  }

  private Initiator initiator(String exportPath, Requester requester) {
    try {
      return new Initiator(
          requester.clientAddress(),
          dialect,
          grants.toExport(exportPath, requester.client(), requester.claimed().orElse(null)));
    } catch (ArrayException refused) {
      // a client that the export is not for must not learn that it exists
      throw new OffloadFailure(OffloadError.NOT_FOUND, "no export " + exportPath);
    }
  }
}
