/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/**
 * Decides for all doors who may do what; nothing else does. It resolves what a call names, finds
 * the terms of the export for the client, and makes the {@link Grant}. Thread-safe and without a
 * lock. Every call asks, so that a changed rule takes effect at once.
 *
 * <p>Each method exists twice. The doors of NFS pass the version of NFS that is used. The doors
 * that offload copies use no version of NFS. For them {@link ExportOptions#vaaiAllowed} decides;
 * the offload checks it itself, because some of its answers report the refusal.
 *
 * <p>A refusal is an {@link ArrayException}:
 *
 * <ul>
 *   <li>BAD_HANDLE if the handle is not one of this array;
 *   <li>STALE if the file is gone, or its volume is not exported;
 *   <li>NOT_FOUND if there is no such export;
 *   <li>ACCESS_DENIED if the export is not for this client, its port, or the version.
 * </ul>
 */
public final class Grants {
  private final StorageArray array;
  private final ExportTable exports;

  public Grants(StorageArray array, ExportTable exports) {
    this.array = Objects.requireNonNull(array);
    this.exports = Objects.requireNonNull(exports);
  }

  /**
   * Grants a file by its handle, over a version of NFS. Allocates the grant and nothing else.
   *
   * @param client address and port
   * @param claimed the caller that the call claims; null if it claims none
   * @throws ArrayException BAD_HANDLE, STALE, ACCESS_DENIED
   * @throws WrongSecurityException if the export does not admit calls that are protected like this
   */
  public Grant toFile(
      FileHandle handle,
      InetSocketAddress client,
      Caller claimed,
      NfsVersion version,
      CallProtection protection) {
    Inode file = array.resolve(handle);
    return over(version, protection, file, export(file.volume()), client, claimed);
  }

  /**
   * Like {@link #toFile(FileHandle, InetSocketAddress, Caller, NfsVersion, CallProtection)}, for an
   * offload.
   */
  public Grant toFile(FileHandle handle, InetSocketAddress client, Caller claimed) {
    Inode file = array.resolve(handle);
    return on(file, export(file.volume()), client, claimed);
  }

  /**
   * Grants the root of an export, over a version of NFS.
   *
   * @param path the path that clients mount, for example {@code /datastore1}
   * @param client address and port
   * @param claimed the caller that the call claims; null if it claims none
   * @throws ArrayException NOT_FOUND, ACCESS_DENIED
   * @throws WrongSecurityException as for a file
   */
  public Grant toExport(
      String path,
      InetSocketAddress client,
      Caller claimed,
      NfsVersion version,
      CallProtection protection) {
    Export export = export(path);
    return over(version, protection, export.volume().root(), export, client, claimed);
  }

  /**
   * Like {@link #toExport(String, InetSocketAddress, Caller, NfsVersion, CallProtection)}, for an
   * offload.
   */
  public Grant toExport(String path, InetSocketAddress client, Caller claimed) {
    Export export = export(path);
    return on(export.volume().root(), export, client, claimed);
  }

  /**
   * The file of a handle, without a check of the caller: enough to give up what is held on it.
   *
   * @throws ArrayException BAD_HANDLE, STALE if the file is gone
   */
  public Inode find(FileHandle handle) {
    return array.resolve(handle);
  }

  private Export export(Volume volume) {
    Export export = exports.ofVolume(volume.id());
    if (export == null) {
      throw new ArrayException(ArrayError.STALE, "volume is not exported");
    }
    return export;
  }

  private Export export(String path) {
    return exports
        .find(path)
        .orElseThrow(() -> new ArrayException(ArrayError.NOT_FOUND, "no export " + path));
  }

  /**
   * Grants the root of an export for MOUNT, whose calls may be protected less than those of NFS
   * (RFC 2623, section 2.7).
   *
   * @throws ArrayException NOT_FOUND, ACCESS_DENIED
   */
  public Grant toMount(String path, InetSocketAddress client, Caller claimed) {
    Export export = export(path);
    return over(NfsVersion.V3, null, export.volume().root(), export, client, claimed);
  }

  private static Grant over(
      NfsVersion version,
      CallProtection protectionOrNull,
      Inode file,
      Export export,
      InetSocketAddress client,
      Caller claimed) {
    ExportOptions terms = export.termsFor(client);
    if (terms == null || !terms.versions().contains(version)) {
      throw notFor(client, export);
    }
    if (protectionOrNull != null && !terms.admits(protectionOrNull)) {
      throw new WrongSecurityException(
          export.volume().name() + " is not exported to calls with " + protectionOrNull);
    }
    return new Grant(file, terms, claimed);
  }

  private static Grant on(Inode file, Export export, InetSocketAddress client, Caller claimed) {
    ExportOptions terms = export.termsFor(client);
    if (terms == null) {
      throw notFor(client, export);
    }
    return new Grant(file, terms, claimed);
  }

  private static ArrayException notFor(InetSocketAddress client, Export export) {
    return new ArrayException(
        ArrayError.ACCESS_DENIED,
        export.volume().name() + " is not exported to " + client.getAddress().getHostAddress());
  }
}
