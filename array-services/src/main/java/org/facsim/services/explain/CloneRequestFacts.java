/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Objects;

/**
 * What a host asked for, without the array's types, so that it may be kept.
 *
 * @param client the host's address
 * @param dialect what it spoke
 * @param volume of the destination; empty if it is not known
 * @param kind for people, for example {@code full clone} or {@code guarded fast clone}
 * @param source as the host named it
 * @param destination as the host named it
 */
public record CloneRequestFacts(
    String client,
    String dialect,
    String volume,
    String kind,
    boolean isDryRun,
    String source,
    String destination) {
  public CloneRequestFacts {
    Objects.requireNonNull(client);
    Objects.requireNonNull(dialect);
    Objects.requireNonNull(volume);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
  }
}
