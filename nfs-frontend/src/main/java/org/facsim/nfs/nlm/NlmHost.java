/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.util.Locale;
import org.facsim.services.state.LockClient;

/**
 * A client of NLM. By name and address, because hosts behind one address have names of their own,
 * and hosts of one name (there are many called localhost) have addresses of their own.
 *
 * @param name as the host calls itself
 * @param address where its calls come from
 */
public record NlmHost(String name, InetAddress address) implements LockClient {
  /** Whoever is behind one address has one share of the lock table. */
  @Override
  public Object origin() {
    return address;
  }

  @Override
  public int weightBytes() {
    return name.length() * Character.BYTES;
  }

  /** Whether a name can be this host's: names with and without their domain are the same. */
  boolean isCalled(String other) {
    return other.equals(address.getHostAddress()) || sameName(name, other);
  }

  static boolean sameName(String a, String b) {
    String one = a.toLowerCase(Locale.ROOT);
    String two = b.toLowerCase(Locale.ROOT);
    boolean oneIsShort = one.indexOf('.') < 0;
    boolean twoIsShort = two.indexOf('.') < 0;
    return oneIsShort == twoIsShort ? one.equals(two) : shortName(one).equals(shortName(two));
  }

  private static String shortName(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  @Override
  public String toString() {
    return name + " (" + address.getHostAddress() + ")";
  }
}
