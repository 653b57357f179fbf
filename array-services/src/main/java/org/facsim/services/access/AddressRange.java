/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Client addresses that share a prefix, written as CIDR: {@code 10.0.0.0/8}, {@code fd00::/8}, as
 * network and mask: {@code 10.0.0.0/255.0.0.0}, as a single address, or {@code *} for all
 * addresses. An IPv4 client that arrives on an IPv6 socket is an IPv4 client.
 */
public final class AddressRange {
  /** Every address of either family. */
  public static final AddressRange EVERYONE = new AddressRange(new byte[0], -1, "*");

  private final byte[] network;
  private final int prefixBits;
  private final String text;

  private AddressRange(byte[] network, int prefixBits, String text) {
    this.network = network;
    this.prefixBits = prefixBits;
    this.text = text;
  }

  /**
   * Reads one of the notations; never asks a name service.
   *
   * @throws IllegalArgumentException if the text is none of them; the message says what is wrong
   */
  public static AddressRange parse(String cidr) {
    if (cidr.equals("*")) {
      return EVERYONE;
    }
    int slash = cidr.indexOf('/');
    String literal = slash < 0 ? cidr : cidr.substring(0, slash);
    byte[] address =
        addressBytes(
            literal,
            "'" + cidr + "' is no address; allowed: an address, or a range such as 10.0.0.0/8");
    int maxBits = address.length * Byte.SIZE;
    int prefixBits = slash < 0 ? maxBits : prefixBits(cidr.substring(slash + 1), maxBits);
    for (int bit = prefixBits; bit < maxBits; bit++) {
      address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return new AddressRange(
        address, prefixBits, addressOf(address).getHostAddress() + "/" + prefixBits);
  }

  private static int prefixBits(String text, int maxBits) {
    if (maxBits == Integer.SIZE && text.indexOf('.') >= 0) {
      return netmaskBits(text);
    }
    int bits;
    try {
      bits = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      bits = -1;
    }
    if (bits < 0 || bits > maxBits) {
      throw new IllegalArgumentException("prefix length '" + text + "', 0 to " + maxBits);
    }
    return bits;
  }

  /** The bytes of a literal; an IPv4 address mapped into IPv6 is an IPv4 address. */
  private static byte[] addressBytes(String literal, String complaint) {
    if (literal.indexOf('%') >= 0 || !InetAddresses.isInetAddress(literal)) {
      throw new IllegalArgumentException(complaint);
    }
    return InetAddresses.forString(literal).getAddress();
  }

  private static int netmaskBits(String text) {
    byte[] mask = addressBytes(text, "'" + text + "' is no netmask");
    int word = mask[0] << 24 | (mask[1] & 0xff) << 16 | (mask[2] & 0xff) << 8 | (mask[3] & 0xff);
    int bits = Integer.bitCount(word);
    if (Integer.numberOfLeadingZeros(~word) != bits) {
      throw new IllegalArgumentException("netmask '" + text + "' has gaps");
    }
    return bits;
  }

  /** Whether the range is all addresses of both families. */
  public boolean isEveryone() {
    return prefixBits < 0;
  }

  /** How narrow the range is: greater than that of every range that holds this one. */
  int specificity() {
    return prefixBits;
  }

  public boolean contains(InetAddress client) {
    if (isEveryone()) {
      return true;
    }
    byte[] address = client.getAddress();
    if (address.length != network.length) {
      return false;
    }
    int wholeBytes = prefixBits / 8;
    if (!Arrays.equals(address, 0, wholeBytes, network, 0, wholeBytes)) {
      return false;
    }
    int mask = 0xff00 >> prefixBits % 8 & 0xff;
    return mask == 0 || (address[wholeBytes] & mask) == (network[wholeBytes] & mask);
  }

  private static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address of " + bytes.length + " bytes", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange range
        && prefixBits == range.prefixBits
        && Arrays.equals(network, range.network);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(network) * 31 + prefixBits;
  }

  /** CIDR notation, or {@code *}. */
  @Override
  public String toString() {
    return text;
  }
}
