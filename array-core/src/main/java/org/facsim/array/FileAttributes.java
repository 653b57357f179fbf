/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * One consistent set of attributes of an inode.
 *
 * @param type what the inode is
 * @param mode permission bits, set-id and sticky bits: 0 to 07777
 * @param linkCount how many names lead to the inode; 0 for a removed file that is still held
 * @param uid owner, 0 to 2^32-1
 * @param gid owning group, 0 to 2^32-1
 * @param sizeBytes logical size
 * @param usedBytes mapped bytes, including shared blocks
 * @param deviceMajor of a device file, otherwise 0
 * @param deviceMinor of a device file, otherwise 0
 * @param volumeId the volume, which is NFS's fsid, too; never 0
 * @param fileId never 0, never reused in the volume
 * @param accessTimeNanos since 1970
 * @param modifyTimeNanos since 1970
 * @param changeTimeNanos since 1970
 * @param changeCounter grows strictly with every change of data or metadata
 */
public record FileAttributes(
    FileType type,
    int mode,
    int linkCount,
    long uid,
    long gid,
    long sizeBytes,
    long usedBytes,
    int deviceMajor,
    int deviceMinor,
    int volumeId,
    long fileId,
    long accessTimeNanos,
    long modifyTimeNanos,
    long changeTimeNanos,
    long changeCounter) {}
