/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the array offloads, for any dialect: the primitives, clone jobs, profiles and statistics. It
 * knows no session, no connection and no encoding. {@link org.facsim.services.offload.Offload} is
 * its door, and a decorator of that interface sees every call of every dialect.
 *
 * <ul>
 *   <li>What hosts say: {@link org.facsim.services.offload.Primitive}, {@link
 *       org.facsim.services.offload.CloneOrder} with its {@link
 *       org.facsim.services.offload.CloneOptions}, {@link org.facsim.services.offload.FileRef}.
 *   <li>What they are told: {@link org.facsim.services.offload.JobSnapshot}, {@link
 *       org.facsim.services.offload.SpaceUse}, {@link org.facsim.services.offload.Support}, and for
 *       what went wrong {@link org.facsim.services.offload.OffloadError}, which each door
 *       translates once.
 *   <li>How a volume behaves: {@link org.facsim.services.offload.ArrayProfile}, of which {@link
 *       org.facsim.services.offload.NamedProfiles} has those that ship.
 * </ul>
 *
 * <p>May see {@code org.facsim.array} and {@code org.facsim.services.access}; no protocol.
 */
package org.facsim.services.offload;
