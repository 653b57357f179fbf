/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

/** What the load generator's {@code --vers} takes. */
enum NfsVersion {
  V3("3"),
  V4_1("4");

  final String id;

  NfsVersion(String id) {
    this.id = id;
  }
}
