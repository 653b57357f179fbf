/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.Objects;

/** A lab cannot do what it was asked to do. The message says what was wrong and what is allowed. */
public final class LabRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    /** There is no such thing. */
    NOT_FOUND,
    /** The request is wrong as it is. */
    INVALID,
    /** It does not fit what the lab is in. */
    CONFLICT,
    /** Too much is under way; try again later. */
    BUSY
  }

  private final Kind kind;

  public LabRefusal(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = Objects.requireNonNull(kind);
  }

  public Kind kind() {
    return kind;
  }

  Problem asProblem() {
    return switch (kind) {
      case NOT_FOUND -> Problem.notFound(getMessage());
      case INVALID -> Problem.badRequest(getMessage());
      case CONFLICT -> new Problem(409, "Conflict", getMessage());
      case BUSY -> new Problem(503, "Busy", getMessage());
    };
  }
}
