/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.util.Objects;
import org.facsim.array.Durability;
import org.facsim.array.FileHandle;
import org.facsim.array.StorageArray;
import org.facsim.nfs.FilelessCalls;
import org.facsim.nfs.RecentClaims;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.state.Delegations;

/**
 * NFS version 4, minor versions 0 to 2, over an array. A COMPOUND is read, performed and, unless it
 * must wait, answered on the thread that read it from the socket.
 */
public final class Nfs4Program implements RpcProgram {
  private final StorageArray array;
  private final Grants grants;
  private final Delegations delegations;
  private final FileTransfers transfers;
  private final Durability durability;
  private final OperationTable operations;
  private final Stateids stateids;
  private final RecentClaims claims = new RecentClaims();

  /**
   * @param grants decides who may do what
   * @param delegations recalls delegations before an operation touches a file
   * @param transfers what is told of every READ and WRITE
   * @param operations complete: nothing is added later
   * @param stateids judges the stateids that operations bring
   */
  public Nfs4Program(
      StorageArray array,
      Grants grants,
      Delegations delegations,
      FileTransfers transfers,
      OperationTable operations,
      Stateids stateids) {
    this(array, grants, delegations, transfers, operations, stateids, array);
  }

  Nfs4Program(
      StorageArray array,
      Grants grants,
      Delegations delegations,
      FileTransfers transfers,
      OperationTable operations,
      Stateids stateids,
      Durability durability) {
    this.array = Objects.requireNonNull(array);
    this.grants = Objects.requireNonNull(grants);
    this.delegations = Objects.requireNonNull(delegations);
    this.transfers = Objects.requireNonNull(transfers);
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
    return grants.toFile(handle, rpc.client(), claims.of(rpc.credential()), version);
  }

  RecentClaims claims() {
    return claims;
  }

  StorageArray array() {
    return array;
  }

  Grants grants() {
    return grants;
  }

  Delegations delegations() {
    return delegations;
  }

  FileTransfers transfers() {
    return transfers;
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
