/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.nfs.WriteData;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;

/** WRITE; see {@link WriteData} for where the data goes. */
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
    WriteData written = WriteData.of(data, call.alteration(), call.roomOf(countBytes));
    countBytes = written.countBytes();
    long startNanos = call.transferStartNanos();
    Mutation mutation = written.into(file, call.caller(), args.offsetBytes());
    call.wrote(file, countBytes, startNanos);
    StableHow committed = StableHow.FILE_SYNC;
    if (args.stable() != StableHow.UNSTABLE) {
      call.dependsOn(mutation.transactionGroup());
    } else if (!call.isDurable(mutation.transactionGroup())) {
      committed = StableHow.UNSTABLE;
    }
    return new Write3.Ok(call.wcc(mutation), countBytes, committed, call.writeVerifier());
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Write3.Fail(status, call.objectWcc());
  }
}
