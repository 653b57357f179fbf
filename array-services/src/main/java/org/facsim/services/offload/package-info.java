/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Offloads for any dialect: primitives, clone jobs, profiles and statistics. This package knows no
 * session, no connection and no encoding.
 *
 * <ul>
 *   <li>The door: {@link org.facsim.services.offload.Offload}. A decorator of this interface sees
 *       every call of every dialect. {@link org.facsim.services.offload.OffloadEngine} implements
 *       it, with {@link org.facsim.services.offload.OffloadOptions} that say what runs the steps of
 *       jobs ({@link org.facsim.services.offload.JobScheduler}), what is told their changes ({@link
 *       org.facsim.services.offload.CloneJobListener}) and what measures latencies ({@link
 *       org.facsim.services.offload.LatencyMeter}).
 *   <li>Who asks: a {@link org.facsim.services.offload.Requester} is what a door knows of a call;
 *       an {@link org.facsim.services.offload.Initiator} is the host with its grant and its {@link
 *       org.facsim.services.offload.Dialect}.
 *   <li>What hosts ask for: a {@link org.facsim.services.offload.Primitive}; a {@link
 *       org.facsim.services.offload.CloneOrder} with its {@link
 *       org.facsim.services.offload.CloneOptions} out of each {@link
 *       org.facsim.services.offload.CloneOption}; a reservation with its {@link
 *       org.facsim.services.offload.ReserveMode}. They name files by {@link
 *       org.facsim.services.offload.FileRef}, with bytes as {@link
 *       org.facsim.services.offload.ByteString}.
 *   <li>What clients of NFSv4.2 ask for: a {@link org.facsim.services.offload.RangeOrder}.
 *   <li>What they are told: {@link org.facsim.services.offload.OffloadLimits}, {@link
 *       org.facsim.services.offload.Support}, {@link org.facsim.services.offload.StartedClone} with
 *       a {@link org.facsim.services.offload.JobSnapshot} and its {@link
 *       org.facsim.services.offload.JobState}, {@link org.facsim.services.offload.ReservedSpace},
 *       {@link org.facsim.services.offload.SpaceUse}. If a call is refused or a job fails, they are
 *       told an {@link org.facsim.services.offload.OffloadError}, carried by an {@link
 *       org.facsim.services.offload.OffloadFailure}; each door translates it once. {@link
 *       org.facsim.services.offload.ArrayErrors} makes it out of the array's own errors.
 *   <li>How a volume behaves: {@link org.facsim.services.offload.ArrayProfile}, built with a {@link
 *       org.facsim.services.offload.ProfileDraft}. {@link
 *       org.facsim.services.offload.NamedProfiles} has those that ship with the program, {@link
 *       org.facsim.services.offload.ProfileField} names the fields, {@link
 *       org.facsim.services.offload.StoredProfile} is the stored form, {@link
 *       org.facsim.services.offload.VolumeProfiles} says which volume has which.
 *   <li>What an administrator sees: {@link org.facsim.services.offload.ListedJob}, {@link
 *       org.facsim.services.offload.OffloadStatistics} by {@link
 *       org.facsim.services.offload.OffloadCounter}.
 *   <li>Fairness between clients: {@link org.facsim.services.offload.FairShare} bounds what one
 *       client has, {@link org.facsim.services.offload.FairMemory} forgets the oldest thing of the
 *       client that has most.
 * </ul>
 *
 * <p>It may see {@code org.facsim.array} and {@code access}, {@code calls}, {@code explain} and
 * {@code state} of {@code org.facsim.services}; no protocol.
 */
package org.facsim.services.offload;
