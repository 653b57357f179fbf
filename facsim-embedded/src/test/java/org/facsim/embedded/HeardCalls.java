/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;

/** A link that writes down what it hears, and says what it is told to say. */
final class HeardCalls implements CallInterceptor {
  private final List<String> heard = new CopyOnWriteArrayList<>();
  volatile ArrivalVerdict arrival = ArrivalVerdict.SERVE;
  volatile OperationVerdict operation = OperationVerdict.PERFORM;
  volatile ReplyVerdict reply = ReplyVerdict.SEND;
  volatile CallRecord last;

  @Override
  public ArrivalVerdict received(CallRecord call) {
    last = call;
    heard.add("received " + call.door() + " " + call.procedureName());
    return arrival;
  }

  @Override
  public OperationVerdict operation(CallRecord call) {
    heard.add(
        "operation on "
            + call.volume().map(volume -> volume.name()).orElse("nothing")
            + call.name().map(name -> " " + name).orElse(""));
    return operation;
  }

  @Override
  public ReplyVerdict answered(CallRecord call) {
    heard.add("answered " + call.status().getAsLong());
    return reply;
  }

  @Override
  public void ended(CallRecord call) {
    heard.add("ended");
  }

  /** Waits until so many calls have ended since the last {@link #take}. */
  void awaitEnded(int count) {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (heard.stream().filter("ended"::equals).count() < count) {
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError("only heard " + heard);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** What was heard since the last time. */
  List<String> take() {
    List<String> taken = List.copyOf(heard);
    heard.clear();
    return taken;
  }
}
