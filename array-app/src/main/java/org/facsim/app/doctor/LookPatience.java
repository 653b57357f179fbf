/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.time.Duration;

/**
 * How long the doctor waits for a server, by the machine's clock.
 *
 * @param connect for a connection
 * @param call for one answer
 * @param whole for all answers together; what was not seen until then is left out, and the report
 *     says so
 */
record LookPatience(Duration connect, Duration call, Duration whole) {
  /** As long as somebody waits for a command. */
  static final LookPatience OF_PEOPLE =
      new LookPatience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(60));
}
