/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * The byte stream is no sequence of acceptable records any more, or a record is malformed beyond
 * answering: the connection ends. Carries no stack trace, being an answer to input.
 */
final class RecordException extends Exception {
  private static final long serialVersionUID = 1L;

  RecordException(String message) {
    super(message, null, false, false);
  }
}
