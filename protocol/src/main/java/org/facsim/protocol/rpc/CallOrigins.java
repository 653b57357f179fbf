/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections whose calls a {@link DuplicateRequestCache}, or a program's own memory of
 * calls, remembers. It has no more entries than connections are open. Thread-safe.
 */
public final class CallOrigins {
  private final Map<Long, CallOrigin> open = new ConcurrentHashMap<>();

  /** Notes where a call came from that is about to be remembered. */
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

  /** Whether a call of {@code earlier} may be the one that now came from {@code later}. */
  public boolean mayBeRepeated(long earlier, CallOrigin later) {
    if (earlier == later.id()) {
      return true;
    }
    if (earlier < 0) {
      return false; // nobody learns of the end of a datagram socket
    }
    CallOrigin origin = open.get(earlier);
    return origin == null || origin.isGone(later);
  }

  int size() {
    return open.size();
  }
}
