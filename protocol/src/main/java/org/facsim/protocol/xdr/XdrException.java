/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.xdr;

/**
 * The bytes are not a valid encoding of what was expected; a server answers GARBAGE_ARGS. Carries
 * no stack trace: malformed input is an answer, not a defect.
 */
public final class XdrException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public XdrException(String message) {
    super(message, null, false, false);
  }
}
