/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

/** A file of guests that is wrong. The message names the file, the line, and what is allowed. */
public final class GuestFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String pointer;
  private final String words;

  GuestFileException(String message) {
    this(message, "", message);
  }

  GuestFileException(String message, String pointer, String words) {
    super(message);
    this.pointer = pointer;
    this.words = words;
  }

  /** Where in the table the problem is, as a JSON pointer; empty for the whole. */
  public String pointer() {
    return pointer;
  }

  /** What is wrong and what is allowed, without file and line, for a table inside another file. */
  public String words() {
    return words;
  }
}
