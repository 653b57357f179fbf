/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who holds what, in no protocol's words, for all doors: what is taken through one stands against
 * the others.
 *
 * <ul>
 *   <li>{@link org.facsim.services.state.Holdings}: all that clients hold of an array's files;
 *   <li>{@link org.facsim.services.state.LockTable}: byte ranges;
 *   <li>{@link org.facsim.services.state.OpenTable}: opens and their share reservations;
 *   <li>{@link org.facsim.services.state.Delegations}: files in clients' hands, and the one place
 *       where they are recalled before somebody else touches them;
 *   <li>{@link org.facsim.services.state.AtMostOnce}: calls that ran or run, so that none is made
 *       twice.
 * </ul>
 *
 * <p>Whoever is about to read or change a file asks {@code Delegations} first, and goes on in the
 * same turn of its door, or opens the file before it asks. Each table is bounded, in number and in
 * bytes of heap, and shared out among the origins of clients. No table calls anybody while its
 * monitor is held, but for the hold of a file by its volume.
 *
 * <p>May see {@code org.facsim.array} and {@code org.facsim.services.access}; no protocol and no
 * network.
 */
package org.facsim.services.state;
