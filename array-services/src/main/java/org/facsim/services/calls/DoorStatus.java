/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;

/**
 * One answer that a door can give without performing a call.
 *
 * @param door whose answer it is
 * @param name as the protocol calls it, for example {@code JUKEBOX}
 * @param code the number on the wire; its door knows what it means
 * @param isRpcs whether RPC refuses the call, instead of the door answering results
 */
public record DoorStatus(Door door, String name, int code, boolean isRpcs) {
  public DoorStatus {
    Objects.requireNonNull(door);
    Objects.requireNonNull(name);
  }

  /** A status in the door's results. */
  public DoorStatus(Door door, String name, int code) {
    this(door, name, code, false);
  }
}
