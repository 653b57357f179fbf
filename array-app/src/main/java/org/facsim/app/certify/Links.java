/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.calls.VaaiCalls;

/** Links of the call chain, each of which makes one call of VAAI go wrong, in any dialect. */
final class Links {
  private static final String LABEL = "certify";

  private Links() {}

  private static boolean is(CallRecord call, String procedure) {
    return VaaiCalls.isNamed(procedure, call.door(), call.procedureName());
  }

  /** Executed, but the reply of the first call is lost. */
  static CallInterceptor loseReply(String procedure, boolean resets) {
    AtomicBoolean isDone = new AtomicBoolean();
    return new CallInterceptor() {
      @Override
      public ReplyVerdict answered(CallRecord call) {
        if (!is(call, procedure) || !isDone.compareAndSet(false, true)) {
          return ReplyVerdict.SEND;
        }
        return resets ? ReplyVerdict.reset(LABEL) : ReplyVerdict.noAnswer(LABEL);
      }
    };
  }

  /** Neither executed nor answered. */
  static CallInterceptor silence(String procedure) {
    return new CallInterceptor() {
      @Override
      public ArrivalVerdict received(CallRecord call) {
        return is(call, procedure) ? ArrivalVerdict.noAnswer(LABEL) : ArrivalVerdict.SERVE;
      }
    };
  }

  /**
   * Every call is answered with a status.
   *
   * @param status as the VAAI program calls it
   * @param unsaid hears of a door that has no such status, and performs the call
   */
  static CallInterceptor refuse(
      String procedure, String status, DoorStatuses statuses, Consumer<Door> unsaid) {
    return new CallInterceptor() {
      @Override
      public OperationVerdict operation(CallRecord call) {
        if (!is(call, procedure)) {
          return OperationVerdict.PERFORM;
        }
        Optional<DoorStatus> said = statuses.of(call.door()).named(call.procedureName(), status);
        if (said.isEmpty()) {
          unsaid.accept(call.door());
        }
        return said.map(own -> OperationVerdict.status(LABEL, own))
            .orElse(OperationVerdict.PERFORM);
      }
    };
  }

  /** The first calls are answered BUSY. */
  static CallInterceptor busy(String procedure, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return new CallInterceptor() {
      @Override
      public OperationVerdict operation(CallRecord call) {
        return is(call, procedure) && left.getAndDecrement() > 0
            ? OperationVerdict.refuse(LABEL, ArrayError.BUSY)
            : OperationVerdict.PERFORM;
      }
    };
  }

  /** The first call finds an array that restarts. */
  static CallInterceptor restartOn(String procedure, Runnable restart) {
    return restartOnceItHolds(procedure, () -> true, restart);
  }

  /** The first call after something has come about finds an array that restarts. */
  static CallInterceptor restartOnceItHolds(
      String procedure, BooleanSupplier condition, Runnable restart) {
    AtomicBoolean isDone = new AtomicBoolean();
    return new CallInterceptor() {
      @Override
      public ArrivalVerdict received(CallRecord call) {
        if (!is(call, procedure)
            || !condition.getAsBoolean()
            || !isDone.compareAndSet(false, true)) {
          return ArrivalVerdict.SERVE;
        }
        restart.run();
        return ArrivalVerdict.noAnswer(LABEL);
      }
    };
  }

  /** The first call is executed, and instead of its reply the array restarts. */
  static CallInterceptor restartInsteadOfReply(String procedure, Runnable restart) {
    AtomicBoolean isDone = new AtomicBoolean();
    return new CallInterceptor() {
      @Override
      public ReplyVerdict answered(CallRecord call) {
        if (!is(call, procedure) || !isDone.compareAndSet(false, true)) {
          return ReplyVerdict.SEND;
        }
        restart.run();
        return ReplyVerdict.noAnswer(LABEL);
      }
    };
  }
}
