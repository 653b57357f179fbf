/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.calls.LinkDecision;

/**
 * COPY within this array, RFC 7862 section 15.2. It is answered when it is done, also if the client
 * would let it go on in the background. If the client insists on that, it learns that there is no
 * such copy ({@code NFS4ERR_OFFLOAD_NO_REQS} would ask it to insist less, so the copy is simply
 * made).
 */
final class Copy implements Operation4 {
  /** Count, stability, verifier, no callback id, and the two requirements. */
  private static final int RESULT_BYTES = 4 + 8 + 4 + 8 + 4 + 4;

  @Override
  public int number() {
    return Op4.COPY;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public int changeResultBytes() {
    return RESULT_BYTES;
  }

  @Override
  public void notServed(Compound compound, LinkDecision fault) {
    RangeCloneCall.notServed(compound, fault, "COPY");
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    TwoFiles.Arguments wanted = TwoFiles.Arguments.read(compound, in);
    Xdr.readBoolean(in); // consecutive: it always is
    Xdr.readBoolean(in); // synchronous: it always is
    long servers = Xdr.readUnsignedInt(in);
    if (servers > 0) {
      return Nfs4Status.NOTSUPP; // from another server
    }
    FileCopy copy = (FileCopy) compound.begun();
    if (copy == null) {
      copy = FileCopy.of(TwoFiles.of(compound, wanted, "COPY"));
      compound.begun(copy);
    } else {
      copy.goesOn(compound);
    }
    long copied = copy.run(compound);
    out.writeInt(0); // no callback id: nothing goes on
    out.writeLong(copied).writeInt(Nfs4.FILE_SYNC).writeLong(compound.writeVerifier());
    Xdr.writeBoolean(out, true);
    Xdr.writeBoolean(out, true);
    return Nfs4Status.OK;
  }
}
