/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What clients hold, for all doors and independent of protocols: what is taken through one door
 * conflicts with the others.
 *
 * <ul>
 *   <li>{@link org.facsim.services.state.Holdings}: all that clients hold of an array's files;
 *   <li>{@link org.facsim.services.state.LockTable}: byte ranges;
 *   <li>{@link org.facsim.services.state.OpenTable}: opens and their share reservations;
 *   <li>{@link org.facsim.services.state.Delegations}: delegations, which only this class recalls
 *       before another client touches the file;
 *   <li>{@link org.facsim.services.state.AtMostOnce}: the table of calls that ran or run, so that
 *       none is executed twice, with its entries ({@link
 *       org.facsim.services.state.RememberedCall}). Each door has tables of its own: NFS and NLM in
 *       the duplicate request cache, each VAAI session in its request log, the OpenSDS dialect for
 *       its clones.
 * </ul>
 *
 * <p>A caller that is about to read or change a file asks {@code Delegations} first, and goes on in
 * the same turn of its door, or opens the file before it asks. Each table is bounded, in number and
 * in bytes of heap, and shared among the origins of clients. While a table's monitor is held, the
 * table calls only its volume, to hold a file.
 *
 * <p>May see {@code org.facsim.array} and {@code org.facsim.services.access}, and no protocol and
 * no network.
 */
package org.facsim.services.state;
