/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The API of the storage array: arrays, volumes, files, clones, snapshots, named states and the
 * space ledger. It is all that doors and services see of the array, and a program that embeds the
 * array.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.StorageArray} is one array: its volumes, its named states, its
 *       settings and its capacity. {@code org.facsim.array.engine.ArrayEngine} opens one, in memory
 *       or in a data directory.
 *   <li>{@link org.facsim.array.Volume} is one file system. Its operations are grouped by role:
 *       {@link org.facsim.array.VolumeFiles} for bytes, {@link org.facsim.array.VolumeNames} for
 *       directories, {@link org.facsim.array.VolumeAttributes}, {@link
 *       org.facsim.array.VolumeClones}, {@link org.facsim.array.VolumeSnapshots} and {@link
 *       org.facsim.array.SpaceLedger}.
 *   <li>{@link org.facsim.array.Inode} is a file, directory, link or special file. Clients name it
 *       by its {@link org.facsim.array.FileHandle}, which {@link
 *       org.facsim.array.StorageArray#resolve} turns back into the inode, also after a restart.
 *   <li>{@link org.facsim.array.Caller} says on whose behalf an operation runs. Every operation
 *       checks permissions for its caller.
 *   <li>{@link org.facsim.array.Mutation} is what a change returns: attributes before and after,
 *       and the transaction group that makes the change durable.
 *   <li>{@link org.facsim.array.ArrayListener} hears of volumes that come and go, and of restores.
 *       {@link org.facsim.array.ArraySettings} keeps what services store with the array.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>A mutation is one critical section. It either happens as a whole, or throws {@link
 * org.facsim.array.ArrayException} and changes nothing. Exceptions to that are said where they are:
 * on a durable array, a change of volumes or named states holds in memory even if it cannot be made
 * durable yet.
 *
 * <p>The API names blocks, bytes and inodes. It knows no protocol, no export and no host.
 *
 * <h2>Threads</h2>
 *
 * <p>Everything is thread-safe. Reads, lookups and attributes take no lock. Mutations take the lock
 * of their volume for microseconds, because payload is copied before. Nothing waits for the
 * operating system's disk, except reads of payload from it and the calls that say that they commit.
 *
 * <h2>Durability</h2>
 *
 * <p>An array in memory is ephemeral. On a durable array, a mutation returns before it is durable.
 * {@link org.facsim.array.Durability#whenDurable} tells when its transaction group is. Changes of
 * volumes, settings and named states are durable when their calls return.
 *
 * <h2>Errors</h2>
 *
 * <p>Every expected outcome is an {@link org.facsim.array.ArrayError}, in an {@link
 * org.facsim.array.ArrayException} whose message says what was wrong and what is allowed. Each door
 * translates the enum once. Any other exception is a defect. NO_SPACE means blocks, memory for
 * metadata, or the operating system's disk. A durable array refuses every mutation with NO_SPACE,
 * IO or BUSY while its disk takes nothing and what waits for the disk has reached its bound.
 *
 * <p>This package may see the JDK and slf4j, and no other package of the array.
 */
package org.facsim.array;
