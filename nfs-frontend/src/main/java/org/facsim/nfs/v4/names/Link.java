/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
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

/** LINK: a new name in the current directory for the saved file. */
final class Link implements Operation4 {
  @Override
  public int number() {
    return Op4.LINK;
  }

  @Override
  public int changeResultBytes() {
    return Replies4.CHANGE_INFO_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Grant file = compound.savedGrant(Nfs4Status.ISDIR);
    Grant directory = compound.grant(Nfs4Status.ROFS).toChange();
    Name name = Names4.read(in);
    compound.named(null, name);
    compound.aboutBoth(file, directory);
    Compound.requireDirectory(directory.file());
    if (!file.volume().equals(directory.volume())) {
      return Nfs4Status.XDEV;
    }
    compound.recalled(file.file(), Intent.CHANGE, compound.lockClient());
    compound.recalled(directory.file(), Intent.CHANGE, compound.lockClient());
    Volume.Linked linked =
        file.volume().names().link(compound.caller(), file.file(), directory.file(), name);
    compound.dependsOn(linked.directory());
    Replies4.changeInfo(out, linked.directory());
    return Nfs4Status.OK;
  }
}
