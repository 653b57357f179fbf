/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * What a reservation achieved.
 *
 * @param reservedBytes how much is guaranteed now, from the start of the file; if it is less than
 *     was asked for, the file stays thin
 */
public record ReservedSpace(long reservedBytes) {}
