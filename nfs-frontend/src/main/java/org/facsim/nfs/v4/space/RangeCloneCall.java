/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.facsim.array.ArrayException;
import org.facsim.array.Mutation;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.access.Grant;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.RangeOrder;

/** How CLONE and COPY ask the array to clone a range, and what its refusals are called here. */
final class RangeCloneCall {
  private final Compound compound;
  private final Initiator initiator;
  private final Grant source;
  private final CloneReport report;

  private RangeCloneCall(Compound compound, Grant source, Grant destination, String operation) {
    this.compound = compound;
    this.source = source;
    initiator =
        new Initiator(compound.client().getAddress().getHostAddress(), Dialect.NFS4, destination);
    report = RangeOrder.report(initiator, source, operation);
  }

  /**
   * Passes the operation point.
   *
   * @param operation its name
   * @throws ArrayException if a link of the call chain refuses; so are {@link LinkDecision}s thrown
   */
  static RangeCloneCall of(Compound compound, Grant source, Grant destination, String operation) {
    RangeCloneCall call = new RangeCloneCall(compound, source, destination, operation);
    try {
      compound.aboutBoth(source, destination);
    } catch (LinkDecision | ArrayException fault) {
      call.report.fails(Precondition.FAULT, fault);
      call.offload().notStarted(call.report, nameOf(fault), fault.getMessage());
      throw fault;
    }
    return call;
  }

  /**
   * Explains a clone that a fault kept from its first argument on: both files are known, and what
   * of them was to be cloned is not.
   */
  static void notServed(Compound compound, LinkDecision fault, String operation) {
    if (!compound.hasBothFiles()) {
      return; // the operation would have been refused
    }
    Grant source = compound.savedGrant(Nfs4Status.WRONG_TYPE);
    Grant destination = compound.grant(Nfs4Status.WRONG_TYPE);
    RangeCloneCall call = new RangeCloneCall(compound, source, destination, operation);
    call.report.fails(Precondition.FAULT, fault);
    call.offload().notStarted(call.report, nameOf(fault), fault.getMessage());
  }

  private static String nameOf(RuntimeException fault) {
    if (fault instanceof ArrayException failure) {
      return failure.error().name();
    }
    return fault instanceof StatusRefusal refusal ? refusal.status().name() : "NO_ANSWER";
  }

  private Offload offload() {
    return compound.parts().offload();
  }

  /**
   * Begins a clone.
   *
   * @param lengthBytes 0 for everything up to the source's end
   * @throws Nfs4Exception if it is refused
   */
  CompletableFuture<Mutation> start(
      long sourceOffsetBytes, long destinationOffsetBytes, long lengthBytes) {
    try {
      return offload()
          .cloneRange(
              new RangeOrder(
                  initiator,
                  source,
                  compound.lockClient(),
                  sourceOffsetBytes,
                  destinationOffsetBytes,
                  lengthBytes,
                  report));
    } catch (OffloadFailure refused) {
      throw failure(refused);
    }
  }

  /**
   * What a clone that has ended did.
   *
   * @throws Nfs4Exception if it failed
   */
  static Mutation result(CompletableFuture<Mutation> clone) {
    try {
      return clone.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof OffloadFailure expected) {
        throw failure(expected);
      }
      throw failed;
    }
  }

  private static Nfs4Exception failure(OffloadFailure failure) {
    return new Nfs4Exception(statusOf(failure.error()), failure.getMessage());
  }

  /** The status of RFC 7862 section 15.13 for an outcome. A client asks again after a DELAY. */
  static Nfs4Status statusOf(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> Nfs4Status.PERM;
      case NOT_FOUND -> Nfs4Status.NOENT;
      case IO, ABORTED, LOST -> Nfs4Status.IO;
      case ACCESS_DENIED -> Nfs4Status.ACCESS;
      case EXISTS -> Nfs4Status.EXIST;
      case CROSS_VOLUME -> Nfs4Status.XDEV;
      case NOT_DIRECTORY -> Nfs4Status.NOTDIR;
      case IS_DIRECTORY -> Nfs4Status.ISDIR;
      case INVALID_ARGUMENT -> Nfs4Status.INVAL;
      case FILE_TOO_LARGE -> Nfs4Status.FBIG;
      case NO_SPACE, TOO_DEEP -> Nfs4Status.NOSPC;
      case READ_ONLY -> Nfs4Status.ROFS;
      case NAME_TOO_LONG -> Nfs4Status.NAMETOOLONG;
      case STALE -> Nfs4Status.STALE;
      case BAD_HANDLE -> Nfs4Status.BADHANDLE;
      case NOT_SUPPORTED, VERSION_NOT_SERVED -> Nfs4Status.NOTSUPP;
      case WRONG_TYPE -> Nfs4Status.WRONG_TYPE;
      case BUSY, TOO_MANY_CLONES, TOO_MANY_SESSIONS -> Nfs4Status.DELAY;
      case DEFECT, UNKNOWN_SESSION, REQUEST_REUSED, UNKNOWN_JOB -> Nfs4Status.SERVERFAULT;
    };
  }
}
