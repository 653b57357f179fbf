/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.util.Locale;
import org.facsim.services.state.LockClient;

/**
 * A client of NLM, identified by name and address: hosts behind one address have different names,
 * and hosts with one name (many are called localhost) have different addresses.
 *
 * @param name the name that the host gives itself
 * @param address the address from which it calls
 */
public record NlmHost(String name, InetAddress address) implements LockClient {
  /** The address: all hosts behind one address have one share of the lock table. */
  @Override
  public Object origin() {
    return address;
  }

  @Override
  public int weightBytes() {
    return name.length() * Character.BYTES;
  }

  /** Whether a name can be this host's. Names with and without a domain are the same. */
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
