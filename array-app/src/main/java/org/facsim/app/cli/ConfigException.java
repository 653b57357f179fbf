/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

/** A configuration file that cannot be used. The message is for the author of the file. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * An error at a place of the file.
   *
   * @param what names the field, says what is wrong and, after {@code allowed:}, what would be
   *     right
   */
  ConfigException(String file, ConfigNode.Place at, String what) {
    super(file + ":" + at + ": " + what);
  }

  /** An error of the whole file. */
  ConfigException(String file, String what) {
    super(file + ": " + what);
  }
}
