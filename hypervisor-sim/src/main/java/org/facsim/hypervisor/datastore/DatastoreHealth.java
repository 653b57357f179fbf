/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges whether a datastore answers, as ESXi does. The host sends a heartbeat every {@link
 * #HEARTBEAT}. The datastore is down when ten heartbeats were missed and the eleventh is not
 * answered within five seconds; the APD timer runs from then on. Any answer makes the datastore
 * accessible again. Thread-safe.
 */
final class DatastoreHealth {
  /** How often a host asks for the attributes of the root. */
  static final Duration HEARTBEAT = Duration.ofSeconds(12);

  /** Silence after which a datastore is down. */
  static final Duration DOWN_AFTER = Duration.ofSeconds(125);

  /** How long a datastore is down before the host gives it up. */
  static final Duration APD_TIMER = Duration.ofSeconds(140);

  private static final Logger log = LoggerFactory.getLogger(DatastoreHealth.class);

  private final String server;
  private final Clock clock;

  /** When the first of a row of calls without an answer failed; null while the server answers. */
  private Instant silentSince;

  private PathState state = PathState.ACCESSIBLE;

  DatastoreHealth(String server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  synchronized void answered() {
    silentSince = null;
    become(PathState.ACCESSIBLE);
  }

  synchronized void unanswered() {
    if (silentSince == null) {
      silentSince = clock.instant();
    }
    judge();
  }

  synchronized PathState state() {
    judge();
    return state;
  }

  private void judge() {
    if (silentSince == null) {
      return;
    }
    Duration silence = Duration.between(silentSince, clock.instant());
    if (silence.compareTo(DOWN_AFTER.plus(APD_TIMER)) >= 0) {
      become(PathState.ALL_PATHS_DOWN_TIMEOUT);
    } else if (silence.compareTo(DOWN_AFTER) >= 0) {
      become(PathState.ALL_PATHS_DOWN);
    }
  }

  private void become(PathState next) {
    if (state != next) {
      log.info("{}: {}, was {}", server, next, state);
      state = next;
    }
  }
}
