/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmHolder;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nlm.NlmTestResult;
import org.facsim.protocol.nlm.NlmUnlockArgs;
import org.facsim.protocol.rpc.RpcClient;

/** Locks over NLM, of clients that the server need not monitor, and that never wait. */
final class Locks3 implements AutoCloseable {
  private static final NetObject COOKIE = NetObject.of(new byte[] {1, 2, 3, 4});

  private record Held(int client, NlmLock lock) {}

  private final List<RpcClient> connections;
  private final Set<Held> taken = new HashSet<>();

  Locks3(Address address) {
    connections =
        IntStream.range(0, Address.CLIENTS)
            .mapToObj(client -> address.connect(client, address.lockPort()))
            .toList();
  }

  Facts play(Step step, byte[] object) {
    NlmLock lock =
        new NlmLock(
            "facsim-compare-" + step.client(),
            Nfs3Handle.of(object),
            NetObject.of("owner %d of %d".formatted(step.value(), step.client()).getBytes(UTF_8)),
            // servers may tell machines apart by their addresses, and owners by this number alone
            (int) (10L * step.client() + step.value()),
            step.offset(),
            // the end of a file is 0 here and all ones in NFSv4
            step.length() == -1 ? 0 : step.length());
    NlmClient client = new NlmClient(connections.get(step.client()));
    boolean isExclusive = step.how() == 1;
    try {
      return switch (step.act()) {
        case LOCK -> {
          taken.add(new Held(step.client(), lock));
          yield once(
              () ->
                  client
                      .lockUnmonitored(new NlmLockArgs(COOKIE, false, isExclusive, lock, false, 0))
                      .join()
                      .status());
        }
        case LOCKU -> once(() -> client.unlock(new NlmUnlockArgs(COOKIE, lock)).join().status());
        default -> tested(client.test(new NlmTestArgs(COOKIE, isExclusive, lock)).join());
      };
    } catch (CompletionException e) {
      return new Facts().status("no answer: " + Address.reason(e));
    }
  }

  private static Facts once(java.util.function.Supplier<NlmStatus> call) {
    NlmStatus status = call.get();
    for (int i = 0; status == NlmStatus.DENIED_GRACE_PERIOD && i < Patience.ATTEMPTS; i++) {
      Patience.pause();
      status = call.get();
    }
    return new Facts().status(status.name());
  }

  private static Facts tested(NlmTestResult result) {
    Facts facts = new Facts().status(result.status().name());
    NlmHolder holder = result.holder();
    if (holder != null) {
      facts.put("holder", holder.exclusive() ? "writes" : "reads");
      facts.put("holder.offset", holder.offsetBytes());
      facts.put("holder.length", holder.lengthBytes());
    }
    return facts;
  }

  void freeAll() {
    for (Held each : taken) {
      NlmLock all =
          new NlmLock(
              each.lock.callerName(),
              each.lock.handle(),
              each.lock.ownerHandle(),
              each.lock.svid(),
              0,
              0);
      try {
        new NlmClient(connections.get(each.client)).unlock(new NlmUnlockArgs(COOKIE, all)).join();
      } catch (CompletionException gone) {
        // its file is removed next
      }
    }
    taken.clear();
  }

  @Override
  public void close() {
    connections.forEach(RpcClient::close);
  }
}
