/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.facsim.array.StorageArray;
import org.facsim.nfs.BulkWrites;
import org.facsim.nfs.FilelessCalls;
import org.facsim.nfs.Protections;
import org.facsim.nfs.RecentClaims;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.MkNod3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Remove3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.RmDir3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.SymLink3;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.AuthStatus;
import org.facsim.protocol.rpc.BulkRoom;
import org.facsim.protocol.rpc.BulkSpan;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.access.WrongSecurityException;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.RecallUnderWay;

/**
 * NFS version 3 over an array. Each call is decoded, performed and, unless it must wait, answered
 * on the thread that read it from the socket.
 *
 * <p>The answer to a change leaves only when the array has the change on stable storage: at once
 * with an ephemeral array, otherwise when the transaction group of the change is durable. Only here
 * do failures of the array become statuses.
 */
public final class Nfs3Program implements RpcProgram {
  /**
   * The procedures whose second execution would give another answer than the first. A {@link
   * org.facsim.nfs.retransmission.DuplicateRequestCache} around this program must remember them.
   * WRITE is left out, because it is frequent and a repeated one writes the same bytes.
   */
  public static final Set<Integer> NOT_IDEMPOTENT =
      Set.of(
          SetAttr3.PROCEDURE,
          Create3.PROCEDURE,
          MkDir3.PROCEDURE,
          SymLink3.PROCEDURE,
          MkNod3.PROCEDURE,
          Remove3.PROCEDURE,
          RmDir3.PROCEDURE,
          Rename3.PROCEDURE,
          Link3.PROCEDURE);

  private static final long NO_GROUP = 0;

  /**
   * How long a call waits for the recall of a delegation; after that, the client is told to try
   * again.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final StorageArray array;
  private final Grants grants;
  private final Delegations delegations;
  private final FileTransfers transfers;
  private final Durability durability;
  private final RecentClaims claims = new RecentClaims();

  /** By procedure number; NULL has none. */
  private final Procedure3<?>[] procedures = {
    null,
    new GetAttr(),
    new SetAttr(),
    new Lookup(),
    new Access(),
    new ReadLink(),
    new Read(),
    new Write(),
    new Create(),
    new MkDir(),
    new SymLink(),
    new MkNod(),
    new Remove(),
    new RmDir(),
    new Rename(),
    new Link(),
    new ReadDir(),
    new ReadDirPlus(),
    new FsStat(),
    new FsInfo(),
    new PathConf(),
    new Commit()
  };

  /**
   * @param grants decides who may do what
   * @param delegations recalls delegations before a call touches a file
   */
  public Nfs3Program(StorageArray array, Grants grants, Delegations delegations) {
    this(array, grants, delegations, array);
  }

  /**
   * @param transfers what is told of every READ and WRITE
   */
  public Nfs3Program(
      StorageArray array, Grants grants, Delegations delegations, FileTransfers transfers) {
    this(array, grants, delegations, array, transfers);
  }

  Nfs3Program(StorageArray array, Grants grants, Delegations delegations, Durability durability) {
    this(array, grants, delegations, durability, new FileTransfers(Clock.systemUTC()));
  }

  private Nfs3Program(
      StorageArray array,
      Grants grants,
      Delegations delegations,
      Durability durability,
      FileTransfers transfers) {
    this.transfers = Objects.requireNonNull(transfers);
    this.array = Objects.requireNonNull(array);
    this.grants = Objects.requireNonNull(grants);
    this.delegations = Objects.requireNonNull(delegations);
    this.durability = durability;
  }

  /** What a call may do with the object that it names; throws like {@link Grants#toFile}. */
  Grant grant(Nfs3Handle handle, RpcCall rpc) {
    return grants.toFile(
        Handles3.toArray(handle),
        rpc.client(),
        claims.of(rpc.credential()),
        NfsVersion.V3,
        Protections.of(rpc));
  }

  FileTransfers transfers() {
    return transfers;
  }

  Delegations delegations() {
    return delegations;
  }

