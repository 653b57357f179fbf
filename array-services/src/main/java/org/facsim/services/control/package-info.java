/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The array as an administrator sees it. HTTP, the command line and whoever embeds an array are its
 * clients; no door changes anything of the array past it.
 *
 * <ul>
 *   <li>{@link org.facsim.services.control.ArrayControl}: commands and views by role. Volumes with
 *       their export rules and profiles, snapshots, named states, clone jobs, locks, figures.
 *   <li>{@link org.facsim.services.control.ArrayEvents}: each change as an immutable {@link
 *       org.facsim.services.control.ArrayEvent} with a sequence number, the last few thousand in
 *       memory, for whoever asks what followed a number or subscribes.
 *   <li>{@link org.facsim.services.control.ArrayStart}: what a start does before the doors open. It
 *       makes the volumes that are asked for, gives each what it was told, and puts in order who
 *       hears of changes: first {@link org.facsim.services.control.ArrayFollower}, by which doors
 *       forget what they remember of calls, jobs and locks; then the exports and profiles; then the
 *       events.
 *   <li>{@code VolumeSettings}: export rules and profiles as rows of the durable array. What a
 *       volume was told last holds, after a restart too, and is part of named states.
 *   <li>For doors: {@link org.facsim.services.control.ManagementDoor}, which gets the control, and
 *       {@link org.facsim.services.control.HostLocks}, which a door with locks without leases has.
 * </ul>
 *
 * <p>May see {@code org.facsim.array} and the other packages of {@code org.facsim.services}; no
 * protocol, and no door.
 */
package org.facsim.services.control;
