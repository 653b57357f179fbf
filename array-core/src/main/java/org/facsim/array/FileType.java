/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** What an inode is. */
public enum FileType {
  REGULAR,
  DIRECTORY,
  SYMBOLIC_LINK,
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  SOCKET,
  FIFO
}
