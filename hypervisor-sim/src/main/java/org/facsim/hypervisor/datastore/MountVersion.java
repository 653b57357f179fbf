/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** The versions of NFS over which an ESXi host mounts. One export is mounted over one of them. */
public enum MountVersion {
  /** With lock files. */
  NFS3("3", 3),

  /** With share reservations and session trunking; from ESXi 6.0 on. */
  NFS41("4.1", 41);

  private final String text;
  private final int fileSystemVersion;

  MountVersion(String text, int fileSystemVersion) {
    this.text = text;
    this.fileSystemVersion = fileSystemVersion;
  }

  /** What a VAAI-NAS session says of the mount. */
  int fileSystemVersion() {
    return fileSystemVersion;
  }

  /**
   * The version that is written like this.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  public static MountVersion of(String text) {
    for (MountVersion each : values()) {
      if (each.text.equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException("NFS version '" + text + "'; allowed: 3, 4.1");
  }

  /** {@code 3} or {@code 4.1}. */
  @Override
  public String toString() {
    return text;
  }
}
