/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;

/** The small files of a VM. */
final class VmFiles {
  /** The usual size of {@code .nvram}. */
  static final int NVRAM_BYTES = 8684;

  private static final byte[] NVRAM_MAGIC = {'M', 'R', 'V', 'N'};

  private VmFiles() {}

  /** The {@code .vmx}. */
  static String vmx(VmState vm) {
    return VmxFile.with(vm.text(), vm.name(), vm.configuration(), vm.diskNodes()).toText();
  }

  /** The {@code .vmsd}, which lists the snapshots, oldest first. */
  static String vmsd(VmState vm) {
    return VmsdFile.text(vm.snapshots(), vm.directory(), vm.nodes());
  }

  /** An {@code .nvram} that holds no settings yet. */
  static byte[] nvram() {
    byte[] bytes = new byte[NVRAM_BYTES];
    System.arraycopy(NVRAM_MAGIC, 0, bytes, 0, NVRAM_MAGIC.length);
    return bytes;
  }

  static String diskStem(String vmName, int diskIndex) {
    return diskIndex == 0 ? vmName : "%s_%d".formatted(vmName, diskIndex);
  }

  /** A disk's UUID as descriptors print it: {@code 60 00 C2 9a ...-...}, 16 bytes. */
  static String diskUuid(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] = 0x60;
    bytes[1] = 0x00;
    bytes[2] = (byte) 0xC2;
    bytes[3] = (byte) (0x90 | (bytes[3] & 0x0f));
    String hex = HexFormat.ofDelimiter(" ").formatHex(bytes);
    return hex.substring(0, 23) + "-" + hex.substring(24);
  }

  /** Makes a file, or opens the one that is there. */
  static DatastoreFile createOrOpen(Datastore datastore, String path) {
    try {
      return datastore.create(path);
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.ALREADY_EXISTS) {
        return datastore.open(path);
      }
      throw e;
    }
  }

  /**
   * Removes a file if it is there.
   *
   * @param failure what failed before; a failure of the removal is added to it
   */
  static void removeQuietly(Datastore datastore, String path, Throwable failure) {
    try {
      datastore.remove(path);
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.NOT_FOUND) {
        failure.addSuppressed(e);
      }
    }
  }
}
