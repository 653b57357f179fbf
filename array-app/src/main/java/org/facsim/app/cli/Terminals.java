/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.Map;

/**
 * What stdout and stderr are. The launcher tells, because Java cannot find out about each of them.
 */
final class Terminals {
  private static final String STDOUT = "facsim.stdout.terminal";
  private static final String STDERR = "facsim.stderr.terminal";

  private Terminals() {}

  /** Whether lines on stderr can be drawn again. */
  static boolean redrawsStderr(Map<String, String> environment) {
    return Boolean.getBoolean(STDERR) && !isDumb(environment);
  }

  /** Whether somebody looks at stdout. */
  static boolean showsStdout() {
    return Boolean.getBoolean(STDOUT);
  }

  /** Whether stdout shows colours, and whoever looks at it wants them (no-color.org). */
  static boolean coloursStdout(Map<String, String> environment) {
    return Boolean.getBoolean(STDOUT)
        && !isDumb(environment)
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  private static boolean isDumb(Map<String, String> environment) {
    return "dumb".equals(environment.get("TERM"));
  }
}