  long writeVerifier() {
    return array.writeVerifier();
  }

  boolean isDurable(long transactionGroup) {
    return durability.isDurable(transactionGroup);
  }

  @Override
  public int number() {
    return Nfs3.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nfs3.VERSION;
  }

  @Override
  public boolean answersWithStatus(int procedure) {
    return procedure != Nfs3.NULL;
  }

  @Override
  public BulkSpan bulkData(int procedure, ByteBuf arguments, int argumentBytes) {
    return procedure == Write3.PROCEDURE
        ? WriteHead.dataOf(arguments, argumentBytes)
        : BulkSpan.NONE;
  }

  @Override
  public BulkRoom room(int procedure, int lengthBytes) {
    return BulkWrites.room(array, lengthBytes);
  }

  @Override
  public void call(RpcCall rpc) {
    int procedure = rpc.procedure();
    if (procedure == Nfs3.NULL) {
      if (FilelessCalls.mayRun(rpc)) {
        rpc.reply();
      }
    } else if (procedure > 0 && procedure < procedures.length) {
      run(procedures[procedure], rpc);
    } else {
      rpc.procedureUnavailable();
    }
  }

  private <A> void run(Procedure3<A> procedure, RpcCall rpc) {
    A args = procedure.decode(rpc.arguments());
    Nfs3Call call = new Nfs3Call(this, rpc).brings(procedure, args);
    try {
      Nfs3Result result = procedure.perform(call, args);
      if (call.transactionGroup() == NO_GROUP || durability.isDurable(call.transactionGroup())) {
        result.encode(rpc.reply());
      } else {
        answerWhenDurable(procedure, call, result, rpc.defer());
      }
    } catch (ArrayException e) {
      procedure.failure(call, Errors3.statusOf(e.error())).encode(rpc.reply());
    } catch (StatusRefusal chosen) {
      procedure.failure(call, Errors3.statusOf(chosen.status())).encode(rpc.reply());
    } catch (WrongSecurityException weak) {
      rpc.denied(AuthStatus.TOO_WEAK);
    } catch (RecallUnderWay wait) {
      if (procedure.mayWait()) {
        RpcCall.DeferredReply reply = rpc.defer();
        delegations()
            .await(
                wait.ended(),
                LONGEST_WAIT,
                isRecalled -> performLater(procedure, args, rpc, reply, isRecalled));
      } else {
        procedure.failure(call, Nfs3Status.JUKEBOX).encode(rpc.reply());
      }
    }
  }

  /**
   * Performs a call whose file was delegated. If it is delegated again, the client is told to try
   * again.
   */
  private <A> void performLater(
      Procedure3<A> procedure,
      A args,
      RpcCall rpc,
      RpcCall.DeferredReply reply,
      boolean isRecalled) {
    Nfs3Call call = new Nfs3Call(this, rpc).brings(procedure, args);
    Nfs3Result result;
    try {
      result =
          isRecalled ? procedure.perform(call, args) : procedure.failure(call, Nfs3Status.JUKEBOX);
    } catch (ArrayException e) {
      result = procedure.failure(call, Errors3.statusOf(e.error()));
    } catch (StatusRefusal chosen) {
      result = procedure.failure(call, Errors3.statusOf(chosen.status()));
    } catch (RecallUnderWay again) {
      result = procedure.failure(call, Nfs3Status.JUKEBOX);
    } catch (RuntimeException | Error defect) {
      reply.fail(defect);
      return;
    }
    if (call.transactionGroup() == NO_GROUP) {
      reply.complete(result::encode);
    } else {
      answerWhenDurable(procedure, call, result, reply);
    }
  }

  private void answerWhenDurable(
      Procedure3<?> procedure, Nfs3Call call, Nfs3Result result, RpcCall.DeferredReply reply) {
    durability.whenDurable(
        call.transactionGroup(),
        Runnable::run,
        failure -> {
          Nfs3Result answer =
              failure == null ? result : procedure.failure(call, Errors3.statusOf(failure));
          reply.complete(answer::encode);
        });
  }
}
