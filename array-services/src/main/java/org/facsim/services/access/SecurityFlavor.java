/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.Sets;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a client proves who calls, in the notation of the mount option {@code sec=}. A client that
 * claims nobody (AUTH_NONE) counts as {@link #SYS}.
 */
public enum SecurityFlavor {
  /** The client says who calls, and is believed. */
  SYS("sys", 1),
  /** Kerberos proves who calls. */
  KRB5("krb5", 390003),
  /** Kerberos also protects calls and answers against changes. */
  KRB5I("krb5i", 390004),
  /** Kerberos also protects them against being read. */
  KRB5P("krb5p", 390005);

  private final String text;
  private final int number;

  SecurityFlavor(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /** The pseudo-flavour's number, which MOUNT lists (RFC 2623, section 2.3). */
  public int number() {
    return number;
  }

  /** What an export admits unless its rules say something else. */
  static Set<SecurityFlavor> standard() {
    return Sets.immutableEnumSet(SYS);
  }

  /** All that need Kerberos. */
  public static Set<SecurityFlavor> ofKerberos() {
    return Sets.immutableEnumSet(EnumSet.of(KRB5, KRB5I, KRB5P));
  }

  /** The flavour in the notation of the mount option {@code sec=}. */
  @Override
  public String toString() {
    return text;
  }
}
