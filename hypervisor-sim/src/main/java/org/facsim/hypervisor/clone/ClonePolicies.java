/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.QuiescePolicy;

/**
 * What decides how a host clones.
 *
 * @param hostName the host's name
 * @param version the host's release
 * @param quiescePolicy how guests are quiesced
 * @param cloneOffloadPolicy which clones go to the array
 * @param offloadPoweredOffOnly the array's plugin offloads clones of powered-off VMs only
 */
public record ClonePolicies(
    String hostName,
    EsxiVersion version,
    QuiescePolicy quiescePolicy,
    CloneOffloadPolicy cloneOffloadPolicy,
    boolean offloadPoweredOffOnly) {}
