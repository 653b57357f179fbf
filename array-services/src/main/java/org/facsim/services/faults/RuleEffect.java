/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Bandwidth;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.Gate;
import org.facsim.services.calls.Mistake;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.calls.Times;
import org.facsim.services.offload.CloneFault;

/**
 * What a rule does, as verdicts at the points of a call. Each action has one point at which it can
 * act first; a rule that matches by the file acts at the operation point or later. Verdicts that
 * are the same for each call are made once. Thread-safe.
 */
final class RuleEffect {
  private final String label;
  private final FaultRule rule;
  private final long seed;
  private final Gate gate;
  private final FaultGround ground;
  private final boolean seesFile;
  private final FaultAction action;

  /** The end of the rule's time window; null for none. */
  private final Instant end;

  /** What was decided last, where all calls get the same. */
  private final ArrivalVerdict arrival;

  private final ReplyVerdict reply;

  /** Of the doors and procedures that were asked for. */
  private final Map<Door, Map<String, Optional<OperationVerdict>>> statuses =
      new ConcurrentHashMap<>();

  /** What calls share that are known too late for a verdict at arrival; null if there is none. */
  private final Bandwidth lateBandwidth;

  RuleEffect(String label, FaultRule rule, long seed, Gate gate, FaultGround ground) {
    this.label = label;
    this.rule = rule;
    this.seed = seed;
    this.gate = gate;
    this.ground = ground;
    this.seesFile = rule.match().needsOperation();
    this.action = rule.action().orElse(null);
    this.end = rule.limits().end(ground.clock().instant());
    this.arrival = fixedArrival();
    this.reply = fixedReply();
    this.lateBandwidth =
        seesFile && action instanceof FaultAction.Limit limit
            ? new Bandwidth(limit.bytesPerSecond())
            : null;
  }

  private ArrivalVerdict fixedArrival() {
    if (action instanceof FaultAction.NoAnswer) {
      return ArrivalVerdict.noAnswer(label);
    } else if (action instanceof FaultAction.Close) {
      return ArrivalVerdict.close(label);
    } else if (action instanceof FaultAction.Reset) {
      return ArrivalVerdict.reset(label);
    } else if (action instanceof FaultAction.Limit limit) {
      return limit.isForEach()
          ? ArrivalVerdict.limitEachConnection(label, limit.bytesPerSecond())
          : ArrivalVerdict.limit(label, new Bandwidth(limit.bytesPerSecond()));
    }
    return ArrivalVerdict.SERVE;
  }

  private ReplyVerdict fixedReply() {
    if (action instanceof FaultAction.LoseReply) {
      return ReplyVerdict.noAnswer(label);
    } else if (action instanceof FaultAction.Close) {
      return ReplyVerdict.close(label);
    } else if (action instanceof FaultAction.Reset) {
      return ReplyVerdict.reset(label);
    } else if (action instanceof FaultAction.Twice) {
      return ReplyVerdict.twice(label);
    } else if (action instanceof FaultAction.Behind behind) {
      return ReplyVerdict.behind(label, behind.answers(), behind.limit());
    }
    return ReplyVerdict.SEND;
  }

  /** Whether the effect is on how a call is performed, and so on nothing that is not. */
  boolean isAtOperation() {
    return action instanceof FaultAction.Status
        || action instanceof FaultAction.ShortTransfer
        || action instanceof FaultAction.Lie
        || action instanceof FaultAction.Corrupt;
  }

  /** Whether something is still to be decided when the answer leaves. */
  boolean isAtReply() {
    boolean isExecutedFirst =
        (action instanceof FaultAction.Close close && close.isExecuted())
            || (action instanceof FaultAction.Reset reset && reset.isExecuted());
    return rule.delay().isPresent()
        || isExecutedFirst
        || lateBandwidth != null
        || action instanceof FaultAction.LoseReply
        || action instanceof FaultAction.Twice
        || action instanceof FaultAction.Behind;
  }

  /** Whether calls of this kind can meet the effect. */
  boolean mayConcern(Door door, String procedure) {
    return !(action instanceof FaultAction.Status) || statusOf(door, procedure).isPresent();
  }

  /**
   * Whether this call can: a procedure of one name may be there in several versions of a protocol,
   * of which one has the status.
   */
  boolean concerns(CallRecord call) {
    if (!(action instanceof FaultAction.Status)) {
      return true;
    }
    return statusOf(call.door(), call.procedureName())
        .filter(
            verdict ->
                ground.doors().statuses().of(call.door()).isOf(call.version(), verdict.status()))
        .isPresent();
  }

