/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one server answered to one step, as comparable words by name. Not thread-safe. */
final class Facts {
  static final String STATUS = "status";
  static final String OK = "OK";

  /** The status of a step that was not sent, because nothing brought its object. */
  static final String NOT_SENT = "not sent";

  private final Map<String, String> facts = new LinkedHashMap<>();

  Facts put(String name, Object value) {
    facts.put(name, String.valueOf(value));
    return this;
  }

  Facts status(String status) {
    return put(STATUS, status);
  }

  void remove(String name) {
    facts.remove(name);
  }

  String status() {
    return facts.getOrDefault(STATUS, "none");
  }

  boolean isOk() {
    return status().equals(OK);
  }

  /** In the order in which they were told. */
  Map<String, String> all() {
    return Collections.unmodifiableMap(facts);
  }

  @Override
  public String toString() {
    return facts.toString();
  }
}
