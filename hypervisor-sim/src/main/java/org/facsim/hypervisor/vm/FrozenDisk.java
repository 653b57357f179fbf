/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.guest.DiskContents;

/**
 * One disk in the state that is to be copied.
 *
 * @param disk the source
 * @param descriptorPath the descriptor through which that state can be read
 * @param leftoverRedoLogs how many redo logs of older snapshots that state includes
 * @param contents what a reader of that state must find
 */
public record FrozenDisk(
    VirtualDisk disk, String descriptorPath, int leftoverRedoLogs, DiskContents contents) {}
