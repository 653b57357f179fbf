/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.List;
import java.util.Objects;

/**
 * How one precondition stands.
 *
 * @param evidence what the doctor saw, a line each
 */
public record Finding(Check check, Verdict verdict, List<String> evidence) {
  public Finding {
    Objects.requireNonNull(check);
    Objects.requireNonNull(verdict);
    evidence = List.copyOf(evidence);
  }
}
