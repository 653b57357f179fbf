/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.HashMap;
import java.util.Map;
import org.facsim.services.offload.OffloadCounter;

/** What each metric of {@code /metrics} means, for its HELP line. */
final class MetricHelp {
  private static final Map<String, String> TEXTS = texts();

  private MetricHelp() {}

  /**
   * Of one metric.
   *
   * @throws IllegalArgumentException if nobody has written its text
   */
  static String of(String name) {
    String text = TEXTS.get(name);
    if (text == null) {
      throw new IllegalArgumentException("no help text for " + name);
    }
    return text;
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    texts.put("facsim.volume.size.bytes", "The size of the volume as it was made or resized");
    texts.put("facsim.volume.available.bytes", "What can still be written to the volume");
    texts.put(
        "facsim.volume.physical.used.bytes",
        "The space that the volume takes in the array; shared blocks count once");
    texts.put(
        "facsim.volume.referenced.bytes",
        "The mapped bytes of all files; shared blocks count in each");
    texts.put("facsim.volume.reserved.bytes", "The space that is kept free for files");
    texts.put(
        "facsim.volume.reclaim.pending.bytes",
        "The space of deleted files that the background has yet to free");
    for (OffloadCounter counter : OffloadCounter.values()) {
      texts.put("facsim.vaai." + counter.label(), counter.meaning());
    }
    texts.put(
        "facsim.vaai.latency.seconds",
        "How long offloads took that succeeded, from the call's arrival to the end of its work");
    texts.put("facsim.clones", "Clones that hosts asked for, by how they came out and why");
    texts.put("facsim.rpc.calls", "Calls that were given to a program");
    texts.put("facsim.rpc.errors", "Answers with a status other than 0, and refusals");
    texts.put("facsim.rpc.call.bytes", "The bytes of the calls");
    texts.put("facsim.rpc.reply.bytes", "The bytes of the answers");
    texts.put(
        "facsim.rpc.latency.seconds",
        "The array's time from the decoded header of a call to its encoded answer");
    texts.put(
        "facsim.rpc.timed.calls", "Calls whose time in the array was taken: one of 64, or more");
    texts.put("facsim.rpc.timed.seconds", "What those calls took together in the array");
    texts.put(
        "facsim.host.calls", "READs and WRITEs of the simulated hosts that this program runs");
    texts.put(
        "facsim.host.seconds",
        "What those took together as the hosts saw it, with the network and the array in it");
    return Map.copyOf(texts);
  }
}
