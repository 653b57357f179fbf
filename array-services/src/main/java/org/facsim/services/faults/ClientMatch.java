/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.facsim.services.access.AddressRange;

/**
 * Which clients a rule is for, by the address that their calls come from.
 *
 * @param addresses one or many
 * @param port 0 for any
 */
public record ClientMatch(AddressRange addresses, int port) {
  private static final int MAX_PORT = 65_535;

  /** What {@link #parse} takes, for messages. */
  public static final String SYNTAX =
      "an address, a range such as 10.0.0.0/8, or one of these and a port: 10.0.0.7:800,"
          + " [fd00::7]:800, *:800";

  public ClientMatch {
    Objects.requireNonNull(addresses);
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + "; allowed: 1 to " + MAX_PORT);
    }
  }

  /**
   * Reads {@link #SYNTAX}; asks no name service.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static ClientMatch parse(String text) {
    String addresses = text;
    int port = 0;
    int colon = text.lastIndexOf(':');
    boolean isBracketed = text.startsWith("[");
    if (isBracketed || (colon >= 0 && text.indexOf(':') == colon)) {
      int end = isBracketed ? text.indexOf(']') : colon;
      boolean hasPort = end >= 0 && colon == end + (isBracketed ? 1 : 0);
      if (end < 0 || (!hasPort && end != text.length() - 1)) {
        throw notOne(text);
      }
      addresses = text.substring(isBracketed ? 1 : 0, end);
      port = hasPort ? port(text.substring(colon + 1), text) : 0;
    }
    try {
      return new ClientMatch(AddressRange.parse(addresses), port);
    } catch (IllegalArgumentException e) {
      throw notOne(text);
    }
  }

  private static int port(String digits, String text) {
    if (!digits.matches("\\d{1,5}") || digits.matches("0+")) {
      throw notOne(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException notOne(String text) {
    return new IllegalArgumentException("'" + text + "' is no client; allowed: " + SYNTAX);
  }

  boolean matches(InetSocketAddress client) {
    return (port == 0 || port == client.getPort()) && addresses.contains(client.getAddress());
  }

  @Override
  public String toString() {
    return port == 0 ? addresses.toString() : "[" + addresses + "]:" + port;
  }
}
