/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What is to become of a call that has arrived: the verdict of {@link CallInterceptor#received}.
 *
 * <p>Over UDP, {@link Kind#CLOSE} and {@link Kind#RESET} are {@link Kind#NO_ANSWER}, because there
 * is no connection, and {@link Kind#STOP_READING} serves the call. Over HTTP, whose connections
 * carry one request at a time, everything applies; a request that is left without an answer has its
 * connection closed after a time.
 *
 * <p>What is kept is bounded: if the calls that wait on one connection, or on all together, are too
 * many or too large, that connection is not read until some of them are done. A datagram beyond the
 * bound is lost.
 */
public final class ArrivalVerdict implements Verdict {
  /** What a verdict does. */
  public enum Kind {
    /** The call is served. */
    SERVE,

    /** The call is not served and not answered; the connection stays open. */
    NO_ANSWER,

    /**
     * The call is not served, and the connection is closed after the answers to earlier calls are
     * sent: the peer reads them, then the end of the stream (FIN).
     */
    CLOSE,

    /**
     * The call is not served, and the connection is reset at once (RST); answers that the peer has
     * not received yet are lost.
     */
    RESET,

    /** The call is served after a time; later calls of the connection may overtake it. */
    DELAY,

    /** The call is served when a {@link Gate} opens, in its order among the calls that wait. */
    HOLD,

    /**
     * The call is served, and nothing more is read from its connection for a time or until a {@link
     * Gate} opens: the peer meets a closed TCP window. Other connections go on.
     */
    STOP_READING,

    /** The call and its answer pass no faster than a {@link Bandwidth} lets them. */
    LIMIT
  }

  /** The call is served. */
  public static final ArrivalVerdict SERVE = new ArrivalVerdict(Kind.SERVE, "", 0, null, null, 0);

  private final Kind kind;
  private final String label;
  private final long nanos;
  private final Gate gate;
  private final Bandwidth shared;
  private final long bytesPerSecond;

  private ArrivalVerdict(
      Kind kind, String label, long nanos, Gate gate, Bandwidth shared, long bytesPerSecond) {
    this.kind = kind;
    this.label = requireNonNull(label, "label");
    this.nanos = nanos;
    this.gate = gate;
    this.shared = shared;
    this.bytesPerSecond = bytesPerSecond;
  }

  private static ArrivalVerdict of(Kind kind, String label) {
    return new ArrivalVerdict(kind, label, 0, null, null, 0);
  }

  /** {@link Kind#NO_ANSWER}. */
  public static ArrivalVerdict noAnswer(String label) {
    return of(Kind.NO_ANSWER, label);
  }

  /** {@link Kind#CLOSE}. */
  public static ArrivalVerdict close(String label) {
    return of(Kind.CLOSE, label);
  }

  /** {@link Kind#RESET}. */
  public static ArrivalVerdict reset(String label) {
    return of(Kind.RESET, label);
  }

  /**
   * {@link Kind#DELAY}.
   *
   * @param time more than 0, at most {@link Times#MAX}
   */
  public static ArrivalVerdict delay(String label, Duration time) {
    return new ArrivalVerdict(Kind.DELAY, label, Times.nanos(time), null, null, 0);
  }

  /** {@link Kind#HOLD}, until the gate opens. */
  public static ArrivalVerdict hold(String label, Gate gate) {
    return new ArrivalVerdict(Kind.HOLD, label, 0, requireNonNull(gate, "gate"), null, 0);
  }

  /**
   * {@link Kind#STOP_READING}, for a time.
   *
   * @param time more than 0, at most {@link Times#MAX}
   */
  public static ArrivalVerdict stopReading(String label, Duration time) {
    return new ArrivalVerdict(Kind.STOP_READING, label, Times.nanos(time), null, null, 0);
  }

  /** {@link Kind#STOP_READING}, until the gate opens. */
  public static ArrivalVerdict stopReading(String label, Gate gate) {
    return new ArrivalVerdict(Kind.STOP_READING, label, 0, requireNonNull(gate, "gate"), null, 0);
  }

  /** {@link Kind#LIMIT}, with one bandwidth that all calls share to which the verdict applies. */
  public static ArrivalVerdict limit(String label, Bandwidth shared) {
    return new ArrivalVerdict(Kind.LIMIT, label, 0, null, requireNonNull(shared, "shared"), 0);
  }

  /**
   * {@link Kind#LIMIT}, with a bandwidth for each connection; over UDP, for each socket of the
   * array.
   *
   * @param bytesPerSecond {@link Bandwidth#MIN_BYTES_PER_SECOND} or more
   */
  public static ArrivalVerdict limitEachConnection(String label, long bytesPerSecond) {
    return new ArrivalVerdict(Kind.LIMIT, label, 0, null, null, Bandwidth.checked(bytesPerSecond));
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
    return kind == Kind.SERVE;
  }

  /** The time of a delay, or for which nothing is read; 0 if a {@link #gate} says how long. */
  public long nanos() {
    return nanos;
  }

  /** What a call, or the reading, waits for; null if there is none. */
  public Gate gate() {
    return gate;
  }

  /**
   * The bandwidth of a {@link Kind#LIMIT}.
   *
   * @param latest what this returned last for the same connection, or null; returned again if it is
   *     of this verdict
   */
  public Bandwidth bandwidth(Bandwidth latest) {
    if (shared != null) {
      return shared;
    }
    return latest != null && latest.isOf(this) ? latest : Bandwidth.ofVerdict(this, bytesPerSecond);
  }

  @Override
  public String toString() {
    return label.isEmpty() ? kind.toString() : kind + " (" + label + ")";
  }
}
