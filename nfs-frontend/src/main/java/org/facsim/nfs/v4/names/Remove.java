/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.VolumeNames;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Replies4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** REMOVE: of a file, or of an empty directory. */
final class Remove implements Operation4 {
  @Override
  public int number() {
    return Op4.REMOVE;
  }

  @Override
  public int changeResultBytes() {
    return Replies4.CHANGE_INFO_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    Name name = Names4.read(in);
    compound.named(name, null);
    Inode directory = compound.directoryToChange();
    compound.aboutToChange(directory, name);
    Mutation mutation = remove(compound, directory, name);
    compound.dependsOn(mutation);
    Replies4.changeInfo(out, mutation);
    return Nfs4Status.OK;
  }

  private static Mutation remove(Compound compound, Inode directory, Name name) {
    VolumeNames names = directory.volume().names();
    try {
      return names.remove(compound.caller(), directory, name);
    } catch (ArrayException e) {
      if (e.error() != ArrayError.IS_DIRECTORY) {
        throw e;
      }
      return names.removeDirectory(compound.caller(), directory, name);
    }
  }
}
