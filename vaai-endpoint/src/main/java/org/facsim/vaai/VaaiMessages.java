/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.EnumSet;
import java.util.Set;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.ByteString;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.Support;

/** The items of {@code vaai_nas.x}, to and from the words of the offload. */
final class VaaiMessages {
  private VaaiMessages() {}

  // ---------------------------------------------------------------- from the wire

  static FileRef fileOf(VaaiFile file) {
    // A sealed switch needs a newer Java than 17.
    if (file instanceof VaaiFile.ByPath byPath) {
      return new FileRef.ByPath(bytesOf(byPath.path()));
    } else if (file instanceof VaaiFile.ByHandle byHandle) {
      return new FileRef.ByHandle(bytesOf(byHandle.handle()));
    } else if (file instanceof VaaiFile.ByEntry byEntry) {
      return new FileRef.ByEntry(bytesOf(byEntry.directory()), bytesOf(byEntry.name()));
    }
    throw new IllegalStateException("unknown kind of file " + file);
  }

  private static ByteString bytesOf(Opaque opaque) {
    return ByteString.of(opaque.asByteBuffer());
  }

  static CloneOptions optionsOf(int flags) {
    Set<CloneOption> chosen = EnumSet.noneOf(CloneOption.class);
    for (CloneOption option : CloneOption.values()) {
      if ((flags & flagOf(option)) != 0) {
        chosen.add(option);
      }
    }
    int unknown = flags & ~CloneFlags.ALL;
    return new CloneOptions(
        chosen, unknown == 0 ? "" : "clone flags 0x" + Integer.toHexString(unknown));
  }

  private static int flagOf(CloneOption option) {
    return switch (option) {
      case LAZY -> CloneFlags.LAZY;
      case DRY_RUN -> CloneFlags.DRY_RUN;
      case GUARDED -> CloneFlags.GUARDED;
      case OTHER_VOLUME -> CloneFlags.OTHER_VOLUME;
    };
  }

  static org.facsim.services.offload.ReserveMode modeOf(ReserveMode mode) {
    return switch (mode) {
      case LAZY_ZEROED -> org.facsim.services.offload.ReserveMode.LAZY_ZEROED;
      case EAGER_ZEROED -> org.facsim.services.offload.ReserveMode.EAGER_ZEROED;
    };
  }

  static Primitive primitiveOf(VaaiPrimitive primitive) {
    return switch (primitive) {
      case FULL_CLONE -> Primitive.FULL_CLONE;
      case LAZY_CLONE -> Primitive.LAZY_CLONE;
      case EXTENDED_STATISTICS -> Primitive.EXTENDED_STATISTICS;
      case RESERVE_SPACE -> Primitive.RESERVE_SPACE;
      case CLONE_ACROSS_VOLUMES -> Primitive.CLONE_ACROSS_VOLUMES;
    };
  }

  // ---------------------------------------------------------------- to the wire

  static CloneJob jobOf(JobSnapshot job) {
    return new CloneJob(
        job.jobId(),
        stateOf(job.state()),
        job.error().map(VaaiStatuses::of).orElse(VaaiStatus.OK),
        job.reason(),
        job.totalBytes(),
        job.doneBytes(),
        job.sharedBytes(),
        job.copiedBytes(),
        job.destination().map(handle -> Opaque.of(handle.toBytes())).orElse(Opaque.EMPTY));
  }

  private static JobState stateOf(org.facsim.services.offload.JobState state) {
    return switch (state) {
      case NONE -> JobState.NONE;
      case QUEUED -> JobState.QUEUED;
      case RUNNING -> JobState.RUNNING;
      case SUCCEEDED -> JobState.SUCCEEDED;
      case FAILED -> JobState.FAILED;
      case ABORTED -> JobState.ABORTED;
      case LOST -> JobState.LOST;
    };
  }

  static SupportAnswer supportOf(Support support) {
    int flags = 0;
    for (CloneOption option : support.options()) {
      flags |= flagOf(option);
    }
    return new SupportAnswer(support.supported(), flags, support.reason());
  }

  static ReservedSpace reservedOf(org.facsim.services.offload.ReservedSpace reserved) {
    return new ReservedSpace(reserved.reservedBytes());
  }

  static ExtendedStatistics statisticsOf(SpaceUse space) {
    return new ExtendedStatistics(
        space.totalBytes(),
        space.allocatedBytes(),
        space.uniqueBytes(),
        space.sharedBytes(),
        space.reservedBytes(),
        space.chargedBytes());
  }
}
