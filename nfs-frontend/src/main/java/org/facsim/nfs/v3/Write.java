/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.VolumeFiles;
import org.facsim.array.WriteRoom;
import org.facsim.nfs.NioBuffers;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.Mistake;

/**
 * WRITE. The array makes the one copy, from the connection's receive buffer, or none if the data
 * was received into its room. When it has taken the room, nobody looks at the data again.
 */
final class Write implements Procedure3<Write3.Args> {
  @Override
  public Write3.Args decode(ByteBuf in) {
    return Write3.Args.decode(in);
  }

  /** False: the data lies in the receive buffer of the connection. */
  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Write3.Args args) {
    Inode file = call.objectToChange(args.handle());
    ByteBuf data = args.data();
    int countBytes = data.readableBytes();
    if (countBytes != args.countBytes()) {
      return failure(call, Nfs3Status.INVAL);
    }
    Alteration alteration = call.alteration();
    countBytes = alteration.limited(countBytes);
    boolean isAltered = alteration.mistake() != null || countBytes != data.readableBytes();
    WriteRoom room = isAltered ? null : call.roomOf(countBytes);
    long startNanos = call.transferStartNanos();
    VolumeFiles files = file.volume().files();
    Mutation mutation =
        room != null
            ? files.write(call.caller(), file, args.offsetBytes(), room)
            : files.write(
                call.caller(), file, args.offsetBytes(), source(data, countBytes, alteration));
    call.wrote(file, countBytes, startNanos);
    StableHow committed = StableHow.FILE_SYNC;
    if (args.stable() != StableHow.UNSTABLE) {
      call.dependsOn(mutation.transactionGroup());
    } else if (!call.isDurable(mutation.transactionGroup())) {
      committed = StableHow.UNSTABLE;
    }
    return new Write3.Ok(call.wcc(mutation), countBytes, committed, call.writeVerifier());
  }

  private static ByteBuffer source(ByteBuf data, int countBytes, Alteration alteration) {
    ByteBuffer source = NioBuffers.of(data, data.readerIndex(), countBytes);
    return alteration.mistake() == null ? source : mistaken(source, alteration.mistake());
  }

  /** A copy, because the client's own bytes are still looked at. */
  private static ByteBuffer mistaken(ByteBuffer data, Mistake mistake) {
    ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
    mistake.corrupt(copy);
    return copy;
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Write3.Fail(status, call.objectWcc());
  }
}
