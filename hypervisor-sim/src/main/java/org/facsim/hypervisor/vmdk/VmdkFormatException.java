/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/**
 * Text or bytes that are not the descriptor, extent or redo log they should be. The message names
 * the line or field, what it holds, and what is allowed; whoever reads the file puts its name
 * before the message.
 */
public final class VmdkFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_SHOWN = 60;

  public VmdkFormatException(String message) {
    super(message);
  }

  private VmdkFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same complaint with the place before it, such as a file's name. */
  public VmdkFormatException in(String place) {
    return new VmdkFormatException(place + ": " + getMessage(), this);
  }

  /** Foreign text as a message may show it: printable, and at most {@value #MAX_SHOWN} long. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), MAX_SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    return text.length() > MAX_SHOWN ? shown + "..." : shown.toString();
  }
}
