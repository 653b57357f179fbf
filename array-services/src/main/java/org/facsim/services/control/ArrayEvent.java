/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Instant;
import java.util.Objects;

/**
 * A change of the array, at its place in the order of all.
 *
 * @param sequence one more than that of the event before; greater in each later run of a durable
 *     array, see {@link ArrayEvents}
 * @param at by the array's clock
 */
public record ArrayEvent(long sequence, Instant at, ArrayChange change) {
  public ArrayEvent {
    Objects.requireNonNull(at);
    Objects.requireNonNull(change);
  }
}
