/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Replies4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.access.Grant;
import org.facsim.services.state.Intent;

/** RENAME: from the saved directory into the current one. */
final class Rename implements Operation4 {
  @Override
  public int number() {
    return Op4.RENAME;
  }

  @Override
  public int changeResultBytes() {
    return 2 * Replies4.CHANGE_INFO_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Grant from = compound.savedGrant(Nfs4Status.ROFS).toChange();
    Grant to = compound.grant(Nfs4Status.ROFS).toChange();
    Name fromName = Names4.read(in);
    Name toName = Names4.read(in);
    compound.named(fromName, toName);
    compound.aboutBoth(from, to);
    Compound.requireDirectory(from.file());
    Compound.requireDirectory(to.file());
    if (!from.volume().equals(to.volume())) {
      return Nfs4Status.XDEV;
    }
    Inode fromDirectory = from.file();
    Inode toDirectory = to.file();
    compound.recalled(fromDirectory, Intent.CHANGE, compound.lockClient());
    compound.recalled(toDirectory, Intent.CHANGE, compound.lockClient());
    compound.aboutToChange(fromDirectory, fromName);
    compound.aboutToChange(toDirectory, toName);
    Volume.Renamed renamed;
    try {
      renamed =
          from.volume()
              .names()
              .rename(compound.caller(), fromDirectory, fromName, toDirectory, toName);
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_EMPTY) {
        return Nfs4Status.EXIST; // RFC 8881 section 18.26.3, RFC 7530 section 16.27.4
      }
      throw e;
    }
    compound.dependsOn(renamed.from());
    compound.dependsOn(renamed.to());
    Replies4.changeInfo(out, renamed.from());
    Replies4.changeInfo(out, renamed.to());
    return Nfs4Status.OK;
  }
}
