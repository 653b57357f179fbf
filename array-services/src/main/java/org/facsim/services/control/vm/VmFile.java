/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import org.facsim.array.TreeSpace;

/**
 * A file of a VM.
 *
 * @param name in the VM's directory
 * @param kind by its name
 * @param fileId unique in the volume
 * @param sizeBytes its size
 * @param modifiedNanos since 1970
 * @param space its ledger
 * @param arraySnapshots snapshots of the array of this file alone
 * @param parent what it was cloned from by way of a snapshot; null if it was not
 */
public record VmFile(
    String name,
    VmFileKind kind,
    long fileId,
    long sizeBytes,
    long modifiedNanos,
    TreeSpace space,
    int arraySnapshots,
    VmParent parent) {}
