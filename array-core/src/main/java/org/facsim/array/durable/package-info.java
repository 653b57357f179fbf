/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Stable storage for an array: payload files, the metadata's log and images, transaction groups
 * with one commit point, and the data directory that holds them.
 *
 * <p>Knows records and slots, not what they mean. Public only where the rest of array-core needs
 * it; nothing outside array-core may see this package. May see the JDK, slf4j and {@code
 * ArrayException}.
 */
package org.facsim.array.durable;
