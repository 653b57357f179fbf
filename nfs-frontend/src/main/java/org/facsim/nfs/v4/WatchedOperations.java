/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.access.Grant;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallLinks;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;

/**
 * Shows the operations of one COMPOUND to the links of the call chain, each as a call of its own
 * with all points of a call. Made only while there is a link.
 *
 * <p>What a link decides about an operation is done to the operation where that has a meaning, and
 * otherwise to the COMPOUND: a delay suspends it, and an operation that gets no answer, or whose
 * answer is lost, takes the whole answer along. A connection is not slowed down and not stopped for
 * an operation; rules for COMPOUND do that.
 */
final class WatchedOperations {
  private final Compound compound;
  private final Calls calls;
  private final CallLinks links;

  /** The COMPOUND as a call. */
  private final CallRecord whole;

  /** The operation that runs; null if it concerns nobody. */
  private OperationRecord record;

  private int arrivedIndex = -1;

  WatchedOperations(Compound compound, Calls calls, CallLinks links, CallRecord whole) {
    this.compound = compound;
    this.calls = calls;
    this.links = links;
    this.whole = whole;
  }

  /**
   * The transport point of an operation. If it comes here again, because it waited, it has passed.
   *
   * @throws Suspended if it is to wait
   * @throws org.facsim.services.calls.CallOverruled if the COMPOUND gets no answer
   */
  void arrives(int index, Operation4 operation, int requestBytes) {
    if (index == arrivedIndex) {
      return;
    }
    arrivedIndex = index;
    int number = operation.number();
    CallLinks.Listeners listeners = links.of(Door.NFS, Nfs4.VERSION, number, Op4.name(number));
    if (listeners.isNobody()) {
      return;
    }
    record = calls.received(new OperationRecord(compound, number, requestBytes), listeners);
    requireServed(operation);
    ArrivalVerdict verdict = record.arrivalVerdict();
    if (verdict.kind() == ArrivalVerdict.Kind.DELAY) {
      CompletableFuture<Void> until = new CompletableFuture<>();
      compound
          .delegations()
          .await(
              new CompletableFuture<>(),
              Duration.ofNanos(verdict.nanos()),
              isEnded -> until.complete(null));
      compound.await(until);
    } else if (verdict.kind() == ArrivalVerdict.Kind.HOLD) {
      CompletableFuture<Void> until = new CompletableFuture<>();
      var unused = verdict.gate().whenOpen(() -> until.complete(null));
      compound.await(until);
    }
  }

  private void requireServed(Operation4 operation) {
    try {
      record.requireServed();
    } catch (CallOverruled fault) {
      operation.notServed(compound, fault);
      throw fault;
    }
  }

  /** What the arguments bring. */
  void brings(Name name, Name otherName) {
    if (record != null && record.wantsNames()) {
      record.brings(null, textOf(name), textOf(otherName));
    }
  }

  private static String textOf(Name name) {
    return name == null ? null : name.toString();
  }

  /** The operation point; throws as {@link CallRecord#operation(Grant)}. */
  void operation(Grant one, Grant other) {
    if (record == null) {
      return;
    }
    if (other == null) {
      record.operation(one);
    } else {
      record.operation(one, other);
    }
  }

  /** How the operation is to be performed. */
  Alteration alteration() {
    return record == null ? Alteration.NONE : record.alteration();
  }

  /** The operation has its results. */
  void answered(Nfs4Status status, int resultBytes) {
    if (record != null) {
      record.answered(status.code(), resultBytes);
      if (whole != null) {
        whole.contains(record);
      }
      ended();
    }
  }

  /** Nothing more will happen to the operation. */
  void ended() {
    if (record != null) {
      record.ended();
      record = null;
    }
  }
}
