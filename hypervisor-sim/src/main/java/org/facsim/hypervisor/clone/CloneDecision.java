/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

/**
 * What a host decided.
 *
 * @param method who will move the data
 * @param reason why, in words that an administrator understands
 */
public record CloneDecision(CloneMethod method, String reason) {}