  private Optional<OperationVerdict> statusOf(Door door, String procedure) {
    if (door == Door.HTTP) {
      return findStatus(door, procedure); // paths have no bound
    }
    return statuses
        .computeIfAbsent(door, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(procedure, key -> findStatus(door, procedure));
  }

  private Optional<OperationVerdict> findStatus(Door door, String procedure) {
    try {
      DoorStatus status =
          ground.doors().statuses().find(door, procedure, ((FaultAction.Status) action).name());
      return Optional.of(OperationVerdict.status(label, status));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /** Decides at arrival, on a call that the rule applies to. */
  ArrivalVerdict atArrival() {
    if (startsDeed() || isAtReply()) {
      return ArrivalVerdict.SERVE;
    } else if (action instanceof FaultAction.StopReading stop) {
      Duration time = stop.time().orElseGet(this::left);
      return time == null
          ? ArrivalVerdict.stopReading(label, gate)
          : ArrivalVerdict.stopReading(label, time);
    } else if (action instanceof FaultAction.Pause pause) {
      Duration time = pause.time().orElseGet(this::left);
      return time == null ? ArrivalVerdict.hold(label, gate) : ArrivalVerdict.delay(label, time);
    }
    return arrival;
  }

  /** What is left of the time window; null if it has no end. */
  private Duration left() {
    if (end == null) {
      return null;
    }
    Duration left = Duration.between(ground.clock().instant(), end);
    return left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left;
  }

  /**
   * Decides at the operation point.
   *
   * @param number of the call among those that match
   */
  OperationVerdict atOperation(CallRecord call, long number) {
    if (startsDeed()) {
      return OperationVerdict.PERFORM;
    } else if (action instanceof FaultAction.Status) {
      return statusOf(call.door(), call.procedureName()).orElse(OperationVerdict.PERFORM);
    } else if (action instanceof FaultAction.ShortTransfer shorter) {
      return OperationVerdict.alter(label, Alteration.atMost(shorter.maxBytes()));
    } else if (action instanceof FaultAction.Lie lie) {
      return OperationVerdict.alter(label, Alteration.lying(lie.attributes()));
    } else if (action instanceof FaultAction.Corrupt corrupt) {
      long where = Draw.bits(seed, number, Draw.Purpose.MISTAKE);
      return OperationVerdict.alter(
          label, Alteration.mistaken(new Mistake(where, corrupt.count(), corrupt.lengthBytes())));
    }
    return stopped();
  }

  private OperationVerdict stopped() {
    if (!isAtReply()) {
      if (action instanceof FaultAction.NoAnswer) {
        return OperationVerdict.noAnswer(label);
      } else if (action instanceof FaultAction.Close) {
        return OperationVerdict.close(label);
      } else if (action instanceof FaultAction.Reset) {
        return OperationVerdict.reset(label);
      }
    }
    return OperationVerdict.PERFORM;
  }

  /**
   * Decides when the answer is about to leave.
   *
   * @param number of the call among those that match
   */
  ReplyVerdict atReply(CallRecord call, long number) {
    if (rule.delay().isPresent()) {
      return delayed(rule.delay().get(), number);
    } else if (lateBandwidth != null) {
      long nanos = lateBandwidth.applyAsLong(call.requestBytes() + call.replyBytes());
      return late(Duration.ofNanos(nanos));
    }
    return reply;
  }

  private ReplyVerdict delayed(FaultAction.Delay delay, long number) {
    double share = 2 * Draw.fraction(seed, number, Draw.Purpose.JITTER) - 1;
    long nanos = delay.time().toNanos() + (long) (share * delay.jitter().toNanos());
    return late(Duration.ofNanos(nanos));
  }

  private ReplyVerdict late(Duration time) {
    if (time.isNegative() || time.isZero()) {
      return ReplyVerdict.SEND;
    }
    return ReplyVerdict.delay(label, time.compareTo(Times.MAX) > 0 ? Times.MAX : time);
  }

  /** Starts what happens to the whole array, if that is the action. */
  private boolean startsDeed() {
    if (action instanceof FaultAction.Takeover takeover) {
      ground.array().takeover(takeover.away());
      return true;
    } else if (action instanceof FaultAction.LosePower lose) {
      ground.array().powerFailure(lose.failure());
      return true;
    }
    return false;
  }

  /** The fault of a clone job that the rule applies to. */
  CloneFault ofJob() {
    return ((FaultAction.CloneJob) action).toFault(label, gate::whenOpen);
  }
}
