/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.time.HostTime;

/**
 * Judges whether a datastore answers, as ESXi does. Silence begins with the first heartbeat that is
 * not answered in time, or with a connection that ends and cannot be made again. When it has lasted
 * for as many heartbeats as may fail and the timeout of one more, all paths are down, and the APD
 * timer runs from then on. Any answer makes the datastore accessible again. Thread-safe.
 */
final class DatastoreHealth {
  /** Is told of each change, one after the other, while no lock of this class is held. */
  interface Listener {
    void became(PathState state, PathState before);
  }

  private final HostTime time;
  private final AdvancedSettings settings;
  private final Listener listener;

  // Written under the monitor; read without it where nothing is wrong.
  private volatile Instant silentSince;
  private volatile PathState state = PathState.ACCESSIBLE;

  /** When the attributes of something were answered last, by {@link HostTime#nanoTime}. */
  private volatile long attributesNanos;

  private HostTime.Timer timer = () -> {};

  /** Changes that the listener has not been told yet; guarded by the monitor. */
  private final List<PathState> untold = new ArrayList<>();

  private PathState told = PathState.ACCESSIBLE;
  private boolean telling;

  DatastoreHealth(HostTime time, AdvancedSettings settings, Listener listener) {
    this.time = time;
    this.settings = settings;
    this.listener = listener;
    this.attributesNanos = time.nanoTime();
  }

  /** The server has answered something. */
  void answered() {
    if (silentSince == null && state == PathState.ACCESSIBLE) {
      return; // nearly always
    }
    synchronized (this) {
      silentSince = null;
      timer.cancel();
      become(PathState.ACCESSIBLE);
    }
    tell();
  }

  /** The server has answered GETATTR. */
  void answeredAttributes() {
    attributesNanos = time.nanoTime();
    answered();
  }

  /** Whether the server has answered GETATTR within that time. */
  boolean answeredAttributesWithin(Duration recently) {
    return time.nanoTime() - attributesNanos < recently.toNanos();
  }

  /** A call has failed, because the connection has ended or the call was not answered. */
  void unanswered() {
    silentSince(time.now());
  }

  /** The server owes an answer that was due by now to something sent at that moment. */
  void silentSince(Instant sent) {
    synchronized (this) {
      if (silentSince == null) {
        silentSince = sent;
        judgeLater(settings.downAfter());
      }
      judge();
    }
    tell();
  }

  PathState state() {
    if (silentSince == null) {
      return state;
    }
    PathState judged;
    synchronized (this) {
      judge();
      judged = state;
    }
    tell();
    return judged;
  }

  /** Forgets all silence, and that anything was wrong. */
  void reset() {
    answeredAttributes();
  }

  private void judgeLater(Duration silence) {
    Duration left = Duration.between(time.now(), silentSince.plus(silence));
    timer.cancel();
    timer = time.after(left.isNegative() ? Duration.ZERO : left, this::state);
  }

  private void judge() {
    if (silentSince == null) {
      return;
    }
    Duration silence = Duration.between(silentSince, time.now());
    Duration down = settings.downAfter();
    if (state == PathState.ACCESSIBLE && silence.compareTo(down) >= 0) {
      become(PathState.ALL_PATHS_DOWN);
      if (apdTimerRuns()) {
        judgeLater(down.plus(settings.seconds(AdvancedSetting.APD_TIMEOUT)));
      }
    }
    if (state == PathState.ALL_PATHS_DOWN
        && apdTimerRuns()
        && silence.compareTo(down.plus(settings.seconds(AdvancedSetting.APD_TIMEOUT))) >= 0) {
      become(PathState.ALL_PATHS_DOWN_TIMEOUT);
    }
  }

  private boolean apdTimerRuns() {
    return settings.get(AdvancedSetting.APD_HANDLING_ENABLE) == 1;
  }

  private void become(PathState next) {
    if (state != next) {
      state = next;
      untold.add(next);
    }
  }

  /**
   * Tells the listener of what it does not know yet; if another thread does so, that one goes on.
   */
  private void tell() {
    while (true) {
      PathState before;
      PathState next;
      synchronized (this) {
        if (telling || untold.isEmpty()) {
          return;
        }
        telling = true;
        before = told;
        next = untold.remove(0);
        told = next;
      }
      try {
        listener.became(next, before);
      } finally {
        synchronized (this) {
          telling = false;
        }
      }
    }
  }
}
