/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * The options of this JVM, given or chosen by it. Runtimes without the module {@code
 * jdk.management} know only what is on the command line.
 */
final class JvmOption {
  private JvmOption() {}

  /**
   * Returns the value of an option.
   *
   * @param name as after {@code -XX:}
   * @return empty if nothing is known of it
   */
  static Optional<String> value(String name) {
    try {
      return Optional.of(
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption(name)
              .getValue());
    } catch (IllegalArgumentException | NullPointerException | LinkageError e) {
      return given(name); // another JVM, or one without that module
    }
  }

  private static Optional<String> given(String name) {
    String start = "-XX:" + name + "=";
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(start))
        .map(argument -> argument.substring(start.length()))
        .reduce((earlier, later) -> later);
  }

  /**
   * Returns the value of an option that is a size in bytes. On a command line it may end with k, m,
   * g or t.
   */
  static Optional<Long> bytes(String name) {
    return value(name).map(JvmOption::parseBytes);
  }

  static long parseBytes(String text) {
    int shift = 10 * ("kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1))) + 1);
    return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
  }
}
