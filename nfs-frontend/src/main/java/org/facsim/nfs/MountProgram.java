/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Objects;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.protocol.mount.Mnt1;
import org.facsim.protocol.mount.Mnt3;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.mount.Mount3Status;
import org.facsim.protocol.mount.MountDump;
import org.facsim.protocol.mount.MountExports;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.AddressRange;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.access.SecurityFlavor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.StatusRefusal;

/**
 * MOUNT, versions 1 to 3: turns the path of an export, or of a directory in it, into a file handle;
 * symbolic links are followed. Every NFS call checks admission again; the check here only gives an
 * early answer.
 */
public final class MountProgram implements RpcProgram {
  /**
   * MNT in the old versions answers with a UNIX error number. All statuses of MOUNT 3 are such
   * numbers, too.
   */
  private static final int VERSION_3 = 3;

  private final ExportTable exports;
  private final Grants grants;
  private final MountTable mounts = new MountTable();

  /**
   * @param exports the exports that EXPORT lists
   * @param grants decides who may mount what
   */
  public MountProgram(ExportTable exports, Grants grants) {
    this.exports = Objects.requireNonNull(exports);
    this.grants = Objects.requireNonNull(grants);
  }

  @Override
  public int number() {
    return Mount.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Mount.LOWEST_VERSION;
  }

  @Override
  public int highestVersion() {
    return Mount.HIGHEST_VERSION;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure == Mount.MNT;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case Mount.MNT -> mount(call);
      case Mount.UMNT -> unmount(call);
      case Mount.NULL, Mount.DUMP, Mount.UMNTALL, Mount.EXPORT -> {
        if (FilelessCalls.mayRun(call)) {
          answer(call);
        }
      }
      default -> call.procedureUnavailable();
    }
  }

  /** Calls without arguments. */
  private void answer(RpcCall call) {
    switch (call.procedure()) {
      case Mount.DUMP -> new MountDump(mounts.lines()).encode(call.reply());
      case Mount.UMNTALL -> {
        mounts.removeAll(hostName(call));
        call.reply();
      }
      case Mount.EXPORT -> export().encode(call.reply());
      default -> call.reply();
    }
  }

  private void mount(RpcCall call) {
    String path = Mount.MountPath.decode(call.arguments()).path();
    Mnt3.Result result;
    try {
      result = resolve(call, path);
    } catch (ArrayException e) {
      result = new Mnt3.Fail(statusOf(e));
    } catch (StatusRefusal chosen) {
      result = new Mnt3.Fail(Mount3Status.of(chosen.status().code()));
    }
    if (result instanceof Mnt3.Ok) {
      mounts.add(hostName(call), path);
    }
    encode(call, result);
  }

  private static void encode(RpcCall call, Mnt3.Result result) {
    ByteBuf out = call.reply();
    if (call.version() == VERSION_3) {
      result.encode(out);
    } else if (result instanceof Mnt3.Ok ok) {
      new Mnt1(0, ok.handle()).encode(out);
    } else {
      new Mnt1(result.status().code(), null).encode(out);
    }
  }

  /** Resolves a path from the export's root, so that a directory below it can be mounted, too. */
  private Mnt3.Result resolve(RpcCall call, String path) {
    List<String> parts = ExportWalk.PATH.splitToList(path);
    if (parts.isEmpty()) {
      return new Mnt3.Fail(Mount3Status.NOENT);
    }
    Grant export = grants.toMount("/" + parts.get(0), call.client(), Claims.of(call.credential()));
    CallRecord record = CallRecord.of(call.attachment());
    if (record != null) {
      record.brings(path, path, null).operation(export);
    }
    Inode inode = new ExportWalk(export).along(parts.subList(1, parts.size()));
    if (inode.attributes().type() != FileType.DIRECTORY) {
      return new Mnt3.Fail(Mount3Status.NOTDIR);
    }
    FileHandle handle = inode.handle();
    return new Mnt3.Ok(
        Nfs3Handle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3)),
        export.terms().security().stream().map(SecurityFlavor::number).toList());
  }

  private static Mount3Status statusOf(ArrayException e) {
    return switch (e.error()) {
      case ACCESS_DENIED -> Mount3Status.ACCES;
      case NOT_PERMITTED -> Mount3Status.PERM;
      case NOT_FOUND, STALE -> Mount3Status.NOENT;
      case NOT_DIRECTORY -> Mount3Status.NOTDIR;
      case NAME_TOO_LONG -> Mount3Status.NAMETOOLONG;
      case INVALID_ARGUMENT -> Mount3Status.INVAL;
      case IO -> Mount3Status.IO;
      case EXISTS,
          IS_DIRECTORY,
          NOT_EMPTY,
          WRONG_TYPE,
          BAD_HANDLE,
          BAD_COOKIE,
          BEYOND_END_OF_FILE,
          NO_ATTRIBUTE,
          TOO_BIG,
          NOT_SYNCHRONIZED,
          FILE_TOO_LARGE,
          NO_SPACE,
          READ_ONLY,
          CROSS_VOLUME,
          TOO_MANY_LINKS,
          BUSY,
          NOT_SUPPORTED ->
          Mount3Status.SERVERFAULT;
    };
  }

  private void unmount(RpcCall call) {
    String path = Mount.MountPath.decode(call.arguments()).path();
    if (FilelessCalls.mayRun(call, path, path)) {
      mounts.remove(hostName(call), path);
      call.reply();
    }
  }

  private MountExports export() {
    return new MountExports(
        exports.exports().stream()
            .map(export -> new MountExports.Line(export.path(), clientsOf(export)))
            .toList());
  }

  /** The clients that EXPORT lists; an empty list means everyone. */
  private static List<String> clientsOf(Export export) {
    List<String> clients =
        export.rules().stream().map(rule -> rule.clients().toString()).distinct().toList();
    return clients.equals(List.of(AddressRange.EVERYONE.toString())) ? List.of() : clients;
  }

  private static String hostName(RpcCall call) {
    return call.client().getAddress().getHostAddress();
  }
}
