/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Plays the same history of calls on two NFS servers and tells where their answers differ.
 *
 * <p>A {@link org.facsim.app.compare.History} is made from a seed alone, so both servers get the
 * same calls whatever they answer. A {@link org.facsim.app.compare.Side} sends them to one server
 * and turns each answer into {@link org.facsim.app.compare.Facts}: words that are comparable
 * because what a server may choose freely (handles, file ids, stateids, times of its own clock) has
 * been replaced. {@link org.facsim.app.compare.Comparison} compares them and knows which
 * differences an RFC allows. May see the protocol's clients and the embedded array; uses no part of
 * a server.
 */
package org.facsim.app.compare;
