/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The array as an administrator sees it. The HTTP door, the command line and programs that embed an
 * array use it; no door changes the array in another way.
 *
 * <ul>
 *   <li>{@link org.facsim.services.control.ArrayControl}: commands and views by role. Each role is
 *       a class: {@link org.facsim.services.control.VolumeControl} (which takes a {@link
 *       org.facsim.services.control.NewVolume} with its {@link
 *       org.facsim.services.control.VolumeSpec}), {@link
 *       org.facsim.services.control.ExportControl}, {@link
 *       org.facsim.services.control.ProfileControl}, {@link
 *       org.facsim.services.control.SnapshotControl}, {@link
 *       org.facsim.services.control.StateControl}, {@link org.facsim.services.control.JobControl},
 *       {@link org.facsim.services.control.LockControl}, {@link
 *       org.facsim.services.control.StatisticsControl} (with {@link
 *       org.facsim.services.control.CallFigures}), {@link
 *       org.facsim.services.control.ExplanationControl}, and for virtual machines {@link
 *       org.facsim.services.control.ArrayConsole}.
 *   <li>{@link org.facsim.services.control.ArrayEvents}: each change ({@link
 *       org.facsim.services.control.ArrayChange}) is an immutable {@link
 *       org.facsim.services.control.ArrayEvent} with a sequence number. The last few thousand are
 *       in memory. A reader asks for an {@link org.facsim.services.control.EventPage} of what
 *       followed a number, or subscribes an {@link org.facsim.services.control.EventSubscriber}.
 *   <li>{@link org.facsim.services.control.ArrayStart}: what a start does before the doors open. It
 *       provides the volumes that its options ask for, gives each its settings, and sets the order
 *       in which changes are told: first {@link org.facsim.services.control.ArrayFollower}, by
 *       which doors forget what they remember of calls, jobs and locks; then the exports and
 *       profiles; then the events. {@link org.facsim.services.control.UnknownVolumeException} and
 *       {@link org.facsim.services.control.SidebandException} say why a start is refused.
 *   <li>{@code VolumeSettings}: export rules and profiles as rows of the durable array. The last
 *       setting applies, after a restart too, and is part of named states.
 *   <li>{@link org.facsim.services.control.HostIoSources}: what simulated hosts saw of their own
 *       calls ({@link org.facsim.services.control.HostIo}), for the split of latency in {@link
 *       org.facsim.services.control.RateHistory}.
 *   <li>For doors: {@link org.facsim.services.control.ManagementDoor}, which gets the control;
 *       {@link org.facsim.services.control.HostLocks}, which a door has whose locks have no lease;
 *       {@link org.facsim.services.control.ListeningAddress}, which says where a door listens or
 *       why it cannot.
 * </ul>
 *
 * <p>It may see {@code org.facsim.array} and the other packages of {@code org.facsim.services}; no
 * protocol, and no door.
 */
package org.facsim.services.control;
