/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.NamedState;
import org.facsim.array.StorageArray;

/** Named states of the whole array, profiles and export rules included. */
public final class StateControl {
  /** Names in a refusal. */
  private static final int MAX_TOLD = 20;

  private final StorageArray storage;

  private volatile Hold hold;

  StateControl(StorageArray storage) {
    this.storage = storage;
  }

  /**
   * Somebody keeps a state to go back to, and remembers things that belong to it: a lab with its
   * hosts. Until it lets go, nobody else deletes the state or saves over it, and nobody else
   * restores any state, because what the holder remembers would be wrong then.
   */
  public final class Hold implements AutoCloseable {
    private final String name;
    private final String words;

    private Hold(String name, String words) {
      this.name = name;
      this.words = words;
    }

    /** Restores the state, as {@link StateControl#restore}. */
    public void restore() {
      storage.restoreState(name);
    }

    /** Lets go; the state stays. */
    @Override
    public void close() {
      if (hold == this) {
        hold = null;
      }
    }
  }

  /**
   * Keeps a state for a holder, in place of an earlier one.
   *
   * @param words tell others why they are refused, and what is allowed
   */
  public Hold hold(String name, String words) {
    Hold held = new Hold(name, words);
    hold = held;
    return held;
  }

  private void requireNotHeld(String name) {
    Hold held = hold;
    if (held != null && held.name.equals(name)) {
      throw new StateHeldException("state '" + name + "' is in use: " + held.words);
    }
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
   * @throws StateHeldException if somebody keeps that state
   */
  public void saveOver(String name) {
    requireNotHeld(name);
    storage.saveStateOver(name);
  }

  /**
   * Makes the array what it was when the state was saved; the exports and profiles of its volumes,
   * too. Waits a bounded time for clients to give back what they hold.
   *
   * @throws org.facsim.array.ArrayException NOT_FOUND, NO_SPACE, IO
   * @throws StateHeldException if somebody keeps a state
   */
  public void restore(String name) {
    Hold held = hold;
    if (held != null) {
      throw new StateHeldException("no state can be restored now: " + held.words);
    }
    requireSaved(name);
    storage.restoreState(name);
  }

  /**
   * Deletes a state.
   *
   * @throws org.facsim.array.ArrayException NOT_FOUND, NO_SPACE, IO
   * @throws StateHeldException if somebody keeps that state
   */
  public void delete(String name) {
    requireNotHeld(name);
    requireSaved(name);
    storage.deleteState(name);
  }

  /** Says which ones there are; who comes in between is refused by the array itself. */
  private void requireSaved(String name) {
    List<String> names = storage.states().stream().map(NamedState::name).toList();
    if (!names.contains(name)) {
      List<String> told = names.subList(0, Math.min(MAX_TOLD, names.size()));
      throw new ArrayException(
          ArrayError.NOT_FOUND,
          "there is no state '"
              + name
              + "'; allowed: "
              + (told.isEmpty() ? "none, because none is saved" : String.join(", ", told))
              + (told.size() < names.size()
                  ? " and " + (names.size() - told.size()) + " more"
                  : ""));
    }
  }
}
