/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.temporal.ChronoUnit;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code vmware.log} of a running VM: a line for what happens to it. A line that cannot be
 * written is lost and harms nothing. A log that has become too long starts again. Needs the VM's
 * lock.
 */
final class VmLog {
  static final String FILE_NAME = "vmware.log";

  private static final int MAX_BYTES = 1 << 20;
  private static final Logger log = LoggerFactory.getLogger(VmLog.class);

  private final VirtualMachine vm;
  private DatastoreFile file;
  private long sizeBytes;

  VmLog(VirtualMachine vm) {
    this.vm = vm;
  }

  /** Opens the log of the VM's directory, or makes it. */
  void open() {
    try {
      file = VmFiles.createOrOpen(vm.datastore(), vm.state().path(FILE_NAME));
      sizeBytes = file.sizeBytes();
    } catch (DatastoreException e) {
      log.warn("{} has no {}: {}", vm.name(), FILE_NAME, e.getMessage());
      file = null;
    }
  }

  void close() {
    file = null;
  }

  void line(String text) {
    if (file == null) {
      return;
    }
    byte[] line =
        "%s| vmx| %s\n"
            .formatted(vm.host.clock().instant().truncatedTo(ChronoUnit.MILLIS), text)
            .getBytes(UTF_8);
    try {
      if (sizeBytes + line.length > MAX_BYTES) {
        file.setSizeBytes(0);
        sizeBytes = 0;
      }
      file.writeStable(sizeBytes, line);
      sizeBytes += line.length;
    } catch (DatastoreException e) {
      log.warn("{} does not log: {}", vm.name(), e.getMessage());
    }
  }
}
