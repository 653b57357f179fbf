/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.vaai.offload.CloneOrder;
import org.facsim.vaai.offload.Initiator;
import org.facsim.vaai.offload.Offload;
import org.facsim.vaai.offload.OffloadLimits;
import org.facsim.vaai.offload.StartedClone;

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
  public SupportAnswer support(Initiator initiator, VaaiPrimitive primitive) {
    throw defect();
  }

  @Override
  public StartedClone startClone(CloneOrder order) {
    throw defect();
  }

  @Override
  public CloneJob job(long jobId) {
    throw defect();
  }

  @Override
  public Optional<CloneJob> lastJobInto(FileHandle destination) {
    throw defect();
  }

  @Override
  public CloneJob abort(long jobId, Caller caller, String reason) {
    throw defect();
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, VaaiFile file, ReserveMode mode, long sizeBytes) {
    return CompletableFuture.failedFuture(defect());
  }

  @Override
  public ExtendedStatistics extendedStatistics(Initiator initiator, VaaiFile file) {
    throw defect();
  }
}
