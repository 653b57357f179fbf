/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;

/**
 * The rules as a link of the call chain. Every rule that matches counts the call; of those that
 * apply to it, the first with something to say at a point decides there. Calls of a procedure that
 * no rule can match do not come here.
 */
final class FaultLink implements CallInterceptor {
  private volatile RuleIndex index = RuleIndex.EMPTY;

  /** What is still to be decided, by call; only of calls that a rule applies to. */
  private final Map<CallRecord, List<Due>> due = new ConcurrentHashMap<>();

  /** A rule that decides at the answer of a call, which is the {@code number}th that it matched. */
  private record Due(RuleEffect effect, long number) {}

  /** Other rules, for the calls that arrive when the chain has been refreshed. */
  void use(RuleIndex newIndex) {
    index = newIndex;
  }

  @Override
  public CallInterceptor ofProcedure(Door door, String procedure) {
    RuleIndex.OfProcedure concerned = index.of(door, procedure);
    return concerned.isEmpty() ? null : new Part(concerned.atArrival(), concerned.atOperation());
  }

  /** The rules that may concern calls of one procedure. */
  private final class Part implements CallInterceptor {
    private final Candidates atArrival;
    private final Candidates atOperation;

    Part(Candidates atArrival, Candidates atOperation) {
      this.atArrival = atArrival;
      this.atOperation = atOperation;
    }

    @Override
    public ArrivalVerdict received(CallRecord call) {
      ArrivalVerdict verdict = ArrivalVerdict.SERVE;
      for (CallListener listener : atArrival.of(call)) {
        long number = listener.hear(call);
        if (number != 0) {
          RuleEffect effect = ((InstalledRule) listener).effect();
          ArrivalVerdict next = effect.atArrival();
          verdict = verdict.passes() ? next : verdict;
          rememberIfDue(call, effect, number);
        }
      }
      return verdict;
    }

    @Override
    public OperationVerdict operation(CallRecord call) {
      OperationVerdict verdict = OperationVerdict.PERFORM;
      for (CallListener listener : atOperation.of(call)) {
        long number = listener.hear(call);
        if (number != 0) {
          RuleEffect effect = ((InstalledRule) listener).effect();
          OperationVerdict next = effect.atOperation(call, number);
          verdict = verdict.passes() ? next : verdict;
          rememberIfDue(call, effect, number);
        }
      }
      return verdict;
    }

    private void rememberIfDue(CallRecord call, RuleEffect effect, long number) {
      if (effect.isAtReply()) {
        due.computeIfAbsent(call, key -> new ArrayList<>(1)).add(new Due(effect, number));
      }
    }

    @Override
    public ReplyVerdict answered(CallRecord call) {
      if (due.isEmpty()) {
        return ReplyVerdict.SEND;
      }
      for (Due each : due.getOrDefault(call, List.of())) {
        ReplyVerdict verdict = each.effect.atReply(call, each.number);
        if (!verdict.passes()) {
          return verdict;
        }
      }
      return ReplyVerdict.SEND;
    }

    @Override
    public void ended(CallRecord call) {
      if (!due.isEmpty()) {
        due.remove(call);
      }
    }

    @Override
    public boolean keepsNothing() {
      return true;
    }
  }
}
