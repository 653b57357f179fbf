/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.hypervisor.task.MethodFault;

/**
 * What became of an operation, as facts by the keys of the expectation {@code task}.
 *
 * @param facts those that it has
 */
record Outcome(Map<String, String> facts) {
  static final Outcome DONE = new Outcome(Map.of("state", "success"));

  Outcome {
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** An operation that an operator sees fail. */
  static Outcome failed(RuntimeException failure) {
    MethodFault fault = MethodFault.of(failure);
    return DONE.with("state", "error")
        .with("fault", fault.type().vmwareName())
        .with("message", fault.message());
  }

  Outcome with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(key, value);
    return new Outcome(more);
  }

  Outcome with(String key, long value) {
    return with(key, Long.toString(value));
  }

  boolean isFailure() {
    return "error".equals(facts.get("state"));
  }

  /** A fact; none if the operation has none of the kind. */
  Fact fact(String key) {
    return Fact.of(facts.getOrDefault(key, Fact.NONE));
  }
}
