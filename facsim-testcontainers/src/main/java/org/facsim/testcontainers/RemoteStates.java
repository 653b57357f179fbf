/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The named states of an array in a container: the whole array, saved and restored in milliseconds.
 */
public final class RemoteStates {
  private static final String STATES = "/api/v1/states";

  private final HttpDoor door;

  RemoteStates(HttpDoor door) {
    this.door = door;
  }

  /**
   * Saves the array under a name.
   *
   * @throws RefusedException if a state has this name already (409)
   */
  public void save(String name) {
    door.post(STATES, Map.of("name", name));
  }

  /** Makes the array what it was then. What that does not bring back: {@code docs/http.md}. */
  public void restore(String name) {
    door.post(STATES + "/" + HttpDoor.encode(name) + "/restore", Map.of());
  }

  /** Forgets a state; the blocks that only it held become free. */
  public void delete(String name) {
    door.delete(STATES + "/" + HttpDoor.encode(name));
  }

  /** The names of all states. */
  public List<String> list() {
    List<String> names = new ArrayList<>();
    door.get(STATES).path("items").forEach(state -> names.add(state.path("name").asText()));
    return names;
  }
}
