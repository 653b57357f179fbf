/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import java.util.Objects;

/**
 * Some clients of an export and what they may do.
 *
 * @param clients the clients to which the rule applies
 * @param options what they may do
 */
public record ExportRule(AddressRange clients, ExportOptions options) {
  public ExportRule {
    Objects.requireNonNull(clients);
    Objects.requireNonNull(options);
  }

  /** One rule for every client. */
  public static ExportRule forEveryone(ExportOptions options) {
    return new ExportRule(AddressRange.EVERYONE, options);
  }

  /** The rule in the notation of {@code exports(5)}: {@code 10.0.0.0/8(ro,root_squash,...)}. */
  @Override
  public String toString() {
    return clients + "(" + ExportSyntax.format(options) + ")";
  }
}
