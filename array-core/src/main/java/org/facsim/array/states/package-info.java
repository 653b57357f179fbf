/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The named states of the whole array: which volumes there are in each of them, the settings that
 * are part of them, and saving, restoring and deleting them.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.states.NamedStates} saves, restores and deletes states, and knows
 *       all volumes, also those that only states have.
 *   <li>{@link org.facsim.array.states.VolumeRegistry} is the list of volumes, with the lock under
 *       which volumes and states change.
 *   <li>{@code VolumePresence} says which volumes each state has, and {@link
 *       org.facsim.array.states.SettingsTable} which settings. For inodes, {@code history.Delta}
 *       does the same.
 *   <li>{@code StateRoom} and {@code GroupRoom} refuse what there is no room for, before anything
 *       is changed. {@code StateFigures} says what states keep, and {@code StateAudit} recounts
 *       them.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>A save takes no time for what the array holds, and a restore only for what differs. Whatever
 * only states have is in exactly one delta. A save, a restore or a deletion is in one transaction
 * group as a whole or not at all, because a cut takes the registry's lock.
 *
 * <p>Errors: EXISTS, NOT_FOUND, INVALID_ARGUMENT (name), NO_SPACE; stored states that do not fit
 * are IO.
 *
 * <p>This package may see {@code volume}, {@code history} and everything below them, and {@code
 * log}.
 */
package org.facsim.array.states;
