/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.access.Export;
import org.facsim.services.access.Grant;

/**
 * What a client sees in the pseudo-root: the exports that it may use over its version of NFS. All
 * others are hidden from it.
 */
final class VisibleExports {
  private VisibleExports() {}

  /**
   * The root of the export of this name.
   *
   * @throws Nfs4Exception NOENT if there is none, or none for this client
   */
  static Grant grantOf(Compound compound, Name name) {
    try {
      return rootOf(compound, "/" + name);
    } catch (ArrayException e) {
      if (e.error() == ArrayError.ACCESS_DENIED || e.error() == ArrayError.NOT_FOUND) {
        throw new Nfs4Exception(Nfs4Status.NOENT, "no export " + name + " for this client");
      }
      throw e;
    }
  }

  /**
   * The root of an export, for an entry of a listing.
   *
   * @throws ArrayException if the export is gone, or not for this client any more
   */
  static Grant rootOf(Compound compound, String path) {
    return compound
        .parts()
        .grants()
        .toExport(
            path, compound.client(), compound.claimed(), compound.version(), compound.protection());
  }

  /** The exports, in the order of their volumes' ids. */
  static List<Export> of(Compound compound) {
    List<Export> visible = new ArrayList<>();
    for (Export export : compound.parts().exports().exports()) {
      if (export.admits(compound.client(), compound.version())) {
        visible.add(export);
      }
    }
    return visible;
  }
}
