/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.FileRange;
import org.facsim.array.Mutation;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadLimits;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.RangeOrder;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.StartedClone;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.UnmapGranularity;
import org.facsim.services.offload.UnmappedSpace;

/** A decorator with a defect: hosts are let in, and whatever they then ask for goes wrong. */
record BrokenOffload(Offload offload) implements Offload {
  private static IllegalStateException defect() {
    return new IllegalStateException("a defect, by a test");
  }

  @Override
  public OffloadLimits admit(Initiator initiator) {
    return offload.admit(initiator);
  }

  @Override
  public Support support(Initiator initiator, Primitive primitive) {
    throw defect();
  }

  @Override
  public StartedClone startClone(CloneOrder order) {
    throw defect();
  }

  @Override
  public CompletableFuture<Mutation> cloneRange(RangeOrder order) {
    throw defect();
  }

  @Override
  public CloneReport examine(CloneOrder order) {
    throw defect();
  }

  @Override
  public void notExecuted(CloneReport report, String words, boolean isKeptBack) {
    offload.notExecuted(report, words, isKeptBack);
  }

  @Override
  public void notStarted(CloneReport report, String status, String why) {
    offload.notStarted(report, status, why);
  }

  @Override
  public JobSnapshot job(long jobId) {
    throw defect();
  }

  @Override
  public Optional<JobSnapshot> lastJobInto(FileHandle destination) {
    throw defect();
  }

  @Override
  public JobSnapshot abort(long jobId, Caller caller, String reason) {
    throw defect();
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, FileRef file, ReserveMode mode, long sizeBytes) {
    return CompletableFuture.failedFuture(defect());
  }

  @Override
  public UnmapGranularity unmapGranularity(Initiator initiator, FileRef file) {
    throw defect();
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(
      Initiator initiator, FileRef file, List<FileRange> ranges) {
    return CompletableFuture.failedFuture(defect());
  }

  @Override
  public SpaceUse extendedStatistics(Initiator initiator, FileRef file) {
    throw defect();
  }
}
