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
 * <p>A call is the same if it comes from the same address, from whatever port, in the name of the
 * same machine and user, with the same xid, program, version and procedure, and its arguments have
 * the same length and checksum; and if it comes over the same connection, or the connection of the
 * first is gone. Linux reconnects from the port it had; libnfs and most others do not, and their
 * mounts ask again over the new connection. Two clients of one machine that number their calls
 * alike have two connections that are both alive, and each gets an answer of its own: of two that
 * create one lock file, one must fail. The checksum is over all arguments: what is remembered is
 * short, and a restarted client may reuse an xid for another call. The stamp of a credential is
 * left out, which some clients draw anew for each transmission.
 *
 * <p>When a connection is gone: when it is closed; when the operating system knows of its end
 * before us, because the peer has shut down its side or reset it; when the peer does not
 * acknowledge the bytes sent to it and has not for two retransmissions, which is what a cut network
 * looks like long before TCP gives up; when a new connection has the same two addresses and ports.
 * See {@link DeadPeers#isGone}. Over UDP the port takes the place of the connection and is never
 * gone: who retransmits does so from the socket it asked from.
 *
 * <p>How it works. The first call enters itself before it runs. One that arrives while the first
 * runs is put off and gets the first one's answer when that is there; one that arrives later gets a
 * copy. Only results are remembered: a call that was refused, dropped or failed did nothing worth
 * protecting and is forgotten. Answers are kept until their bytes exceed a bound, oldest out first,
 * and are believed for {@value #BELIEVED_SECONDS} seconds.
 *
 * <p>Known flaw: a client whose network is cut while its call still runs, and that comes back by
 * another way before it is answered, has its call executed again, because nothing tells its first
 * connection from a living one.
 *
 * <p>Known flaws, shared with every such cache: an answer pushed out too early is executed anew;
 * and a client that numbers its calls alike in each of its lives, and repeats a call of its last
 * life to the letter within the time above, gets the answer of that.
 *
 * <p>Only the given procedures pay for this; all others pass after one test of a bit. Decorators
 * that lose answers on purpose belong around this one, not within. Thread-safe; each shard has one
 * lock, held for a few map operations; an answer's own lock is never taken with it.
 */
public final class DuplicateRequestCache extends RpcProgramDecorator {
  /**
   * A bound that holds some four thousand answers of NFS, more than a client has under way, and
   * stays within a processor's cache.
   */
  public static final long DEFAULT_BYTES = 1L << 20;

  private static final long BELIEVED_SECONDS = 120;
  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;
  private static final int SHARDS = 16;

  /** No uid: those have 32 bits. */
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
   * @param procedures those to remember, each 0 to 63
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
    /** Of what makes nearly all calls differ; cheap, for every guarded call pays for it. */
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
   * Forgets every call: what it did is undone, or of no meaning any more. Calls that run now are
   * answered and not remembered. Takes the locks of the shards only, which nobody holds while a
   * call runs, so it may be called with any lock of what lies behind.
   */
  public void forgetAll() {
    forgetAll(RememberedReply.NO_EFFECT + 1);
  }

  /**
   * The same, when an era begins. A call that runs now is remembered all the same if it takes
   * effect in it ({@link RpcCall#tookEffect}).
   *
   * @param era greater than all before, and not negative
   */
  public void forgetAll(long era) {
    for (ReplyShard shard : shards) {
      shard.forgetAll(era);
    }
  }

  /** Memory that answers hold now, with their keys. */
  long heldBytes() {
    long bytes = 0;
    for (ReplyShard shard : shards) {
      bytes += shard.heldBytes();
    }
    return bytes;
  }

  /** Connections open now that calls came from. */
  int origins() {
    return origins.size();
  }

  /** Calls that run now. */
  int running() {
    int running = 0;
    for (ReplyShard shard : shards) {
      running += shard.running();
    }
    return running;
  }

  /** Encodes without a connection, which may be gone when the answer is ready. */
  static byte[] bytesOf(RpcCall.ReplyEncoder results) {
    ByteBuf out = Unpooled.buffer(512);
    results.encode(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }
}
