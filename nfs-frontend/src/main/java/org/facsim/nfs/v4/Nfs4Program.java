/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.array.Durability;
import org.facsim.array.FileHandle;
import org.facsim.nfs.BulkWrites;
import org.facsim.nfs.FilelessCalls;
import org.facsim.nfs.Protections;
import org.facsim.nfs.RecentClaims;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.rpc.BulkRoom;
import org.facsim.protocol.rpc.BulkSpan;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;

/**
 * NFS version 4, minor versions 0 to 2, over an array. A COMPOUND is read, performed and, unless it
 * must wait, answered on the thread that read it from the socket.
 */
public final class Nfs4Program implements RpcProgram {
  private final Nfs4Parts parts;
  private final OperationTable operations;
  private final Stateids stateids;
  private final Durability durability;
  private final RecentClaims claims = new RecentClaims();

  /**
   * @param operations complete: nothing is added later
   * @param stateids judges the stateids that operations bring
   */
  public Nfs4Program(Nfs4Parts parts, OperationTable operations, Stateids stateids) {
    this(parts, operations, stateids, parts.array());
  }

  /** With another durability than the array's own. */
  Nfs4Program(
      Nfs4Parts parts, OperationTable operations, Stateids stateids, Durability durability) {
    this.parts = Objects.requireNonNull(parts);
    this.operations = Objects.requireNonNull(operations);
    this.stateids = Objects.requireNonNull(stateids);
    this.durability = Objects.requireNonNull(durability);
  }

  @Override
  public int number() {
    return Nfs4.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nfs4.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nfs4.VERSION;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure == Nfs4.COMPOUND;
  }

  @Override
  public BulkSpan bulkData(int procedure, ByteBuf arguments, int argumentBytes) {
    return procedure == Nfs4.COMPOUND
        ? CompoundHead.dataOf(arguments, argumentBytes)
        : BulkSpan.NONE;
  }

  @Override
  public BulkRoom room(int procedure, int lengthBytes) {
    return BulkWrites.room(parts.array(), lengthBytes);
  }

  @Override
  public void call(RpcCall rpc) {
    switch (rpc.procedure()) {
      case Nfs4.NULL -> {
        if (FilelessCalls.mayRun(rpc)) {
          rpc.reply();
        }
      }
      case Nfs4.COMPOUND -> new CompoundRun(this, rpc).start();
      default -> rpc.procedureUnavailable();
    }
  }

  /** What a call may do with the object of a handle; throws like {@link Grants#toFile}. */
  Grant grant(FileHandle handle, RpcCall rpc, NfsVersion version) {
    return parts
        .grants()
        .toFile(handle, rpc.client(), claims.of(rpc.credential()), version, Protections.of(rpc));
  }

  RecentClaims claims() {
    return claims;
  }

  Nfs4Parts parts() {
    return parts;
  }

  OperationTable operations() {
    return operations;
  }

  Stateids stateids() {
    return stateids;
  }

  Durability durability() {
    return durability;
  }
}
