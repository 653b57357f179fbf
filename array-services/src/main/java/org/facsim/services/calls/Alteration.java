/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;

/**
 * How a door performs a call otherwise than the call asks. Each part applies where it has a
 * meaning, and nowhere else.
 *
 * @param maxBytes the most bytes that a READ returns or a WRITE stores, whose answers say the true
 *     count; over HTTP, the length at which the body of the answer is cut and the connection
 *     closed. 0 or more; {@link #UNLIMITED} changes nothing
 * @param attributes what every set of attributes in the answer says instead of the truth, those of
 *     WCC data and of directory listings included
 * @param mistake what is wrong in the data of a READ's answer, or of a WRITE before it is stored;
 *     null for nothing
 */
public record Alteration(int maxBytes, FalseAttributes attributes, Mistake mistake) {
  /** As many bytes as the call asks for. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The call is performed as it asks. */
  public static final Alteration NONE = new Alteration(UNLIMITED, FalseAttributes.NONE, null);

  public Alteration {
    Objects.requireNonNull(attributes, "attributes");
    if (maxBytes < 0) {
      throw new IllegalArgumentException("at most " + maxBytes + " bytes; 0 or more");
    }
  }

  /** A short read or write. */
  public static Alteration atMost(int maxBytes) {
    return new Alteration(maxBytes, FalseAttributes.NONE, null);
  }

  /** A server that lies. */
  public static Alteration lying(FalseAttributes attributes) {
    return new Alteration(UNLIMITED, attributes, null);
  }

  /** Silent corruption. */
  public static Alteration mistaken(Mistake mistake) {
    return new Alteration(UNLIMITED, FalseAttributes.NONE, Objects.requireNonNull(mistake));
  }

  /** The smaller of what the call asks for and what it gets. */
  public int limited(int bytes) {
    return Math.min(bytes, maxBytes);
  }
}
