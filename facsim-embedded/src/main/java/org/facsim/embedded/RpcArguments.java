/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Access3;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.MkNod3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.ObjectArgs3;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.ReadDir3;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.SymLink3;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmCancelArgs;
import org.facsim.protocol.nlm.NlmFreeAllArgs;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nlm.NlmUnlockArgs;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.services.calls.Door;

/** Decodes the arguments of a call from the first bytes of its record, to be shown to people. */
final class RpcArguments {
  private RpcArguments() {}

  /** What WRITE brings before its data. */
  private record Write(long offsetBytes, long countBytes, StableHow stable) {}

  /** A mapping that a port mapper is asked for. */
  private record Mapping(long program, long version, long protocol, long port) {}

  /** The arguments; null if there are none, or nobody knows them. */
  static Object decode(Door door, int version, int procedure, ByteBuf in) {
    return switch (door) {
      case NFS -> version == Nfs3.VERSION ? nfs(procedure, in) : null;
      case MOUNT ->
          procedure == Mount.MNT || procedure == Mount.UMNT ? Mount.MountPath.decode(in) : null;
      case NLM -> nlm(procedure, in);
      case VAAI -> vaai(procedure, in);
      case PORTMAP ->
          version == 2 && procedure >= 1 && procedure <= 3
              ? new Mapping(
                  in.readUnsignedInt(),
                  in.readUnsignedInt(),
                  in.readUnsignedInt(),
                  in.readUnsignedInt())
              : null;
      case NSM, OPENSDS, HTTP, UNKNOWN -> null;
    };
  }

  private static Object nfs(int procedure, ByteBuf in) {
    return switch (procedure) {
      case 1 -> GetAttr3.Args.decode(in);
      case 2 -> SetAttr3.Args.decode(in);
      case 3 -> Lookup3.Args.decode(in);
      case 4 -> Access3.Args.decode(in);
      case 5, 18, 19, 20 -> ObjectArgs3.decode(in);
      case 6 -> Read3.Args.decode(in);
      case 7 -> {
        Nfs3Handle.decode(in);
        yield new Write(in.readLong(), in.readUnsignedInt(), StableHow.decode(in));
      }
      case 8 -> Create3.Args.decode(in);
      case 9 -> MkDir3.Args.decode(in);
      case 10 -> SymLink3.Args.decode(in);
      case 11 -> MkNod3.Args.decode(in);
      case 12, 13 -> DirOpArgs3.decode(in);
      case 14 -> Rename3.Args.decode(in);
      case 15 -> Link3.Args.decode(in);
      case 16 -> ReadDir3.Args.decode(in);
      case 17 -> ReadDirPlus3.Args.decode(in);
      case 21 -> Commit3.Args.decode(in);
      default -> null;
    };
  }

  private static Object nlm(int procedure, ByteBuf in) {
    return switch (procedure) {
      case Nlm.TEST, Nlm.TEST_MSG -> NlmTestArgs.decode(in);
      case Nlm.LOCK, Nlm.LOCK_MSG, Nlm.NM_LOCK -> NlmLockArgs.decode(in);
      case Nlm.CANCEL, Nlm.CANCEL_MSG -> NlmCancelArgs.decode(in);
      case Nlm.UNLOCK, Nlm.UNLOCK_MSG -> NlmUnlockArgs.decode(in);
      case Nlm.SHARE, Nlm.UNSHARE -> NlmShareArgs.decode(in);
      case Nlm.FREE_ALL -> NlmFreeAllArgs.decode(in);
      default -> null;
    };
  }

  private static Object vaai(int procedure, ByteBuf in) {
    return switch (procedure) {
      case VaaiNas.PROC_SESSION_START -> SessionStartCall.decode(in);
      case VaaiNas.PROC_SESSION_END -> SessionEndCall.decode(in);
      case VaaiNas.PROC_SUPPORT -> SupportCall.decode(in);
      case VaaiNas.PROC_CLONE -> CloneCall.decode(in);
      case VaaiNas.PROC_CLONE_STATUS, VaaiNas.PROC_CLONE_ABORT -> JobCall.decode(in);
      case VaaiNas.PROC_RESERVE -> ReserveCall.decode(in);
      case VaaiNas.PROC_STATX -> StatxCall.decode(in);
      case VaaiNas.PROC_UNMAP_GRANULARITY -> UnmapGranularityCall.decode(in);
      case VaaiNas.PROC_UNMAP -> UnmapCall.decode(in);
      default -> null;
    };
  }
}
