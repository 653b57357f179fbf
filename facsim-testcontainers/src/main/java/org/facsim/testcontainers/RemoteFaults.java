/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;

/** The fault rules of an array in a container. The array refuses a rule that can do nothing. */
public final class RemoteFaults {
  private static final String RULES = "/api/v1/faults";

  private final HttpDoor door;

  RemoteFaults(HttpDoor door) {
    this.door = door;
  }

  /**
   * Adds a rule behind those that there are.
   *
   * @return its id
   * @throws RefusedException if the array refuses it, with what is allowed
   */
  public long add(FaultRule rule) {
    return ids(door.post(RULES, Map.of("rules", List.of(rule.asJson())))).get(0);
  }

  /**
   * Adds the rules of a preset, such as {@code takeover}, or does at once what it is for.
   *
   * @param parameters such as {@code for} and {@code 30s}; what is left out has a standard
   * @return the ids of its rules; none if it happened at once
   */
  public List<Long> preset(String name, Map<String, String> parameters) {
    return ids(
        door.post(
            "/api/v1/fault-presets/" + HttpDoor.encode(name), Map.of("parameters", parameters)));
  }

  /** How often a rule was applied so far. */
  public long hits(long id) {
    return door.get(RULES + "/" + id).path("hits").asLong();
  }

  /** The ids of all rules, in the order in which they are asked. */
  public List<Long> list() {
    return ids(door.get(RULES));
  }

  /** Removes one rule; what waits for its end goes on. */
  public void remove(long id) {
    door.delete(RULES + "/" + id);
  }

  /** Removes all rules. */
  public void clear() {
    door.delete(RULES);
  }

  private static List<Long> ids(JsonNode rules) {
    List<Long> ids = new ArrayList<>();
    rules.path("items").forEach(rule -> ids.add(rule.path("id").asLong()));
    return ids;
  }
}
