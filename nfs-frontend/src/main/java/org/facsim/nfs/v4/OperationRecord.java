/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.nfs.Claims;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;

/**
 * One operation of a COMPOUND, as the links of the call chain see it: a call whose procedure is the
 * operation. Its bytes are the COMPOUND's, so it has none of its own.
 */
final class OperationRecord extends CallRecord {
  private final Compound compound;

  /**
   * @param requestBytes of the operation and of those behind it: where it ends is not known before
   *     it is decoded
   */
  OperationRecord(Compound compound, int number, int requestBytes) {
    super(
        Door.NFS,
        compound.client(),
        compound.xid(),
        Nfs4.PROGRAM,
        Nfs4.VERSION,
        number,
        Op4.name(number),
        requestBytes);
    this.compound = compound;
  }

  @Override
  public long connection() {
    return Math.max(0, compound.origin().id());
  }

  @Override
  public InetSocketAddress server() {
    return compound.server();
  }

  @Override
  public Optional<Caller> claimed() {
    return Optional.ofNullable(compound.claimed());
  }

  @Override
  public String principal() {
    return Claims.principal(compound.credential());
  }

  @Override
  protected ByteBuffer requestNow() {
    return ByteBuffer.allocate(0);
  }

  @Override
  protected ByteBuffer replyNow() {
    return ByteBuffer.allocate(0);
  }
}
