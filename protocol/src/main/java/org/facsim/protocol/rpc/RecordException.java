/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * The byte stream is no longer a sequence of acceptable RPC records, or a record is so malformed
 * that it cannot be answered: the connection ends. Carries no stack trace, because it is caused by
 * input.
 */
final class RecordException extends Exception {
  private static final long serialVersionUID = 1L;

  RecordException(String message) {
    super(message, null, false, false);
  }
}
