/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.retransmission;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.protocol.rpc.AuthStatus;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.FixedOrigin;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.testing.Interleavings.Step;
import org.facsim.protocol.testing.RememberedNames;
import org.junit.jupiter.api.Test;

/**
 * Calls of two threads through the duplicate request cache, before a store that has one lock: what
 * they are answered is what some order of the same calls answers.
 */
class DuplicateRequestCacheRaceTest {
  private static final int CREATE = 1;
  private static final int PUT = 2;
  private static final CallOrigin CONNECTION = new FixedOrigin(1, false);

  /** A store of names, as a program. Its answers are words. */
  private static final class Store extends RememberedNames implements RpcProgram {
    final Map<Integer, Object> looked = new ConcurrentHashMap<>();
    final DuplicateRequestCache cache =
        new DuplicateRequestCache(this, Set.of(CREATE, PUT), 16 << 10, () -> 1L);

    @Override
    public int number() {
      return 1;
    }

    @Override
    public int lowestVersion() {
      return 1;
    }

    @Override
    public int highestVersion() {
      return 1;
    }

    @Override
    public void call(RpcCall call) {
      int name = call.arguments().getInt(0);
      boolean added = add(name);
      call.reply().writeInt(added || call.procedure() == PUT ? 1 : 0);
    }

    /** The answer of the call with this xid and name. */
    Object send(int procedure, int name) {
      OneCall call = new OneCall(name, procedure);
      cache.call(call);
      return call.answer();
    }

    @Override
    protected void forgetAll() {
      cache.forgetAll();
    }

    /** The planted mistake: whoever looks before it enters may execute beside another. */
    Object lookThenSend(int name) {
      Object earlier = looked.get(name);
      if (earlier == null) {
        OneCall call = new OneCall(name, CREATE);
        call(call);
        earlier = call.answer();
        looked.putIfAbsent(name, earlier);
      }
      return earlier;
    }
  }

  /** One transmission; the answer comes at once or is put off. */
  private static final class OneCall implements RpcCall {
    private final int name;
    private final int procedure;
    private final ByteBuf reply = Unpooled.buffer(8);
    private final CompletableFuture<Integer> later = new CompletableFuture<>();
    private boolean deferred;

    OneCall(int name, int procedure) {
      this.name = name;
      this.procedure = procedure;
    }

    @Override
    public int xid() {
      return name;
    }

    @Override
    public int program() {
      return 1;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public int procedure() {
      return procedure;
    }

    @Override
    public Credential credential() {
      return new Credential.None();
    }

    @Override
    public InetSocketAddress client() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000);
    }

    @Override
    public InetSocketAddress server() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);
    }

    @Override
    public CallOrigin origin() {
      return CONNECTION;
    }

    @Override
    public ByteBuf arguments() {
      return Unpooled.copyInt(name);
    }

    /** Waits for an answer that is put off. */
    int answer() {
      return deferred ? later.join() : reply.getInt(0);
    }

    @Override
    public ByteBuf reply() {
      return reply;
    }

    @Override
    public ByteBuf appendData(ByteBuf data) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void procedureUnavailable() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void denied(AuthStatus why) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void systemError() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void drop() {
      throw new UnsupportedOperationException();
    }

    @Override
    public DeferredReply defer() {
      deferred = true;
      return new DeferredReply() {
        @Override
        public void complete(ReplyEncoder results) {
          results.encode(reply);
          later.complete(reply.getInt(0));
        }

        @Override
        public void fail(Throwable cause) {
          later.completeExceptionally(cause);
        }
      };
    }
  }

  private static final List<Step<Store>> CREATES =
      List.of(
          new Step<>("create 0", store -> store.send(CREATE, 0)),
          new Step<>("create 1", store -> store.send(CREATE, 1)));

  private static final List<Step<Store>> PUTS =
      List.of(
          new Step<>("put", store -> store.send(PUT, 0)),
          new Step<>("is there", store -> store.isThere(0)));

  /** CREATE is not idempotent: a second execution answers otherwise. */
  @Test
  void aCallIsExecutedOnceHoweverItsTransmissionsMeet() throws Exception {
    RememberedNames.check(Store::new, CREATES, CREATES.get(0));
  }

  @Test
  void nothingThatWasUndoneIsRemembered() throws Exception {
    RememberedNames.check(Store::new, PUTS, new Step<>("restore", Store::restore));
  }

  @Test
  void plantedMistakesAreFound() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> tryOften(CREATES, new Step<>("look", s -> s.lookThenSend(0))));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> tryOften(PUTS, new Step<>("restore", Store::forgetThenRestore)));
  }

  private static void tryOften(List<Step<Store>> steps, Step<Store> more) throws Exception {
    for (int i = 0; i < 100; i++) {
      RememberedNames.check(Store::new, steps, more);
    }
  }
}
