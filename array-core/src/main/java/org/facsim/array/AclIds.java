/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** The numbers of users and groups in the entries of an {@link Acl}. */
final class AclIds {
  private static final int MAX_DIGITS = 10;
  private static final long MAX_ID = 0xffff_ffffL;

  private AclIds() {}

  /** Returns the number that a text is in decimal, 0 to 2^32-1, or -1 if it is none. */
  static long idOf(String who) {
    int length = who.length();
    if (length == 0 || length > MAX_DIGITS) {
      return -1;
    }
    long id = 0;
    for (int i = 0; i < length; i++) {
      char digit = who.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      id = id * 10 + (digit - '0');
    }
    return id <= MAX_ID ? id : -1;
  }
}
