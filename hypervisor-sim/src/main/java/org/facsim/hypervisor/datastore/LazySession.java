/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * The VAAI-NAS session of one datastore. It is started at first use, and again when the array has
 * forgotten it. Clones, which take their time, and UNMAPs share it. Thread-safe; nothing blocks.
 */
final class LazySession {
  private static final int TIMEOUT_SECONDS = 10;

  private final VaaiClient client;
  private final String exportPath;
  private final MountVersion version;
  private final String hostName;

  /** Null until the first use; guarded by this. */
  private CompletableFuture<VaaiSession> current;

  LazySession(VaaiClient client, String exportPath, MountVersion version, String hostName) {
    this.client = client;
    this.exportPath = exportPath;
    this.version = version;
    this.hostName = hostName;
  }

  /** The session, or one that is being started; fails with {@link OffloadException} if refused. */
  synchronized CompletableFuture<VaaiSession> started() {
    if (current == null || current.isCompletedExceptionally()) {
      current =
          client
              .startSession(
                  new SessionStartCall(
                      VaaiNas.PROTOCOL_VERSION,
                      version.fileSystemVersion(),
                      exportPath,
                      hostName,
                      TIMEOUT_SECONDS))
              .thenApply(reply -> new VaaiSession(client, valueOf(reply)));
    }
    return current;
  }

  /** Called when the array has forgotten it: the array restarted, or the lease had expired. */
  synchronized void forget(VaaiSession gone) {
    if (isCurrent(gone)) {
      current = null;
    }
  }

  /** Whatever it was: another server may be behind the datastore now. */
  synchronized void forget() {
    current = null;
  }

  private boolean isCurrent(VaaiSession session) {
    return current != null
        && current.isDone()
        && !current.isCompletedExceptionally()
        && current.join() == session;
  }

  /**
   * Ends the session, if there is one, and with it those of its jobs that can still be aborted.
   *
   * @return null if there is none; otherwise the array's answer
   */
  synchronized CompletableFuture<VaaiReply<SessionEnded>> end() {
    if (current == null || !current.isDone() || current.isCompletedExceptionally()) {
      return null;
    }
    VaaiSession ending = current.join();
    current = null;
    return ending.end();
  }

  static <T extends VaaiMessage> T valueOf(VaaiReply<T> reply) {
    if (!reply.isOk()) {
      throw new OffloadException(describe(reply.status(), reply.reason()));
    }
    return reply.value();
  }

  static String describe(VaaiStatus status, String reason) {
    return reason.isEmpty() ? status.toString() : "%s: %s".formatted(status, reason);
  }
}
