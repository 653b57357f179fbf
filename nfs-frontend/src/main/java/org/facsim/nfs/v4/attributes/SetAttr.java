/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.Intent;

/**
 * SETATTR. A size needs a stateid that may write, as WRITE does. All attributes of one call are set
 * in one step, or none.
 */
final class SetAttr implements Operation4 {
  private static final int MAX_RESULT_BYTES = 16;

  private final AttributeTable table;

  SetAttr(AttributeTable table) {
    this.table = table;
  }

  @Override
  public int number() {
    return Op4.SETATTR;
  }

  @Override
  public int changeResultBytes() {
    return MAX_RESULT_BYTES;
  }

  /** True: which attributes were set, which is none of them. */
  @Override
  public boolean hasResults(Nfs4Status failure) {
    return true;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    int start = out.writerIndex();
    Bitmap4 set = new Bitmap4();
    try {
      change(compound, in, set);
      return Nfs4Status.OK;
    } finally {
      out.writerIndex(start);
      set.write(out);
    }
  }

  private void change(Compound compound, ByteBuf in, Bitmap4 set) {
    Stateid4 stateid = compound.readStateid(in);
    AttributeDraft draft = AttributeDraft.read(table, compound, in, false);
    compound.grant(Nfs4Status.ROFS).toChange();
    Inode inode = compound.file(Nfs4Status.ROFS);
    Caller caller = compound.caller();
    if (draft.setsSize()) {
      requireRegular(inode);
      Stateids.Use use = compound.checkStateid(stateid, inode, Stateids.Access.WRITE);
      compound.recalled(inode, Intent.CHANGE, use.client());
    } else {
      compound.recalled(inode, Intent.CHANGE, compound.lockClient());
    }
    compound.dependsOn(
        inode.volume().attributes().setAttributes(caller, inode, draft.changes(), null));
    set.set(draft.set());
  }

  private static void requireRegular(Inode inode) {
    FileType type = inode.attributes().type();
    if (type == FileType.DIRECTORY) {
      throw new Nfs4Exception(Nfs4Status.ISDIR, "a size of a directory");
    }
    if (type != FileType.REGULAR) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "a size of what is no regular file");
    }
  }
}
