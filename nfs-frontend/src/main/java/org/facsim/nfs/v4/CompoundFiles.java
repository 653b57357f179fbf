/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Caller;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.Grant;

/**
 * The current and the saved file of a COMPOUND, each with the stateid that goes with it.
 *
 * <p>The current file handle is one of three: none, the {@linkplain #isAtPseudoRoot pseudo-root}
 * above all exports, or an object of a volume with the {@link Grant} that says what the caller may
 * do there.
 */
abstract class CompoundFiles extends CompoundFacts {
  private Grant current;
  private boolean isAtPseudoRoot;
  private Stateid4 currentStateid;

  private Grant saved;
  private boolean isPseudoRootSaved;
  private Stateid4 savedStateid;

  CompoundFiles(Nfs4Program door, RpcCall rpc) {
    super(door, rpc);
  }

  /** Whether there is a current file handle. */
  public final boolean hasHandle() {
    return current != null || isAtPseudoRoot;
  }

  /** Whether the current file handle is that of the directory above all exports. */
  public final boolean isAtPseudoRoot() {
    return isAtPseudoRoot;
  }

  /**
   * The current file as it was granted.
   *
   * @throws Nfs4Exception NOFILEHANDLE; {@code elsewhere} at the pseudo-root
   */
  public final Grant grant(Nfs4Status elsewhere) {
    if (current == null) {
      throw new Nfs4Exception(isAtPseudoRoot ? elsewhere : Nfs4Status.NOFILEHANDLE);
    }
    return current;
  }

  /**
   * The saved file as it was granted.
   *
   * @throws Nfs4Exception NOFILEHANDLE; {@code elsewhere} at the pseudo-root
   */
  public final Grant savedGrant(Nfs4Status elsewhere) {
    if (saved == null) {
      throw new Nfs4Exception(isPseudoRootSaved ? elsewhere : Nfs4Status.NOFILEHANDLE);
    }
    return saved;
  }

  /** Whether the saved file and the current one are both objects of volumes. */
  public final boolean hasBothFiles() {
    return saved != null && current != null;
  }

  /** The terms of the export of the current file. */
  public final ExportOptions terms() {
    return grant(Nfs4Status.ACCESS).terms();
  }

  /** The caller for whom the operation runs, after squashing by the export of the current file. */
  public final Caller caller() {
    return grant(Nfs4Status.ACCESS).caller();
  }

  /** Makes a file the current one. */
  public final void setCurrent(Grant grant) {
    current = grant;
    isAtPseudoRoot = false;
    currentStateid = null;
  }

  /** Makes the directory above all exports the current one. */
  public final void setPseudoRoot() {
    current = null;
    isAtPseudoRoot = true;
    currentStateid = null;
  }

  /** There is no current file any more: SECINFO has used it up. */
  public final void clearCurrent() {
    current = null;
    isAtPseudoRoot = false;
    currentStateid = null;
  }

  /**
   * SAVEFH.
   *
   * @throws Nfs4Exception NOFILEHANDLE
   */
  public final void save() {
    if (!hasHandle()) {
      throw new Nfs4Exception(Nfs4Status.NOFILEHANDLE);
    }
    saved = current;
    isPseudoRootSaved = isAtPseudoRoot;
    savedStateid = currentStateid;
  }

  /**
   * RESTOREFH.
   *
   * @throws Nfs4Exception RESTOREFH (4.0) or NOFILEHANDLE if nothing was saved
   */
  public final void restore() {
    if (saved == null && !isPseudoRootSaved) {
      throw new Nfs4Exception(minorVersion() == 0 ? Nfs4Status.RESTOREFH : Nfs4Status.NOFILEHANDLE);
    }
    current = saved;
    isAtPseudoRoot = isPseudoRootSaved;
    currentStateid = savedStateid;
  }

  /**
   * Reads a stateid; the special one that stands for the current stateid is replaced by it.
   *
   * @throws Nfs4Exception BAD_STATEID if there is no current stateid
   */
  public final Stateid4 readStateid(ByteBuf in) {
    Stateid4 stateid = Stateid4.decode(in);
    if (minorVersion() > 0 && stateid.equals(Stateid4.CURRENT)) {
      if (currentStateid == null) {
        throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
      }
      return currentStateid;
    }
    return stateid;
  }

  /** An operation has got or changed a stateid of the current file. */
  public final void setCurrentStateid(Stateid4 stateid) {
    currentStateid = stateid;
  }
}
