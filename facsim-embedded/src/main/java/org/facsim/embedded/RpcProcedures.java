/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;

/** Which door a program stands in, and what its procedures are called. */
final class RpcProcedures {
  /** RFC 1813 section 3; the last one is OpenSDS. */
  private static final List<String> NFS =
      List.of(
          "NULL",
          "GETATTR",
          "SETATTR",
          "LOOKUP",
          "ACCESS",
          "READLINK",
          "READ",
          "WRITE",
          "CREATE",
          "MKDIR",
          "SYMLINK",
          "MKNOD",
          "REMOVE",
          "RMDIR",
          "RENAME",
          "LINK",
          "READDIR",
          "READDIRPLUS",
          "FSSTAT",
          "FSINFO",
          "PATHCONF",
          "COMMIT",
          "OPENSDS");

  /** By their numbers, behind the two procedures of version 4; nothing has the empty name. */
  private static final List<String> OPERATIONS =
      IntStream.range(0, Op4.END)
          .mapToObj(
              number ->
                  switch (number) {
                    case Nfs4.NULL -> "NULL";
                    case Nfs4.COMPOUND -> "COMPOUND";
                    default ->
                        Op4.isDefined(number, Nfs4.MAX_MINOR_VERSION) ? Op4.name(number) : "";
                  })
          .toList();

  private static final String[] NFS_NAMES = NFS.toArray(String[]::new);

  /** As the same calls of the VAAI program; the last one has a command that is not known. */
  private static final List<String> OPENSDS =
      Stream.concat(
              Arrays.stream(OpenSdsCommand.values()).map(RpcProcedures::name),
              Stream.of(VaaiCalls.OPENSDS))
          .distinct()
          .toList();

  /** RFC 1813 section 5. */
  private static final List<String> MOUNT =
      List.of("NULL", "MNT", "DUMP", "UMNT", "UMNTALL", "EXPORT");

  /** RFC 1813 section 6, and XNFS; nothing has the empty names. */
  private static final List<String> NLM =
      List.of(
          "NULL",
          "TEST",
          "LOCK",
          "CANCEL",
          "UNLOCK",
          "GRANTED",
          "TEST_MSG",
          "LOCK_MSG",
          "CANCEL_MSG",
          "UNLOCK_MSG",
          "GRANTED_MSG",
          "TEST_RES",
          "LOCK_RES",
          "CANCEL_RES",
          "UNLOCK_RES",
          "GRANTED_RES",
          "",
          "",
          "",
          "",
          "SHARE",
          "UNSHARE",
          "NM_LOCK",
          "FREE_ALL");

  private static final List<String> NSM =
      List.of("NULL", "STAT", "MON", "UNMON", "UNMON_ALL", "SIMU_CRASH", "NOTIFY");

  private static final List<String> PORTMAP =
      List.of("NULL", "SET", "UNSET", "GETPORT", "DUMP", "CALLIT");

  /** RFC 1833 section 2.1; the later ones are of version 4. */
  private static final List<String> RPCBIND =
      List.of(
          "NULL",
          "SET",
          "UNSET",
          "GETADDR",
          "DUMP",
          "CALLIT",
          "GETTIME",
          "UADDR2TADDR",
          "TADDR2UADDR",
          "GETVERSADDR",
          "INDIRECT",
          "GETADDRLIST",
          "GETSTAT");

  private static final List<String> VAAI =
      List.of(
          "NULL",
          "SESSION_START",
          "SESSION_END",
          "SUPPORT",
          "CLONE",
          "CLONE_STATUS",
          "CLONE_ABORT",
          "RESERVE",
          "STATX",
          "UNMAP_GRANULARITY",
          "UNMAP");

  private RpcProcedures() {}

  /** What a door's procedures are called; empty if it has none, or any. */
  static List<String> names(Door door) {
    return switch (door) {
      case NFS ->
          Stream.concat(
                  NFS.subList(0, OpenSds.PROCEDURE).stream(),
                  OPERATIONS.stream().filter(name -> !name.isEmpty()))
              .distinct()
              .toList();
      case OPENSDS -> OPENSDS;
      case MOUNT -> MOUNT;
      case NLM -> NLM.stream().filter(name -> !name.isEmpty()).toList();
      case NSM -> NSM;
      case PORTMAP -> Stream.concat(PORTMAP.stream(), RPCBIND.stream()).distinct().toList();
      case VAAI -> VAAI;
      case HTTP, UNKNOWN -> List.of();
    };
  }

