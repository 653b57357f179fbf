/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Calls by value. Equal calls from different places are a chain, from the newest to the oldest. Not
 * thread-safe: the table guards it.
 */
final class EqualCalls<C extends RememberedCall<C, ?>> {
  /** The newest call of each chain; the key is the same object. */
  private final Map<C, C> newest = new HashMap<>();

  /** The newest call that equals this one; null if there is none. */
  C newest(C call) {
    return newest.get(call);
  }

  /** Adds a call if none equals it; otherwise returns the newest that does, and adds nothing. */
  C addFirst(C call) {
    return newest.putIfAbsent(call, call);
  }

  /** Adds a call, to those that equal it if there are any. */
  void add(C call) {
    C equal = newest.put(call, call);
    if (equal != null) {
      newest.remove(call); // the key, too, which put keeps
      newest.put(call, call);
      call.nextEqual = equal;
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal calls are told apart by identity
  void remove(C call) {
    C first = newest.remove(call);
    if (first == call) {
      if (call.nextEqual != null) {
        newest.put(call.nextEqual, call.nextEqual);
      }
    } else {
      newest.put(first, first);
      C at = first;
      while (at.nextEqual != call) {
        at = at.nextEqual;
      }
      at.nextEqual = call.nextEqual;
    }
    call.nextEqual = null;
  }

  /** The oldest call that equals this one if there are as many as allowed; null otherwise. */
  C oldestOf(C call, int allowed) {
    C oldest = null;
    int equal = 0;
    for (C at = newest.get(call); at != null; at = at.nextEqual) {
      oldest = at;
      equal++;
    }
    return equal >= allowed ? oldest : null;
  }

  /** Removes all calls; each is told to {@code removed}. */
  void clear(Consumer<C> removed) {
    for (C first : newest.values()) {
      C next;
      for (C at = first; at != null; at = next) {
        next = at.nextEqual;
        at.nextEqual = null;
        removed.accept(at);
      }
    }
    newest.clear();
  }
}
