/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * A clone job for whoever administrates the array.
 *
 * @param volume name of the destination's volume
 * @param client address of the host that asked
 */
public record ListedJob(String volume, String client, JobSnapshot job) {}
