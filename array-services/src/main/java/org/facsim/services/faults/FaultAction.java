/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.calls.Mistake;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.calls.Times;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.OffloadError;

/** What happens to a call that a rule applies to, or to the array, or to a clone job. */
public sealed interface FaultAction {
  /** The longest name of a status, in characters. */
  int MAX_STATUS = 64;

  private static void require(boolean isAllowed, String complaint) {
    if (!isAllowed) {
      throw new IllegalArgumentException(complaint);
    }
  }

  private static void requireTime(String what, Duration time) {
    require(
        !time.isNegative() && !time.isZero() && time.compareTo(Times.MAX) <= 0,
        what + " of " + time + "; allowed: above 0, at most " + Times.MAX.toHours() + " h");
  }

  /**
   * The call is not performed, and answered with one of its door's statuses.
   *
   * @param name as the protocol calls it, for example {@code JUKEBOX}
   */
  record Status(String name) implements FaultAction {
    public Status {
      require(
          !name.isEmpty() && name.length() <= MAX_STATUS,
          "a status of " + name.length() + " characters; allowed: 1 to " + MAX_STATUS);
    }
  }

  /**
   * Call and answer pass no faster than this.
   *
   * @param bytesPerSecond at least 1024
   * @param isForEach whether each connection has the bandwidth for itself
   */
  record Limit(long bytesPerSecond, boolean isForEach) implements FaultAction {
    private static final long MIN = 1024;

    public Limit {
      require(
          bytesPerSecond >= MIN,
          "a bandwidth of " + bytesPerSecond + " bytes per second; allowed: " + MIN + " and more");
    }
  }

  /** The call is not performed and not answered; the connection stays open. */
  record NoAnswer() implements FaultAction {}

  /**
   * The connection is closed (FIN).
   *
   * @param isExecuted whether the call is performed before that
   */
  record Close(boolean isExecuted) implements FaultAction {}

  /**
   * The connection is reset (RST).
   *
   * @param isExecuted whether the call is performed before that
   */
  record Reset(boolean isExecuted) implements FaultAction {}

  /** The call is performed, its reply is lost. */
  record LoseReply() implements FaultAction {}

  /** The reply is sent twice. */
  record Twice() implements FaultAction {}

  /**
   * The reply is sent behind later ones of its connection.
   *
   * @param answers behind how many
   * @param limit after which it is sent in any case
   */
  record Behind(int answers, Duration limit) implements FaultAction {
    public Behind {
      require(
          answers >= 1 && answers <= ReplyVerdict.MAX_BEHIND,
          "behind " + answers + " replies; allowed: 1 to " + ReplyVerdict.MAX_BEHIND);
      requireTime("a limit", limit);
    }
  }

  /**
   * A READ returns, and a WRITE stores, at most so much, and says so.
   *
   * @param maxBytes 0 or more
   */
  record ShortTransfer(int maxBytes) implements FaultAction {
    public ShortTransfer {
      require(maxBytes >= 0, "at most " + maxBytes + " bytes; allowed: 0 and more");
    }
  }

  /**
   * The call is served; then nothing more is read from its connection, whose TCP window closes.
   *
   * @param time how long; empty until the rule is removed or its time window ends
   */
  record StopReading(Optional<Duration> time) implements FaultAction {
    public StopReading {
      time.ifPresent(given -> requireTime("a time", given));
    }
  }

  /**
   * The call is served after that time.
   *
   * @param time how long; empty until the rule is removed or its time window ends
   */
  record Pause(Optional<Duration> time) implements FaultAction {
    public Pause {
      time.ifPresent(given -> requireTime("a time", given));
    }
  }

  /** The answer lies about the attributes of files. */
  record Lie(FalseAttributes attributes) implements FaultAction {
    public Lie {
      require(!attributes.areTrue(), "no wrong attribute; allowed: size, mtime, fileId, links");
    }
  }

  /**
   * Silent corruption in the data of a READ's reply, or of a WRITE. The rule's seed decides where.
   *
   * @param count runs of bytes
   * @param lengthBytes of each
   */
  record Corrupt(int count, int lengthBytes) implements FaultAction {
    public Corrupt {
      require(
          count >= 1 && count <= Mistake.MAX_COUNT,
          count + " mistakes; allowed: 1 to " + Mistake.MAX_COUNT);
      require(
          lengthBytes >= 1 && lengthBytes <= Mistake.MAX_LENGTH_BYTES,
          "a mistake of " + lengthBytes + " bytes; allowed: 1 to " + Mistake.MAX_LENGTH_BYTES);
    }
  }

  /** A controller takeover; see {@link ArrayFaults#takeover}. */
  record Takeover(Duration away) implements FaultAction {
    public Takeover {
      ArrayFaults.requireAway(away);
      require(!away.isZero(), "a takeover of 0 s; allowed: more, up to 24 h");
    }
  }

  /** The power fails; see {@link ArrayFaults#powerFailure}. */
  record LosePower(ArrayFaults.PowerFailure failure) implements FaultAction {
    public LosePower {
      Objects.requireNonNull(failure);
    }
  }

  /**
   * The clone job that the call starts goes wrong; see {@link CloneFault}, whose parameters these
   * are. A stalled job goes on when the rule is removed.
   */
  record CloneJob(
      long bytesPerSecond,
      double slowdown,
      int stallAtPercent,
      int failAtPercent,
      OffloadError error)
      implements FaultAction {
    public CloneJob {
      CloneFault fault =
          new CloneFault(
              "", bytesPerSecond, slowdown, stallAtPercent, failAtPercent, error, task -> {});
      require(
          bytesPerSecond > 0
              || slowdown > 1
              || fault.stallAtPercent() >= 0
              || fault.failAtPercent() >= 0,
          "nothing happens to the clone job; allowed: a rate, a slowdown, a percentage at which it"
              + " stalls or fails");
    }

    CloneFault toFault(String label, Consumer<Runnable> whenResumed) {
      return new CloneFault(
          label, bytesPerSecond, slowdown, stallAtPercent, failAtPercent, error, whenResumed);
    }
  }

  /**
   * A reply that comes late. Other calls of the connection are answered meanwhile.
   *
   * @param time 0 or more
   * @param jitter by how much more or less, at most; never more than {@code time}
   */
  record Delay(Duration time, Duration jitter) {
    public Delay {
      requireTime("a delay", time.plus(jitter));
      require(
          !jitter.isNegative() && jitter.compareTo(time) <= 0,
          "a jitter of " + jitter + "; allowed: 0 to the delay, " + time);
    }
  }
}
