/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.FileSpaceUse;
import org.facsim.hypervisor.datastore.LockView;
import org.facsim.hypervisor.datastore.MountVersion;

/** {@code vmkfstools}: clones a disk, shows who locks a file, and shows what space a file takes. */
final class Vmkfstools implements Command {
  /** What the field exits with for wrong usage. */
  private static final int USAGE = 255;

  private static final Option CLONE = Option.flag("i", "clonevirtualdisk");
  private static final Option FORMAT = Option.value("d", "diskformat");
  private static final Option LOCK = Option.flag("D", "");
  private static final Option STATISTICS = Option.flag("", "extendedstat");

  private final SimulatedHost host;

  Vmkfstools(SimulatedHost host) {
    this.host = host;
  }

  @Override
  public String run(List<String> arguments) {
    // -extendedstat with one dash works in the field, too
    List<String> words = new ArrayList<>(arguments);
    words.replaceAll(word -> word.equals("-extendedstat") ? "--extendedstat" : word);
    CommandLine line = CommandLine.read(words, USAGE, CLONE, FORMAT, LOCK, STATISTICS);
    int chosen = (line.has(CLONE) ? 1 : 0) + (line.has(LOCK) ? 1 : 0);
    chosen += line.has(STATISTICS) ? 1 : 0;
    int operands = line.has(CLONE) ? 2 : 1;
    if (chosen != 1
        || line.operands().size() != operands
        || (line.has(FORMAT) && !line.has(CLONE))) {
      throw new CommandFailure(
          USAGE,
          """
          Usage: vmkfstools -i SOURCE DESTINATION [-d zeroedthick|eagerzeroedthick|thin]
                 vmkfstools -D FILE
                 vmkfstools --extendedstat FILE""");
    }
    ConsolePath file = ConsolePath.of(host, line.operands().get(0), USAGE);
    try {
      return run(line, file);
    } catch (DatastoreException failed) {
      throw new CommandFailure(
          USAGE,
          "Failed to open '%s': %s"
              .formatted(
                  file.inShell(),
                  failed.error() == DatastoreError.NOT_FOUND
                      ? "The system cannot find the file specified (25)."
                      : failed.getMessage()));
    }
  }

  private String run(CommandLine line, ConsolePath file) {
    if (line.has(CLONE)) {
      String format = line.value(FORMAT).orElse("");
      ConsolePath to = ConsolePath.of(host, line.operands().get(1), USAGE);
      return new DiskCopy(file, to, format).run();
    }
    return line.has(LOCK) ? lockOf(file) : spaceOf(file);
  }

  private static String lockOf(ConsolePath file) {
    Optional<LockView> lock = LockView.of(file.datastore(), file.path());
    FileSpaceUse space = file.datastore().spaceOf(file.path());
    boolean isShared = file.datastore().version() == MountVersion.NFS41;
    String text =
        lock.map(
                held ->
                    isShared
                        ? "Lock [type NFS41 share reservation\n  mode 1, owner %s]\n"
                            .formatted(held.holder())
                        : "Lock [type NFS file %s v %d\n  mode 1, owner %s mtime %s]\n"
                            .formatted(
                                held.lockPath(),
                                held.rewrites(),
                                held.holder().isEmpty() ? "(taking it)" : held.holder(),
                                held.stamp()))
            .orElse(
                isShared
                    ? "Lock [type NFS41 share reservation\n  mode 0, owner none]\n"
                    : "Lock [type NFS file none v 0\n  mode 0, owner none mtime 0]\n");
    return text
        + "Path %s, type reg, len %d, used %d\n"
            .formatted(file.inShell(), space.sizeBytes(), space.committedBytes());
  }

  private static String spaceOf(ConsolePath file) {
    FileSpaceUse space = file.datastore().spaceOf(flatOf(file));
    return "Capacity bytes: %d\nUsed bytes: %d\nUnshared bytes: %d\n"
        .formatted(space.sizeBytes(), space.committedBytes(), space.unsharedBytes());
  }

  /** Of a disk's descriptor: the file with its bytes. */
  private static String flatOf(ConsolePath file) {
    return DiskCopy.descriptorOf(file)
        .map(
            descriptor ->
                Datastore.join(Datastore.parentOf(file.path()), descriptor.extentFileName()))
        .orElse(file.path());
  }
}
