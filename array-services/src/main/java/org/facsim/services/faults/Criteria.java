/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.paths.TextGlob;

/**
 * A match, made ready for being asked often. What does not depend on the number of calls is asked
 * once for calls that have the same {@link CallKey}.
 */
final class Criteria {
  private static final Splitter WORDS = Splitter.on(' ');

  private final FaultMatch match;
  private final Set<String> procedures;
  private final String handle;

  Criteria(FaultMatch match) {
    this.match = match;
    this.procedures = Set.copyOf(match.procedures());
    this.handle = match.handle().map(hex -> hex.toLowerCase(Locale.ROOT)).orElse(null);
  }

  FaultMatch match() {
    return match;
  }

  /** Whether calls of this kind can match at all. */
  boolean mayMatch(Door door, String procedure) {
    if (!match.isOfDoor(door, procedure)) {
      return false;
    }
    if (procedures.isEmpty() || procedures.contains(procedure)) {
      return true;
    }
    return match.procedures().stream().anyMatch(name -> VaaiCalls.isNamed(name, door, procedure))
        || (door == Door.HTTP
            && match.procedures().stream().anyMatch(glob -> TextGlob.matches(glob, procedure)));
  }

  /** What is known when a call arrives. */
  boolean matchesArrival(CallRecord call) {
    return (match.client().isEmpty() || match.client().get().matches(call.client()))
        && (match.uid().isEmpty() || uidOf(call) == match.uid().getAsLong())
        && (match.host().isEmpty() || isOfHost(call.principal()));
  }

  private static long uidOf(CallRecord call) {
    return call.claimed().map(Caller::uid).orElse(-1L);
  }

  /** The name stands as a word in the credential. */
  private boolean isOfHost(String principal) {
    String wanted = match.host().orElseThrow();
    for (String word : WORDS.split(principal)) {
      if (word.equalsIgnoreCase(wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What is known at the operation point.
   *
   * @param paths of the call, asked for if they matter
   */
  boolean matchesFiles(Inode file, Inode otherFile, List<String> paths) {
    if (match.volume().isPresent() && !isIn(file) && !isIn(otherFile)) {
      return false;
    }
    if (handle != null && !isHandleOf(file) && !isHandleOf(otherFile)) {
      return false;
    }
    return match.path().isEmpty() || paths.stream().anyMatch(match.path().get()::matches);
  }

  private boolean isIn(Inode file) {
    return file != null && file.volume().name().equals(match.volume().orElseThrow());
  }

  private boolean isHandleOf(Inode file) {
    return file != null && Handles.toHex(file.handle()).equals(handle);
  }
}
