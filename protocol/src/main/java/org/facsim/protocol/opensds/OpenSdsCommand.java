/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import java.util.Optional;

/** What a request asks for. */
public enum OpenSdsCommand {
  /** Clone the source into the destination. */
  CLONE(1),
  /** Reserve space for the whole file. */
  RESERVE(2),
  /** Extended statistics of the file. */
  STATISTICS(3),
  /** How far the clone into the destination has come. */
  PROGRESS(4),
  /** Abort the clone into the destination. */
  ABORT(5),
  /** Is CLONE supported on the export whose root is given? */
  CLONE_SUPPORT(6),
  /** Is RESERVE supported? */
  RESERVE_SUPPORT(7),
  /** Is STATISTICS supported? */
  STATISTICS_SUPPORT(8);

  private final int code;

  OpenSdsCommand(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The command of a number; empty if there is none. */
  public static Optional<OpenSdsCommand> ofCode(int code) {
    return code >= 1 && code <= values().length
        ? Optional.of(values()[code - 1])
        : Optional.empty();
  }
}
