/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the browser when the first test asks for it; see {@link InBrowser}. */
final class SharedChromium implements ExecutionCondition, ParameterResolver {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Chromium.isInstalled()
        ? ConditionEvaluationResult.enabled("chromium is there")
        : ConditionEvaluationResult.disabled(
            "skipped: chromium is not installed; apt-get install -y --no-install-recommends"
                + " chromium fonts-dejavu-core");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Chromium.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedChromium.class))
        .computeIfAbsent(Chromium.class, key -> Chromium.start(), Chromium.class);
  }
}
