/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Answers a retransmitted call with the answer of the first, instead of executing it twice: a
 * REMOVE that succeeds must not say "no such file" because its reply was lost.
 *
 * <p>Two calls are the same if they come from the same address (the port does not matter), from the
 * same machine name and user, with the same xid, program, version and procedure, and their
 * arguments have the same length and checksum. In addition, the second must come over the same
 * connection as the first, or the connection of the first must be gone. Linux reconnects from the
 * same port. libnfs and most others do not, and their mounts ask again over the new connection. Two
 * clients on one machine may use the same xids. They have two connections that are both alive, so
 * each gets an answer of its own: if both create the same lock file, one must fail. The checksum
 * covers all arguments, because the remembered part of a call is short and a restarted client may
 * reuse an xid for another call. The stamp of a credential is ignored, because some clients choose
 * a new one for each transmission.
 *
 * <p>A connection is gone when it is closed; when the operating system knows of its end before this
 * process does, because the peer has shut down its side or reset it; when the peer has not
 * acknowledged bytes for two retransmissions, which shows an interrupted network long before TCP
 * gives up; or when a new connection has the same two addresses and ports. See {@link
 * DeadPeers#isGone}. Over UDP, the port takes the place of the connection and is never gone: a
 * client retransmits from the same socket.
 *
 * <p>How it works. The first call is entered before it runs. A duplicate that arrives while the
 * first call runs is put off, and gets the same answer when the first call has it. A duplicate that
 * arrives later gets a copy of the answer. Only results are remembered: a call that was refused,
 * dropped or failed changed nothing that must be protected, and is forgotten. When the answers
 * exceed a bound, the oldest are dropped. An answer is used for {@value #BELIEVED_SECONDS} seconds.
 *
 * <p>Known flaw: if a client loses its network while its call still runs, and comes back over
 * another connection before the call is answered, its call is executed again, because nothing
 * distinguishes its first connection from a living one.
 *
 * <p>Known flaws, shared with every such cache: if an answer is dropped too early, the call is
 * executed again; and if a client uses the same xids after each restart, and repeats a call from
 * before the restart exactly within the time above, it gets the old answer.
 *
 * <p>Only the given procedures have this cost; all others pass after one test of a bit. Decorators
 * that lose answers on purpose must be outside this one, not inside. Thread-safe; each shard has
 * one lock, held for a few map operations; an answer's own lock is never taken with it.
 */
public final class DuplicateRequestCache extends RpcProgramDecorator {
  /**
   * A bound with room for some four thousand answers of NFS, which is more than a client has under
   * way, and small enough for a processor's cache.
   */
  public static final long DEFAULT_BYTES = 1L << 20;

  private static final long BELIEVED_SECONDS = 120;
  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;
  private static final int SHARDS = 16;

  /** Stands for no uid, because a uid has 32 bits. */
  private static final long NOBODY = -1;

  private static final Credential.Sys ANONYMOUS =
      new Credential.Sys(0, "", NOBODY, NOBODY, List.of());

  private final long procedures;
  private final LongSupplier nanoClock;
  private final CallOrigins origins = new CallOrigins();
  private final ReplyShard[] shards = new ReplyShard[SHARDS];

  /**
   * Guards a program.
   *
   * @param procedures the procedures whose calls are remembered, each 0 to 63
   * @param maxBytes bound of the memory for the answers kept, with their keys
   */
  public DuplicateRequestCache(RpcProgram program, Set<Integer> procedures, long maxBytes) {
    this(program, procedures, maxBytes, System::nanoTime);
  }

  DuplicateRequestCache(
      RpcProgram program, Set<Integer> procedures, long maxBytes, LongSupplier nanoClock) {
    super(program);
    this.nanoClock = Objects.requireNonNull(nanoClock);
    long bits = 0;
    for (int procedure : procedures) {
      if (procedure < 0 || procedure >= Long.SIZE) {
        throw new IllegalArgumentException("procedure " + procedure + ", 0 to 63");
      }
      bits |= 1L << procedure;
    }
    this.procedures = bits;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new ReplyShard((int) Math.min(Integer.MAX_VALUE, maxBytes / SHARDS), origins);
    }
  }

  /**
   * What makes two calls the same.
   *
   * @param machineName of the credential; empty without one, as uid and gid are then {@value
   *     #NOBODY}
   * @param checksum CRC-32C of the arguments
   */
  record Key(
      InetAddress client,
      String machineName,
      long uid,
      long gid,
      int xid,
      int version,
      int procedure,
      int argumentBytes,
      int checksum) {
    /**
     * A hash of the fields in which nearly all calls differ; cheap, because every guarded call
     * computes it.
     */
    @Override
    public int hashCode() {
      int hash = (xid ^ checksum * 31) * 0x9e3779b9;
      return hash ^ hash >>> 15;
    }
  }

  @Override
  public void call(RpcCall call) {
    int procedure = call.procedure();
    if (procedure < 0 || procedure >= Long.SIZE || (procedures & 1L << procedure) == 0) {
      behind().call(call);
      return;
    }
    Key key = keyOf(call);
    ReplyShard shard = shards[(key.hashCode() * 0x9e3779b9) >>> 28];
    long nowNanos = nanoClock.getAsLong();
    CallOrigin origin = call.origin();
    origins.note(origin);
    RememberedReply mine = new RememberedReply(shard, key, origin, nowNanos);
    RememberedReply earlier = shard.enter(mine, nowNanos - BELIEVED_NANOS);
    if (earlier == null) {
      execute(call, mine);
    } else {
      call.answersFromMemory();
      earlier.answer(call);
    }
  }

  private void execute(RpcCall call, RememberedReply reply) {
    RecordedCall recorded = new RecordedCall(call, reply);
    boolean returned = false;
    try {
      behind().call(recorded);
      returned = true;
    } finally {
      if (returned) {
        recorded.programReturned();
      } else {
        reply.forget();
      }
    }
  }

  private static Key keyOf(RpcCall call) {
    ByteBuf arguments = call.arguments();
    int lengthBytes = arguments.readableBytes();
    CRC32C checksum = new CRC32C();
    checksum.update(
        arguments.nioBufferCount() == 1
            ? arguments.internalNioBuffer(arguments.readerIndex(), lengthBytes)
            : arguments.nioBuffer(arguments.readerIndex(), lengthBytes));
    Credential.Sys caller = call.credential() instanceof Credential.Sys sys ? sys : ANONYMOUS;
    return new Key(
        call.client().getAddress(),
        caller.machineName(),
        caller.uid(),
        caller.gid(),
        call.xid(),
        call.version(),
        call.procedure(),
        lengthBytes,
        (int) checksum.getValue());
  }

  /**
   * Forgets every call, because what the calls did is undone or no longer matters. Calls that run
   * now are answered and not remembered. It takes only the locks of the shards, which no thread
   * holds while a call runs, so the caller may hold any lock of the programs behind.
   */
  public void forgetAll() {
    forgetAll(RememberedReply.NO_EFFECT + 1);
  }

  /**
   * Forgets every call because an era begins. A call that runs now is remembered if it takes effect
   * in the new era ({@link RpcCall#tookEffect}).
   *
   * @param era greater than all before, and not negative
   */
  public void forgetAll(long era) {
    for (ReplyShard shard : shards) {
      shard.forgetAll(era);
    }
  }

  /** The memory, in bytes, that answers and their keys take now. */
  long heldBytes() {
    long bytes = 0;
    for (ReplyShard shard : shards) {
      bytes += shard.heldBytes();
    }
    return bytes;
  }

  /** How many open connections remembered calls came from. */
  int origins() {
    return origins.size();
  }

  /** How many calls run now. */
  int running() {
    int running = 0;
    for (ReplyShard shard : shards) {
      running += shard.running();
    }
    return running;
  }

  /**
   * Encodes results without a connection, because the connection may be gone when the answer is
   * ready.
   */
  static byte[] bytesOf(RpcCall.ReplyEncoder results) {
    ByteBuf out = Unpooled.buffer(512);
    results.encode(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }
}
