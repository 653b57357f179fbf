/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** A file or directory as its {@link FileService} names it. */
interface FileRef {
  /** The server's number of the file, from which lock files get their names. */
  long fileId();

  /** The handle's bytes, for calls that name a file outside the file protocol. */
  byte[] handleBytes();
}
