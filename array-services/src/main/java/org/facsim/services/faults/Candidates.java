/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.paths.FilePaths;

/**
 * The listeners that calls of one procedure may concern at one of their points, and which of them
 * are concerned by calls with the same key. That is found out once for each key, and again when
 * names of the volume went or lead elsewhere. Thread-safe; bounded by {@link #MAX_KEYS}.
 */
final class Candidates {
  static final Candidates NONE = new Candidates(List.of());

  /** Keys that are remembered; beyond that, all are forgotten. */
  static final int MAX_KEYS = 1 << 13;

  private static final CallListener[] NOBODY = {};

  private static final int NEAR = 64;

  private final CallListener[] all;
  private final boolean asksClient;
  private final boolean asksUid;
  private final boolean asksHost;
  private final boolean asksFile;
  private final boolean asksPath;
  private final boolean asksNothing;
  private final boolean asksFileOnly;
  private final Map<CallKey, Concerned> byKey = new ConcurrentHashMap<>();

  /** Who is concerned by calls that name one file and nothing else, by the latest files. */
  private final Near[] near = new Near[NEAR];

  @SuppressWarnings("ArrayRecordComponent") // read only, compared nowhere
  private record Near(Inode file, long changes, CallListener[] listeners) {}

  /**
   * Who is concerned.
   *
   * @param changes of the names in the volume, when this was found out
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, compared nowhere
  private record Concerned(CallListener[] listeners, long changes) {}

  Candidates(List<CallListener> listeners) {
    all = listeners.toArray(CallListener[]::new);
    List<FaultMatch> matches = listeners.stream().map(each -> each.criteria().match()).toList();
    asksClient = matches.stream().anyMatch(match -> match.client().isPresent());
    asksUid = matches.stream().anyMatch(match -> match.uid().isPresent());
    asksHost = matches.stream().anyMatch(match -> match.host().isPresent());
    asksPath = matches.stream().anyMatch(match -> match.path().isPresent());
    asksFile = matches.stream().anyMatch(FaultMatch::needsOperation);
    asksFileOnly = asksFile && !asksClient && !asksUid && !asksHost;
    asksNothing = !asksClient && !asksUid && !asksHost && !asksFile;
  }

  boolean isEmpty() {
    return all.length == 0;
  }

  /** Those that a call concerns, in the order of the rules; as far as its key says so. */
  CallListener[] of(CallRecord call) {
    if (asksNothing) {
      return all;
    }
    return asksFileOnly && call.otherFileOrNull() == null && call.nameOrNull() == null
        ? ofFile(call)
        : ofKey(call);
  }

  private CallListener[] ofFile(CallRecord call) {
    Inode file = call.fileOrNull();
    if (file == null) {
      return ofKey(call);
    }
    long changes = asksPath ? file.volume().names().changes() : 0;
    int place = (int) file.fileId() & (NEAR - 1);
    Near known = near[place];
    if (known == null || known.file != file || known.changes != changes) {
      known = new Near(file, changes, ofKey(call));
      near[place] = known;
    }
    return known.listeners;
  }

  private CallListener[] ofKey(CallRecord call) {
    CallKey key = keyOf(call);
    long changes = asksPath ? changesOf(call) : 0;
    Concerned known = byKey.get(key);
    if (known == null || known.changes != changes) {
      known = new Concerned(find(call), changes);
      if (byKey.size() >= MAX_KEYS) {
        byKey.clear();
      }
      byKey.put(key, known);
    }
    return known.listeners;
  }

  private CallKey keyOf(CallRecord call) {
    return new CallKey(
        asksClient ? call.client() : null,
        asksUid ? call.claimed().map(Caller::uid).orElse(-1L) : -1,
        asksHost ? call.principal() : null,
        asksFile ? call.file().orElse(null) : null,
        asksFile ? call.otherFile().orElse(null) : null,
        asksPath ? call.name().orElse(null) : null,
        asksPath ? call.otherName().orElse(null) : null);
  }

  private static long changesOf(CallRecord call) {
    Inode file = call.file().orElse(null);
    Inode other = call.otherFile().orElse(null);
    long changes = file == null ? 0 : file.volume().names().changes();
    return other == null || (file != null && other.volume() == file.volume())
        ? changes
        : changes * 31 + other.volume().names().changes();
  }

  private CallListener[] find(CallRecord call) {
    List<String> paths = asksPath ? FilePaths.of(call) : List.of();
    Inode file = asksFile ? call.file().orElse(null) : null;
    Inode other = asksFile ? call.otherFile().orElse(null) : null;
    List<CallListener> concerned = new ArrayList<>();
    for (CallListener each : all) {
      if (each.criteria().matchesArrival(call)
          && each.criteria().matchesFiles(file, other, paths)) {
        concerned.add(each);
      }
    }
    return concerned.isEmpty() ? NOBODY : concerned.toArray(CallListener[]::new);
  }
}
