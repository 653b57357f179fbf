/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections from which a table of calls remembers calls. There are never more entries
 * than open connections. Thread-safe.
 */
public final class CallOrigins {
  private final Map<Long, CallOrigin> open = new ConcurrentHashMap<>();

  /** Notes the origin of a call that is about to be remembered. */
  public void note(CallOrigin origin) {
    long id = origin.id();
    if (id < 0 || origin.isNotedIn(this)) {
      return;
    }
    if (open.putIfAbsent(id, origin) == null) {
      origin.whenEnded(() -> open.remove(id));
    }
    origin.notedIn(this);
  }

  /**
   * Whether a call that came from {@code earlier} may be the same as one that now came from {@code
   * later}.
   */
  public boolean mayBeRepeated(long earlier, CallOrigin later) {
    if (earlier == later.id()) {
      return true;
    }
    if (earlier < 0) {
      return false; // the end of a datagram socket is never noticed
    }
    CallOrigin origin = open.get(earlier);
    return origin == null || origin.isGone(later);
  }

  /** How many open connections there are. */
  public int size() {
    return open.size();
  }
}
