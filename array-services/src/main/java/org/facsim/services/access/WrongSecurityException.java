/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

/**
 * An export does not admit a call that is protected as this one is. Each version of NFS has an
 * answer of its own for it. It has no stack trace, because it is an answer and not a defect.
 */
public final class WrongSecurityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongSecurityException(String message) {
    super(message, null, false, false);
  }
}
