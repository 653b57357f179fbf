/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import org.facsim.hypervisor.VirtualDisk.FrozenSibling;

/**
 * One disk in the state that is to be copied.
 *
 * @param disk the source
 * @param descriptorPath through which that state can be read
 * @param leftoverRedoLogs redo logs of older snapshots in that state
 * @param sibling the second redo log that quiescing left, in which case it is part of that state;
 *     or null
 * @param contents what a reader of that state must find
 */
record FrozenDisk(
    VirtualDisk disk,
    String descriptorPath,
    int leftoverRedoLogs,
    FrozenSibling sibling,
    DiskContents contents) {}
