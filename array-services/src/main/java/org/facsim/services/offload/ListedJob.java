/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * A clone job as an administrator sees it.
 *
 * @param volume the name of the destination's volume
 * @param client the address of the host that asked
 */
public record ListedJob(String volume, String client, JobSnapshot job) {}
