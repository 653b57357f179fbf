/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

/**
 * What a VM was cloned from, as far as the array knows: by way of a snapshot, or because a host
 * asked for the clone and the array remembers it.
 *
 * @param volume its volume
 * @param path the VM, or the file, below its volume; empty if it is gone
 * @param snapshot the snapshot between them; empty if there is none
 */
public record VmParent(String volume, String path, String snapshot) {}
