/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Mutation;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.calls.LinkDecision;

/**
 * CLONE, RFC 7862 section 15.13: the current file shares a range of the saved file's blocks. It is
 * atomic. Offsets are multiples of {@code clone_blksize}. So is the count, unless the range ends
 * exactly at the source's end.
 */
final class Clone implements Operation4 {
  @Override
  public int number() {
    return Op4.CLONE;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public int changeResultBytes() {
    return Integer.BYTES;
  }

  @Override
  public void notServed(Compound compound, LinkDecision fault) {
    RangeCloneCall.notServed(compound, fault, "CLONE");
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    TwoFiles.Arguments wanted = TwoFiles.Arguments.read(compound, in);
    @SuppressWarnings("unchecked") // what this operation has kept
    CompletableFuture<Mutation> clone = (CompletableFuture<Mutation>) compound.begun();
    if (clone == null) {
      TwoFiles files = TwoFiles.of(compound, wanted, "CLONE");
      if (files.sourceOffsetBytes() < 0 || files.countBytes() < 0) {
        return Nfs4Status.INVAL; // no source reaches that far
      }
      if (files.destinationOffsetBytes() < 0) {
        return Nfs4Status.FBIG;
      }
      clone =
          files
              .cloning()
              .start(files.sourceOffsetBytes(), files.destinationOffsetBytes(), files.countBytes());
      compound.begun(clone);
    }
    compound.await(clone);
    compound.dependsOn(RangeCloneCall.result(clone));
    return Nfs4Status.OK;
  }
}
