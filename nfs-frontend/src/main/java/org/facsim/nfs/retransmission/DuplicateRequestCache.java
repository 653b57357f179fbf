/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.retransmission;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.CallOrigins;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.services.state.AtMostOnce;

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
 * CallOrigin#isGone}. Over UDP, the port takes the place of the connection and is never gone: a
 * client retransmits from the same socket.
 *
 * <p>How it works. The first call is entered before it runs. A duplicate that arrives while the
 * first call runs is put off, and gets the same answer when the first call has it. A duplicate that
 * arrives later gets a copy of the answer. Only results are remembered: a call that was refused,
 * dropped or failed changed nothing that must be protected, and is forgotten. When the answers
 * exceed a bound, the oldest are dropped, those of the address that has most before the others. An
 * answer is used for {@value #BELIEVED_SECONDS} seconds. All of this is {@link AtMostOnce}; this
 * class knows what a call of ONC RPC is and what its results are.
 *
 * <p>Known flaw: if a client loses its network while its call still runs, and comes back over
 * another connection before the call is answered, its call is executed again, because nothing
 * distinguishes its first connection from a living one.
 *
 * <p>Known flaws, shared with every such cache: if an answer is dropped too early, the call is
 * executed again; and if a client uses the same xids after each restart, and repeats a call from
 * before the restart exactly within the time above, it gets the old answer.
 *
 * <p>Only the given calls have this cost; all others pass after one test. Decorators that lose
 * answers on purpose must be outside this one, not inside. Thread-safe. There are {@value #SHARDS}
 * tables, each with a lock of its own, so that event loops seldom wait for each other.
 */
public final class DuplicateRequestCache extends RpcProgramDecorator {
  /**
   * A bound with room for more than three thousand answers of NFS, which is more than clients have
   * under way, and small enough for a processor's cache.
   */
  public static final long DEFAULT_BYTES = 3 << 19;

  private static final long BELIEVED_SECONDS = 120;
  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;
  private static final int SHARDS = 16;

  /** The most connections of one client whose equal calls are told apart. */
  private static final int MAX_EQUAL = 64;

  /** The most waiting duplicates of a running call; further ones are dropped. */
  private static final int MAX_WAITING = 8;

  /** A running call costs nothing: connections bound how many run. */
  private static final AtMostOnce.Rules<GuardedCall, byte[]> RULES =
      new AtMostOnce.Rules<>() {
        @Override
        public int bytesOfAnswer(GuardedCall call, byte[] results) {
          return call.entryBytes() + results.length;
        }
      };

  private final Predicate<RpcCall> isGuarded;
  private final CallOrigins origins = new CallOrigins();
  private final List<AtMostOnce<GuardedCall, byte[]>> shards = new ArrayList<>(SHARDS);

  /**
   * Guards a program.
   *
   * @param procedures the procedures whose calls are remembered, each 0 to 63
   * @param maxBytes bound of the memory for the answers kept, with their keys
   */
  public DuplicateRequestCache(RpcProgram program, Set<Integer> procedures, long maxBytes) {
    this(program, procedures, maxBytes, System::nanoTime);
  }

  /**
   * Guards a program.
   *
   * @param isGuarded tells which calls are remembered; must not read their arguments away
   * @param maxBytes bound of the memory for the answers kept, with their keys
   */
  public DuplicateRequestCache(RpcProgram program, Predicate<RpcCall> isGuarded, long maxBytes) {
    this(program, isGuarded, maxBytes, System::nanoTime);
  }

  DuplicateRequestCache(
      RpcProgram program, Set<Integer> procedures, long maxBytes, LongSupplier nanoClock) {
    this(program, anyOf(procedures), maxBytes, nanoClock);
  }

  private DuplicateRequestCache(
      RpcProgram program, Predicate<RpcCall> isGuarded, long maxBytes, LongSupplier nanoClock) {
    super(program);
    this.isGuarded = Objects.requireNonNull(isGuarded);
    Objects.requireNonNull(nanoClock);
    AtMostOnce.Limits limits =
        new AtMostOnce.Limits(
            Integer.MAX_VALUE, maxBytes / SHARDS, MAX_EQUAL, BELIEVED_NANOS, false);
    for (int i = 0; i < SHARDS; i++) {
      shards.add(new AtMostOnce<>(limits, nanoClock, RULES));
    }
  }

  private static Predicate<RpcCall> anyOf(Set<Integer> procedures) {
    long bits = 0;
    for (int procedure : procedures) {
      if (procedure < 0 || procedure >= Long.SIZE) {
        throw new IllegalArgumentException("procedure " + procedure + ", 0 to 63");
      }
      bits |= 1L << procedure;
    }
    long set = bits;
    return call -> {
      int procedure = call.procedure();
      return procedure >= 0 && procedure < Long.SIZE && (set & 1L << procedure) != 0;
    };
  }

  @Override
  public void call(RpcCall call) {
    if (!isGuarded.test(call)) {
      behind().call(call);
      return;
    }
    origins.note(call.origin());
    GuardedCall mine = new GuardedCall(call, origins);
    AtMostOnce<GuardedCall, byte[]> shard = shards.get((mine.hashCode() * 0x9e3779b9) >>> 28);
    GuardedCall earlier = shard.enter(mine);
    mine.entered();
    if (earlier == null) {
      execute(new RecordedCall(call, shard, mine));
    } else {
      call.answersFromMemory();
      answer(call, earlier, shard.answerOf(earlier));
    }
  }

  private void execute(RecordedCall recorded) {
    boolean returned = false;
    try {
      behind().call(recorded);
      returned = true;
    } finally {
      if (returned) {
        recorded.programReturned();
      } else {
        recorded.programFailed();
      }
    }
  }

  /** Answers a duplicate: now, or when the first call is answered. */
  private static void answer(
      RpcCall duplicate, GuardedCall earlier, CompletableFuture<byte[]> results) {
    if (results.isCompletedExceptionally()) {
      duplicate.drop(); // the first call was just forgotten: the client will retransmit
    } else if (results.isDone()) {
      duplicate.reply().writeBytes(results.join());
    } else if (earlier.mayWait(MAX_WAITING)) {
      RpcCall.DeferredReply waiting = duplicate.defer();
      var unused =
          results.whenComplete(
              (bytes, failure) -> {
                if (failure == null) {
                  waiting.complete(out -> out.writeBytes(bytes));
                } else {
                  waiting.fail(failure);
                }
              });
    } else {
      duplicate.drop(); // too many wait: the client will retransmit
    }
  }

  /**
   * Forgets every call, because what the calls did is undone or no longer matters. Calls that run
   * now are answered and not remembered. It takes only the locks of the shards, which no thread
   * holds while a call runs, so the caller may hold any lock of the programs behind.
   */
  public void forgetAll() {
    shards.forEach(AtMostOnce::forgetAll);
  }

  /**
   * Forgets every call because an era begins. A call that runs now is remembered if it takes effect
   * in the new era ({@link RpcCall#tookEffect}).
   *
   * @param era greater than all before, and not negative
   */
  public void forgetAll(long era) {
    shards.forEach(shard -> shard.forgetAll(era));
  }

  /** The memory, in bytes, that answers and their keys take now. */
  long heldBytes() {
    return shards.stream().mapToLong(AtMostOnce::bytes).sum();
  }

  /** How many open connections remembered calls came from. */
  int origins() {
    return origins.size();
  }

  /** How many calls run now. */
  int running() {
    return shards.stream().mapToInt(AtMostOnce::running).sum();
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
