/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management.console;

import java.util.Objects;

/**
 * One file of the console, ready to be sent.
 *
 * @param contentType its media type
 * @param text its contents
 * @param tag its entity tag, in quotes (RFC 9110 section 8.8.3)
 * @param isPage whether it is a page, which other files are loaded by. The address of any other
 *     file names its contents, so that it may be kept for ever
 */
public record ConsoleFile(String contentType, String text, String tag, boolean isPage) {
  public ConsoleFile {
    Objects.requireNonNull(contentType);
    Objects.requireNonNull(text);
    Objects.requireNonNull(tag);
  }
}
