/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.regex.Pattern;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/** The form of the names of volumes, states and settings. */
public final class ArrayName {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  private ArrayName() {}

  /**
   * Refuses a name that does not have the form.
   *
   * @param what whose name it is, for the message
   * @throws ArrayException INVALID_ARGUMENT, which says what is allowed
   */
  public static void require(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          what
              + " name '"
              + name
              + "'; allowed: 1 to 64 of letters, digits, '.', '_', '-', no leading '.'");
    }
  }
}
