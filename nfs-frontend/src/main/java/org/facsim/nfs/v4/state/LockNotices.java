/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;

/**
 * The clients that wait for a lock that was denied, and are told with CB_NOTIFY_LOCK when it may be
 * free: RFC 8881 section 20.11. The lock is not kept for them: they ask again, and would do so
 * without the notice, too. Guarded by the state's monitor.
 */
final class LockNotices {
  private static final int MAX_WAITING = 1 << 14;
  private static final int MAX_PER_CLIENT = 256;

  private record Wish(Inode file, LockOwner4 owner, ByteRange range, LockMode mode) {}

  private final Nfs4State state;

  /** Wishes, with the task of the shared table that tells of each; the oldest first. */
  private final Map<Wish, Runnable> waiting = new LinkedHashMap<>();

  private final Map<Client4, Integer> perClient = new HashMap<>();

  LockNotices(Nfs4State state) {
    this.state = state;
  }

  /** A blocking lock was denied. */
  void await(Inode file, LockOwner4 owner, ByteRange range, LockMode mode) {
    Wish wish = new Wish(file, owner, range, mode);
    Client4 client = owner.client();
    if (waiting.containsKey(wish)
        || waiting.size() >= MAX_WAITING
        || perClient.getOrDefault(client, 0) >= MAX_PER_CLIENT
        || !client.path.isUp()) {
      return;
    }
    LockOwner key = owner.key();
    Runnable cancel =
        state.holdings().locks().whenFree(file, key, range, mode, () -> mayBeFree(wish));
    if (cancel != null) {
      waiting.put(wish, cancel);
      perClient.merge(client, 1, Integer::sum);
    }
  }

  private void mayBeFree(Wish wish) {
    synchronized (state) {
      if (!drop(wish)) {
        return;
      }
    }
    Client4 client = wish.owner.client();
    var unused =
        client.path.call(
            new Callback4.NotifyLock(
                wish.file.handle().toBytes(), client.id(), wish.owner.name().copy()));
  }

  private boolean drop(Wish wish) {
    if (waiting.remove(wish) == null) {
      return false;
    }
    perClient.merge(wish.owner.client(), -1, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    return true;
  }

  /** The owner has got the lock, or does not wait for it any more. */
  void settled(Inode file, LockOwner4 owner) {
    if (!waiting.isEmpty()) {
      forget(wish -> wish.file == file && wish.owner == owner);
    }
  }

  /** The client is gone. */
  void forget(Client4 client) {
    if (perClient.containsKey(client)) {
      forget(wish -> wish.owner.client() == client);
    }
  }

  private void forget(java.util.function.Predicate<Wish> which) {
    Iterator<Map.Entry<Wish, Runnable>> each = waiting.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Wish, Runnable> entry = each.next();
      if (which.test(entry.getKey())) {
        entry.getValue().run();
        each.remove();
        perClient.merge(
            entry.getKey().owner.client(),
            -1,
            (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
      }
    }
  }
}
