/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.EnumSet;
import java.util.Set;
import org.facsim.array.FileRange;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.services.offload.ByteString;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.session.CloneRequest;
import org.facsim.services.offload.session.ReserveRequest;
import org.facsim.services.offload.session.SessionId;
import org.facsim.services.offload.session.SessionStart;
import org.facsim.services.offload.session.UnmapRequest;

/** Translates the arguments of {@code vaai_nas.x} into requests to the array. */
final class VaaiRequests {
  private VaaiRequests() {}

  static SessionStart startOf(SessionStartCall call) {
    return new SessionStart(
        call.exportPath(), call.clientName(), call.fileSystemVersion(), call.timeoutSeconds());
  }

  static CloneRequest cloneOf(CloneCall call) {
    return new CloneRequest(
        sessionOf(call.session()),
        call.requestId(),
        optionsOf(call.flags()),
        call.sourceSession().map(VaaiRequests::sessionOf),
        fileOf(call.source()),
        fileOf(call.destination()));
  }

  static ReserveRequest reserveOf(ReserveCall call) {
    return new ReserveRequest(
        sessionOf(call.session()),
        call.requestId(),
        fileOf(call.file()),
        modeOf(call.mode()),
        call.sizeBytes());
  }

  static UnmapRequest unmapOf(UnmapCall call) {
    return new UnmapRequest(
        sessionOf(call.session()),
        call.requestId(),
        fileOf(call.file()),
        call.ranges().stream()
            .map(range -> new FileRange(range.offsetBytes(), range.lengthBytes()))
            .toList());
  }

  static FileRef fileOf(UnmapGranularityCall call) {
    return fileOf(call.file());
  }

  static FileRef fileOf(StatxCall call) {
    return fileOf(call.file());
  }

  static SessionId sessionOf(org.facsim.protocol.vaai.SessionId id) {
    return new SessionId(id.high(), id.low());
  }

  private static FileRef fileOf(VaaiFile file) {
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

  private static CloneOptions optionsOf(int flags) {
    if (flags == 0) {
      return CloneOptions.NONE;
    }
    Set<CloneOption> chosen = EnumSet.noneOf(CloneOption.class);
    for (CloneOption option : CloneOption.values()) {
      if ((flags & VaaiAnswers.flagOf(option)) != 0) {
        chosen.add(option);
      }
    }
    int unknown = flags & ~CloneFlags.ALL;
    return new CloneOptions(
        chosen, unknown == 0 ? "" : "clone flags 0x" + Integer.toHexString(unknown));
  }

  private static ReserveMode modeOf(org.facsim.protocol.vaai.ReserveMode mode) {
    return switch (mode) {
      case LAZY_ZEROED -> ReserveMode.LAZY_ZEROED;
      case EAGER_ZEROED -> ReserveMode.EAGER_ZEROED;
    };
  }

  static Primitive primitiveOf(VaaiPrimitive primitive) {
    return switch (primitive) {
      case FULL_CLONE -> Primitive.FULL_CLONE;
      case LAZY_CLONE -> Primitive.FAST_CLONE;
      case EXTENDED_STATISTICS -> Primitive.EXTENDED_STATISTICS;
      case RESERVE_SPACE -> Primitive.RESERVE_SPACE;
      case CLONE_ACROSS_VOLUMES -> Primitive.CLONE_ACROSS_VOLUMES;
      case UNMAP_RANGES -> Primitive.UNMAP;
    };
  }
}
