/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Instant;
import java.util.Objects;

/**
 * A change of the array, with its place in the order of all changes.
 *
 * @param sequence one more than that of the event before; in a later run of a durable array greater
 *     than all before, see {@link ArrayEvents}
 * @param at the time, by the array's clock
 */
public record ArrayEvent(long sequence, Instant at, ArrayChange change) {
  public ArrayEvent {
    Objects.requireNonNull(at);
    Objects.requireNonNull(change);
  }
}
