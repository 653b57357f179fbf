/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.array.NamedState;
import org.facsim.array.StorageArray;

/** Named states of the whole array, profiles and export rules included. */
public final class StateControl {
  private final StorageArray storage;

  StateControl(StorageArray storage) {
    this.storage = storage;
  }

  /** All states in the order in which they were saved. */
  public List<NamedState> all() {
    return storage.states();
  }

  /**
   * Saves the array under a name.
   *
   * @throws org.facsim.array.ArrayException EXISTS, INVALID_ARGUMENT, NO_SPACE, IO
   */
  public void save(String name) {
    storage.saveState(name);
  }

  /**
   * Saves the array under a name in place of the state that has this name, if there is one. If that
   * is refused, the old state is still there.
   *
   * @throws org.facsim.array.ArrayException INVALID_ARGUMENT, NO_SPACE, IO
   */
  public void saveOver(String name) {
    storage.saveStateOver(name);
  }

  /**
   * Makes the array what it was when the state was saved; the exports and profiles of its volumes,
   * too. Waits a bounded time for clients to give back what they hold.
   *
   * @throws org.facsim.array.ArrayException NOT_FOUND, NO_SPACE, IO
   */
  public void restore(String name) {
    storage.restoreState(name);
  }

  /**
   * Deletes a state.
   *
   * @throws org.facsim.array.ArrayException NOT_FOUND, NO_SPACE, IO
   */
  public void delete(String name) {
    storage.deleteState(name);
  }
}
