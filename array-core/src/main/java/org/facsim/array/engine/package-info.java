/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The array, put together of its parts: opening, closing, administration and durability. Whoever
 * opens an array sees this package and the API. Nothing else in array-core sees it.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.engine.ArrayEngine} is the array. {@code ephemeral} makes one in
 *       memory, and {@code open} opens the one in a data directory.
 *   <li>{@code ArrayAdministration} makes, resizes and deletes volumes, and saves, restores and
 *       deletes named states. {@link org.facsim.array.engine.ArrayListeners} tells of each change.
 *   <li>{@link org.facsim.array.engine.DurableArray} is what a durable array has in addition: its
 *       row, its home and its transaction groups. {@code VolumeMaker} makes and loads volumes.
 *   <li>{@code HandleResolver} resolves handles, and {@code WriteVerifier} draws verifiers.
 *   <li>{@link org.facsim.array.engine.ArrayCheck} recounts an array that nobody uses.
 *   <li>{@link org.facsim.array.engine.ArrayPower} lets the power of a durable array fail, for
 *       tests of those who use it.
 * </ul>
 *
 * <h2>Threads and locks</h2>
 *
 * <p>The locks are taken in this order: the listeners' monitor, the committer's lock, the lock of
 * {@link org.facsim.array.states.VolumeRegistry}, the volumes' locks in the order of their ids. A
 * durable array has three threads of its own: the committer, the folder of the log, and the
 * reclaimer. An ephemeral array has only the reclaimer.
 *
 * <h2>Opening and closing</h2>
 *
 * <p>A start loads everything that is stored, or fails with an error that names what is damaged,
 * and gives back all that it took. Closing commits what is left, then closes the payload files, and
 * gives up the data directory last. Only the first close does anything.
 *
 * <p>This package may see everything in array-core.
 */
package org.facsim.array.engine;
