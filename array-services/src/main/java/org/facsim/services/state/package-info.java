/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Byte-range locks and share reservations of files, in no protocol's words: one table for all the
 * doors through which clients lock, so that a lock taken through one stands against the others. May
 * see {@code org.facsim.array}; no protocol and no network.
 */
package org.facsim.services.state;
