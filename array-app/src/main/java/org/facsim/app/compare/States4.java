/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.facsim.protocol.nfs4.Stateid4;

/** The opens and locks of both clients at one server, in one history. */
final class States4 {
  /** RFC 7530 section 9.1.7: with these the owner's sequence does not go on. */
  private static final Set<String> SEQUENCE_STAYS =
      Set.of(
          "STALE_CLIENTID",
          "STALE_STATEID",
          "BAD_STATEID",
          "BAD_SEQID",
          "BADXDR",
          "RESOURCE",
          "NOFILEHANDLE",
          "MOVED");

  /** Of which client and owner which file is open or locked. */
  record Key(int client, long owner, String file) {}

  private final Map<Key, Stateid4> opens = new HashMap<>();
  private final Map<Key, Stateid4> locks = new HashMap<>();
  private final Map<String, Integer> sequences = new HashMap<>();
  private final Map<Key, byte[]> handles = new HashMap<>();

  static Key key(Step step, byte[] handle) {
    return key(step.client(), step.value(), handle);
  }

  static Key key(int client, long owner, byte[] handle) {
    return new Key(client, owner, HexFormat.of().formatHex(handle));
  }

  Optional<Stateid4> open(Key key) {
    return Optional.ofNullable(opens.get(key));
  }

  Optional<Stateid4> locks(Key key) {
    return Optional.ofNullable(locks.get(key));
  }

  void opened(Key key, byte[] handle, Stateid4 stateid) {
    opens.put(key, stateid);
    handles.put(key, handle);
  }

  void locked(Key key, Stateid4 stateid) {
    locks.put(key, stateid);
  }

  void closed(Key key) {
    opens.remove(key);
    locks.remove(key);
  }

  Map<Key, byte[]> open() {
    Map<Key, byte[]> open = new HashMap<>(handles);
    open.keySet().retainAll(opens.keySet());
    return open;
  }

  /** What READ, WRITE and their like say: an open of the client, or that there is none. */
  Stateid4 forData(int client, byte[] handle) {
    return LongStream.range(0, 2)
        .mapToObj(owner -> opens.get(key(client, owner, handle)))
        .filter(each -> each != null)
        .findFirst()
        .orElse(Stateid4.ANONYMOUS);
  }

  /** The next number of an owner of minor version 0. */
  int sequence(String owner) {
    return sequences.getOrDefault(owner, 1);
  }

  void sequenced(String owner, String status) {
    if (!SEQUENCE_STAYS.contains(status)) {
      sequences.merge(owner, 2, (old, unused) -> old + 1);
    }
  }
}
