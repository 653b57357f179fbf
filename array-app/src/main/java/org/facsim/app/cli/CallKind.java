/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of calls in one word of the command line: a procedure, or conditions with commas between
 * them, as in {@code procedure=WRITE,path=/datastore1/a}. A comma before something that is no
 * condition belongs to the value.
 */
final class CallKind {
  private static final Pattern CONDITION = Pattern.compile("([a-z-]+)=(.*?)(?=,[a-z-]+=|$)");

  private CallKind() {}

  /** Puts the conditions into an object. */
  static void put(ObjectNode into, String kind) {
    if (kind.indexOf('=') < 0) {
      into.put("procedure", kind);
      return;
    }
    if (!kind.matches("(?s)[a-z-]+=.*")) { // refused by the array, with what is allowed
      into.put(kind.substring(0, kind.indexOf('=')), kind.substring(kind.indexOf('=') + 1));
      return;
    }
    Matcher condition = CONDITION.matcher(kind);
    while (condition.find()) {
      into.put(condition.group(1), condition.group(2));
    }
  }
}
