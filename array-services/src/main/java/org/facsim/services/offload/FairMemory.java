/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Remembers a bounded number of things for clients. When it is full, the client that has most loses
 * its oldest one, so that a client that floods it loses its own entries first. Each operation takes
 * at most time logarithmic in the number of clients. Not thread-safe.
 *
 * @param <K> the key by which a thing is found
 * @param <V> what is remembered
 */
public final class FairMemory<K, V> {
  private record Item<V>(String client, V value) {}

  private final int most;
  private final Map<K, Item<V>> items = new HashMap<>();

  /** The keys of each client, the oldest first. */
  private final Map<String, Set<K>> keysByClient = new LinkedHashMap<>();

  private final TreeMap<Integer, Set<String>> clientsByCount = new TreeMap<>();

  /**
   * @param most how many things of all clients together are remembered, 1 or more
   */
  public FairMemory(int most) {
    this.most = most;
  }

  /** What is remembered under a key, or null. */
  public V get(K key) {
    Item<V> item = items.get(key);
    return item == null ? null : item.value;
  }

  /** All that is remembered, in no order. */
  public List<V> values() {
    return items.values().stream().map(Item::value).toList();
  }

  public int size() {
    return items.size();
  }

  /** Remembers a thing as the client's newest. It replaces the thing that had this key. */
  public void put(String client, K key, V value) {
    remove(key);
    String loser = items.size() >= most ? greediest() : null;
    if (client.equals(loser)) { // what it has stays as many
      Set<K> keys = keysByClient.get(client);
      K oldest = keys.iterator().next();
      keys.remove(oldest);
      keys.add(key);
      items.remove(oldest);
      items.put(key, new Item<>(client, value));
      return;
    }
    if (loser != null) {
      remove(keysByClient.get(loser).iterator().next());
    }
    items.put(key, new Item<>(client, value));
    Set<K> keys = keysByClient.computeIfAbsent(client, unused -> new LinkedHashSet<>());
    keys.add(key);
    move(client, keys.size() - 1, keys.size());
  }

  /** Forgets one thing, if it is there. */
  public void remove(K key) {
    Item<V> item = items.remove(key);
    if (item == null) {
      return;
    }
    Set<K> keys = keysByClient.get(item.client);
    keys.remove(key);
    move(item.client, keys.size() + 1, keys.size());
    if (keys.isEmpty()) {
      keysByClient.remove(item.client);
    }
  }

  public void clear() {
    items.clear();
    keysByClient.clear();
    clientsByCount.clear();
  }

  private String greediest() {
    return clientsByCount.lastEntry().getValue().iterator().next();
  }

  private void move(String client, int fromCount, int toCount) {
    Set<String> clients = clientsByCount.get(fromCount);
    if (clients != null && clients.remove(client) && clients.isEmpty()) {
      clientsByCount.remove(fromCount);
    }
    if (toCount > 0) {
      clientsByCount.computeIfAbsent(toCount, unused -> new LinkedHashSet<>()).add(client);
    }
  }
}
