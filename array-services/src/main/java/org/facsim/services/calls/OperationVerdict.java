/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import static java.util.Objects.requireNonNull;

import org.facsim.array.ArrayError;

/**
 * Whether and how a call is performed: the verdict of {@link CallInterceptor#operation}. A call
 * that is not performed has changed nothing.
 */
public final class OperationVerdict implements Verdict {
  /** What a verdict does. */
  public enum Kind {
    /** The call is performed. */
    PERFORM,

    /** The call is not performed, and answered with an error of the array in the door's words. */
    REFUSE,

    /** The call is not performed, and answered with one of the door's own statuses. */
    STATUS,

    /** The call is performed otherwise than it asks, as an {@link Alteration} says. */
    ALTER,

    /**
     * The call is neither performed nor answered; the connection stays open. A retransmission is a
     * new call.
     */
    NO_ANSWER,

    /** As {@link #NO_ANSWER}, and the connection is closed as {@link ArrivalVerdict.Kind#CLOSE}. */
    CLOSE,

    /** As {@link #NO_ANSWER}, and the connection is reset as {@link ArrivalVerdict.Kind#RESET}. */
    RESET
  }

  /** The call is performed. */
  public static final OperationVerdict PERFORM =
      new OperationVerdict(Kind.PERFORM, "", null, null, Alteration.NONE);

  private final Kind kind;
  private final String label;
  private final ArrayError error;
  private final DoorStatus status;
  private final Alteration alteration;

  private OperationVerdict(
      Kind kind, String label, ArrayError error, DoorStatus status, Alteration alteration) {
    this.kind = kind;
    this.label = requireNonNull(label, "label");
    this.error = error;
    this.status = status;
    this.alteration = alteration;
  }

  /** {@link Kind#REFUSE}. */
  public static OperationVerdict refuse(String label, ArrayError error) {
    return new OperationVerdict(
        Kind.REFUSE, label, requireNonNull(error, "error"), null, Alteration.NONE);
  }

  /**
   * {@link Kind#STATUS}. A call of another door, or of a procedure whose results have no such
   * status, is performed.
   *
   * @param status one of {@link DoorStatuses}
   */
  public static OperationVerdict status(String label, DoorStatus status) {
    return new OperationVerdict(
        Kind.STATUS, label, null, requireNonNull(status, "status"), Alteration.NONE);
  }

  /**
   * {@link Kind#ALTER}. A procedure to which nothing of the alteration applies is performed as it
   * asks.
   */
  public static OperationVerdict alter(String label, Alteration alteration) {
    return new OperationVerdict(
        Kind.ALTER, label, null, null, requireNonNull(alteration, "alteration"));
  }

  /** {@link Kind#NO_ANSWER}. */
  public static OperationVerdict noAnswer(String label) {
    return new OperationVerdict(Kind.NO_ANSWER, label, null, null, Alteration.NONE);
  }

  /** {@link Kind#CLOSE}. */
  public static OperationVerdict close(String label) {
    return new OperationVerdict(Kind.CLOSE, label, null, null, Alteration.NONE);
  }

  /** {@link Kind#RESET}. */
  public static OperationVerdict reset(String label) {
    return new OperationVerdict(Kind.RESET, label, null, null, Alteration.NONE);
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean passes() {
    return kind == Kind.PERFORM;
  }

  /** The error of {@link Kind#REFUSE}; otherwise null. */
  public ArrayError error() {
    return error;
  }

  /** The status of {@link Kind#STATUS}; otherwise null. */
  public DoorStatus status() {
    return status;
  }

  /** How the call is performed; {@link Alteration#NONE} unless {@link Kind#ALTER}. */
  public Alteration alteration() {
    return alteration;
  }

  @Override
  public String toString() {
    return label.isEmpty() ? kind.toString() : kind + " (" + label + ")";
  }
}
