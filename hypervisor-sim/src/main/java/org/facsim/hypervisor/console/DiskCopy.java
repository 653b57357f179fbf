/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.UUID;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.LockView;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.mover.SoftwareDataMover;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * {@code vmkfstools -i}: copies a disk, with all its redo logs, into a new one. The array copies if
 * the source is a base disk and the array can; otherwise, and if the array fails, the data mover
 * copies, and nothing on the terminal tells which.
 */
final class DiskCopy {
  /** What the field's tool exits with. */
  private static final int FAILED = 255;

  private static final String THIN = "thin";
  private static final String EAGER = "eagerzeroedthick";
  private static final String LAZY = "zeroedthick";
  private static final long MAX_DESCRIPTOR_BYTES = 64 << 10;

  private final ConsolePath from;
  private final ConsolePath to;
  private final String format;

  /**
   * @param format as {@code -d} takes it; empty for thin, which is the default on NFS
   */
  DiskCopy(ConsolePath from, ConsolePath to, String format) {
    this.from = from;
    this.to = to;
    this.format = format.isEmpty() ? THIN : format;
  }

  /** The descriptor of a disk; empty if the file is none. */
  static Optional<DiskDescriptor> descriptorOf(ConsolePath file) {
    if (file.datastore().open(file.path()).sizeBytes() > MAX_DESCRIPTOR_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(DiskDescriptor.parse(file.datastore().readText(file.path())));
    } catch (VmdkFormatException none) {
      return Optional.empty();
    }
  }

  String run() {
    String inWords =
        switch (format) {
          case THIN -> "VMFS thin-provisioned";
          case EAGER -> "VMFS eagerzeroedthick";
          case LAZY -> "VMFS zeroedthick";
          default ->
              throw new CommandFailure(
                  FAILED,
                  "Invalid disk format '"
                      + format
                      + "'; allowed: zeroedthick, eagerzeroedthick, thin");
        };
    DiskDescriptor source =
        descriptorOf(from)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        FAILED, "Failed to open '" + from.inShell() + "': not a virtual disk"));
    if (!to.path().endsWith(".vmdk")) {
      throw new CommandFailure(
          FAILED, "Destination '" + to.inShell() + "'; allowed: a name that ends with .vmdk");
    }
    String data = Datastore.join(Datastore.parentOf(from.path()), source.extentFileName());
    if (LockView.of(from.datastore(), data).isPresent()) {
      throw new CommandFailure(
          FAILED, "Failed to open '" + from.inShell() + "': Failed to lock the file (16392).");
    }
    String printed =
        "Destination disk format: " + inWords + "\nCloning disk '" + from.inShell() + "'...\n";
    try {
      copy(source);
    } catch (DatastoreException failed) {
      throw new CommandFailure(
          FAILED,
          printed,
          "Failed to clone disk: " + failed.getMessage() + " (" + failed.error() + ")");
    }
    return printed + "Clone: 100% done.\n";
  }

  private void copy(DiskDescriptor source) {
    Datastore destination = to.datastore();
    DiskChain chain = DiskChain.open(from.datastore(), from.path());
    String stem = to.path().substring(0, to.path().length() - ".vmdk".length());
    String flatPath = stem + "-flat.vmdk";
    DatastoreFile flat = destination.create(flatPath);
    try {
      flat.setSizeBytes(chain.capacityBytes());
      boolean isThick = reserve(destination, flat, chain.capacityBytes());
      if (source.parentFileName() != null || !offload(chain, flat)) {
        new SoftwareDataMover().copy(chain, flat, TransferProgress.NONE);
      }
      String name = flatPath.substring(flatPath.lastIndexOf('/') + 1);
      UUID seeded = UUID.nameUUIDFromBytes(to.inShell().getBytes(UTF_8));
      DiskDescriptor made =
          DiskDescriptor.base(
              DiskDescriptor.NEVER_WRITTEN, chain.capacityBytes(), name, uuid(seeded), !isThick);
      destination.create(to.path());
      destination.writeText(to.path(), made.toText());
    } catch (RuntimeException failed) {
      removeQuietly(flatPath, failed);
      throw failed;
    }
  }

  /** Whether the array reserved all of it, as a thick disk needs. */
  private boolean reserve(Datastore destination, DatastoreFile flat, long sizeBytes) {
    if (format.equals(THIN) || !destination.hardwareAcceleration().reserveSpace()) {
      return false;
    }
    try {
      return destination.reserveSpace(flat, format.equals(EAGER), sizeBytes) >= sizeBytes;
    } catch (OffloadException refused) {
      return false;
    }
  }

  private boolean offload(DiskChain chain, DatastoreFile flat) {
    Datastore destination = to.datastore();
    boolean isOneVolume = from.datastore() == destination;
    boolean canClone =
        from.datastore().serverName().equals(destination.serverName())
            && (isOneVolume
                ? destination.hardwareAcceleration().fullFileClone()
                : destination.hardwareAcceleration().cloneAcrossVolumes());
    if (!canClone) {
      return false;
    }
    try {
      destination.offloadClone(from.datastore(), chain.flat(), flat, TransferProgress.NONE);
      return true;
    } catch (OffloadException refused) {
      flat.setSizeBytes(0);
      flat.setSizeBytes(chain.capacityBytes());
      return false;
    }
  }

  /** As a descriptor writes it: {@code 60 00 C2 9a ...}. */
  private static String uuid(UUID from) {
    StringBuilder text = new StringBuilder("60 00 C2 9");
    String hex = from.toString().replace("-", "");
    text.append(hex.charAt(0));
    for (int i = 4; i < 16; i++) {
      text.append(i == 8 ? '-' : ' ').append(hex, 2 * i, 2 * i + 2);
    }
    return text.toString();
  }

  private void removeQuietly(String path, RuntimeException failed) {
    try {
      to.datastore().remove(path);
    } catch (DatastoreException second) {
      failed.addSuppressed(second);
    }
  }
}