  /** Whether a procedure consists of operations that have procedures' names: a COMPOUND. */
  static boolean hasParts(int program, int version, int procedure) {
    return procedure == Nfs4.COMPOUND && version == Nfs4.VERSION && program == Nfs4.PROGRAM;
  }

  static Door door(int program, int version, int procedure) {
    if (program == Nfs3.PROGRAM && procedure != OpenSds.PROCEDURE) {
      return Door.NFS;
    }
    return switch (program) {
      case Nfs3.PROGRAM ->
          procedure == OpenSds.PROCEDURE && version == Nfs3.VERSION ? Door.OPENSDS : Door.NFS;
      case Mount.PROGRAM -> Door.MOUNT;
      case Nlm.PROGRAM -> Door.NLM;
      case Nsm.PROGRAM -> Door.NSM;
      case PortmapProgram.NUMBER -> Door.PORTMAP;
      case VaaiNas.PROGRAM -> Door.VAAI;
      default -> Door.UNKNOWN;
    };
  }

  /**
   * What a call of OpenSDS is called, by the command in its arguments; see {@link
   * org.facsim.protocol.opensds.OpenSdsCall}.
   *
   * @param in from the arguments on; nothing is read from it
   * @param end of the record
   */
  static String openSds(ByteBuf in, int end) {
    int at = behindOpaque(in, in.readerIndex(), end);
    if (at < 0 || at + Integer.BYTES > end) {
      return VaaiCalls.OPENSDS;
    }
    boolean hasSource = in.getInt(at) == 0;
    at = hasSource ? behindOpaque(in, at + Integer.BYTES, end) : at + Integer.BYTES;
    int command = at + Integer.BYTES + OpenSdsRequest.COMMAND_OFFSET;
    return at < 0 || command + Integer.BYTES > end
        ? VaaiCalls.OPENSDS
        : OpenSdsCommand.ofCode(in.getIntLE(command))
            .map(RpcProcedures::name)
            .orElse(VaaiCalls.OPENSDS);
  }

  /** Where an opaque ends; negative if it does not end within the record. */
  private static int behindOpaque(ByteBuf in, int at, int end) {
    if (at + Integer.BYTES > end) {
      return -1;
    }
    long next = at + Integer.BYTES + ((in.getUnsignedInt(at) + 3) & ~3L);
    return next > end ? -1 : (int) next;
  }

  private static String name(OpenSdsCommand command) {
    return switch (command) {
      case CLONE -> VaaiCalls.CLONE;
      case RESERVE -> "RESERVE";
      case STATISTICS -> "STATX";
      case PROGRESS -> "CLONE_STATUS";
      case ABORT -> "CLONE_ABORT";
      case CLONE_SUPPORT, RESERVE_SUPPORT, STATISTICS_SUPPORT -> "SUPPORT";
    };
  }

  static String name(int program, int version, int procedure) {
    return program == Nfs3.PROGRAM
            && version != Nfs4.VERSION
            && procedure >= 0
            && procedure < NFS_NAMES.length
        ? NFS_NAMES[procedure]
        : find(program, version, procedure);
  }

  private static String find(int program, int version, int procedure) {
    List<String> names =
        switch (program) {
          case Nfs3.PROGRAM -> version == Nfs4.VERSION ? OPERATIONS : NFS;
          case Mount.PROGRAM -> MOUNT;
          case Nlm.PROGRAM -> NLM;
          case Nsm.PROGRAM -> NSM;
          case PortmapProgram.NUMBER -> version == PortmapProgram.VERSION ? PORTMAP : RPCBIND;
          case VaaiNas.PROGRAM -> VAAI;
          default -> List.<String>of();
        };
    boolean isNamed = procedure >= 0 && procedure < names.size() && !names.get(procedure).isEmpty();
    return isNamed ? names.get(procedure) : Integer.toUnsignedString(procedure);
  }
}
