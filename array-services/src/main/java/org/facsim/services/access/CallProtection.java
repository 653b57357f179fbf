/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

/**
 * How one call is protected.
 *
 * @param flavor how its caller is proved
 * @param transport how its connection is protected
 */
public record CallProtection(SecurityFlavor flavor, TransportSecurity transport) {
  /** The usual call: nobody proves anything. */
  public static final CallProtection NONE =
      new CallProtection(SecurityFlavor.SYS, TransportSecurity.NONE);
}
