/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What values an option takes: for the table of options and the schema of the configuration file. A
 * converter implements it, so that what is said is beside what is checked.
 */
interface ValueForm {
  /** What is allowed, in a few words. */
  String allowed();

  /** The same as JSON Schema, for a value in the file. A text unless the converter knows better. */
  default ObjectNode schema() {
    return text();
  }

  static ObjectNode text() {
    return JsonNodeFactory.instance.objectNode().put("type", "string").put("minLength", 1);
  }

  static ObjectNode pattern(String pattern) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.putArray("type").add("string").add("integer");
    return schema.put("pattern", pattern);
  }

  /** A whole number, which YAML may also have in quotes. */
  static ObjectNode wholeNumber(long least, long most) {
    return pattern("^[0-9]+$").put("minimum", least).put("maximum", most);
  }
}
