/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.array.ArrayException;

/**
 * What the links of the chain have decided about one call, at each point of it: the first verdict
 * that does not let the call pass.
 *
 * <p>One object with {@link CallFacts} and {@link CallRecord}, because a call that is watched must
 * not cost more than one.
 */
abstract class CallDecisions extends CallFacts {
  private ArrivalVerdict arrivalVerdict = ArrivalVerdict.SERVE;
  private OperationVerdict operationVerdict = OperationVerdict.PERFORM;
  private ReplyVerdict replyVerdict = ReplyVerdict.SEND;

  /** The parameters are those of {@link Arrival}. */
  CallDecisions(
      Door door,
      InetSocketAddress client,
      int xid,
      int program,
      int version,
      int procedure,
      String procedureName,
      long requestBytes) {
    super(door, client, xid, program, version, procedure, procedureName, requestBytes);
  }

  /** Another call of the same client: nothing is decided about it. */
  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  final void forgetVerdicts() {
    if (arrivalVerdict != ArrivalVerdict.SERVE) {
      arrivalVerdict = ArrivalVerdict.SERVE;
    }
    if (operationVerdict != OperationVerdict.PERFORM) {
      operationVerdict = OperationVerdict.PERFORM;
    }
    if (replyVerdict != ReplyVerdict.SEND) {
      replyVerdict = ReplyVerdict.SEND;
    }
  }

  final void decide(ArrivalVerdict verdict) {
    if (arrivalVerdict.passes()) {
      arrivalVerdict = verdict;
    }
  }

  final void decide(OperationVerdict verdict) {
    if (operationVerdict.passes()) {
      operationVerdict = verdict;
    }
  }

  final void decide(ReplyVerdict verdict) {
    if (replyVerdict.passes()) {
      replyVerdict = verdict;
    }
  }

  /**
   * Does what was decided at the operation point.
   *
   * @throws RuntimeException see {@link CallRecord#operation}
   */
  final void obey(Calls calls) {
    switch (operationVerdict.kind()) {
      case PERFORM, ALTER -> {}
      case REFUSE ->
          throw new ArrayException(
              operationVerdict.error(), "refused by " + linkInWords(operationVerdict.label()));
      case STATUS -> answerStatus(calls);
      case NO_ANSWER, CLOSE, RESET -> throw new CallOverruled(operationVerdict);
    }
  }

  static String linkInWords(String label) {
    return label.isEmpty() ? "a link of the call chain" : "a fault: " + label;
  }

  /** A status of another door, or one that this procedure does not have, means nothing here. */
  private void answerStatus(Calls calls) {
    DoorStatus chosen = operationVerdict.status();
    if (chosen.door() != door()
        || !calls
            .statuses()
            .of(door())
            .named(procedureName(), chosen.name())
            .equals(Optional.of(chosen))) {
      return;
    }
    if (chosen.isRpcs()) {
      throw new CallOverruled(operationVerdict);
    }
    throw new StatusRefusal(chosen, operationVerdict.label());
  }

  /** How the call is to be performed; known from the operation point on. */
  public Alteration alteration() {
    return operationVerdict.alteration();
  }

  /** What the links decided at the transport point. */
  public ArrivalVerdict arrivalVerdict() {
    return arrivalVerdict;
  }

  /**
   * The labels of the verdicts that did not let the call pass so far, in the order of the points;
   * without a fault the shared empty list.
   */
  public List<String> faults() {
    if (arrivalVerdict.passes() && operationVerdict.passes() && replyVerdict.passes()) {
      return List.of();
    }
    return Stream.of(arrivalVerdict, operationVerdict, replyVerdict)
        .filter(verdict -> !verdict.passes())
        .map(Verdict::label)
        .toList();
  }

  /** What the links decided at the operation point. */
  public OperationVerdict operationVerdict() {
    return operationVerdict;
  }

  /** What the links decided about the answer. */
  public ReplyVerdict replyVerdict() {
    return replyVerdict;
  }
}
