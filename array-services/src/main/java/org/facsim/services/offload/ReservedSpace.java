/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * What a reservation achieved.
 *
 * @param reservedBytes guaranteed now, from the start of the file; the file stays thin if this is
 *     below the request
 */
public record ReservedSpace(long reservedBytes) {}
