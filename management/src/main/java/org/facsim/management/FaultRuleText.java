/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.buffer.Buffer;
import org.facsim.management.FaultJson.RuleJson;
import org.facsim.services.faults.FaultRule;

/** Fault rules as the HTTP door takes them, for programs that have them in files. */
public final class FaultRuleText {
  private FaultRuleText() {}

  /**
   * Reads a rule.
   *
   * @param json an element of {@code rules} in the request that adds rules
   * @throws IllegalArgumentException names what is wrong and what is allowed
   */
  public static FaultRule read(String json) {
    try {
      return FaultReader.rule(JsonBodies.parse(Buffer.buffer(json), RuleJson.class));
    } catch (Problem e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
