/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

/** Numbers of the dialect. */
public final class OpenSds {
  /** The procedure after those of RFC 1813, in program 100003 version 3. */
  public static final int PROCEDURE = 22;

  /** The value of the first word of both structures. */
  public static final long VERSION = 1;

  /** The bound of both opaques. */
  public static final int MAX_BLOCK_BYTES = 1024;

  /** The exact size of a request's structure. */
  public static final int REQUEST_BYTES = 296;

  /** The exact size of an answer's structure. */
  public static final int ANSWER_BYTES = 80;

  /** Room for a name, its final NUL included. */
  public static final int NAME_BYTES = 256;

  private OpenSds() {}
}
