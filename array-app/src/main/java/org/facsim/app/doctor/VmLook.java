/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.facsim.app.doctor.Facts.Disk;
import org.facsim.app.doctor.Facts.Refusal;
import org.facsim.app.doctor.Facts.Vm;
import org.facsim.app.doctor.FileLook.Entry;
import org.facsim.hypervisor.vmdk.DescriptorText;
import org.facsim.hypervisor.vmdk.VmdkFormatException;
import org.facsim.protocol.vaai.VaaiPrimitive;

/** Makes sense of the files of one directory. */
final class VmLook {
  private static final int MAX_REDO_LOGS = 32;
  private static final int MAX_DISKS = 64;
  private static final String LOCK = ".lck-";
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,}");
  private static final int HEX_DIGITS = 16;

  /** As ESXi: three missed rewrites, and five seconds of tolerance. */
  private static final long STALE_MILLIS = 35_000;

  private final FileLook look;
  private final String directory;
  private final Map<String, Entry> files;
  private final long nowMillis;
  private final Map<String, Descriptor> descriptors = new LinkedHashMap<>();
  private final Map<String, String> refusals = new HashMap<>();
  private final Set<String> needed = new HashSet<>();
  private Map<String, String> configuration = Map.of();

  private VmLook(FileLook look, String directory, Map<String, Entry> files, long nowMillis) {
    this.look = look;
    this.directory = directory;
    this.files = files;
    this.nowMillis = nowMillis;
  }

  /** Empty if there is no disk and no VM in the directory. */
  static Optional<Vm> of(
      FileLook look, String directory, Map<String, Entry> files, long nowMillis) {
    VmLook vm = new VmLook(look, directory, files, nowMillis);
    vm.readDescriptors();
    Optional<Entry> configured = vm.endingWith(".vmx").or(() -> vm.endingWith(".vmtx"));
    if (vm.descriptors.isEmpty() && configured.isEmpty()) {
      return Optional.empty();
    }
    configured.flatMap(look::text).ifPresent(text -> vm.configuration = FileLook.dictionary(text));
    return Optional.of(vm.made());
  }

  private void readDescriptors() {
    for (Entry file : files.values()) {
      boolean isData =
          file.name().endsWith("-flat.vmdk")
              || file.name().endsWith("-delta.vmdk")
              || file.name().endsWith("-sesparse.vmdk");
      if (file.name().endsWith(".vmdk") && !isData) {
        look.bytes(file).ifPresent(bytes -> readDescriptor(file.name(), bytes));
      }
    }
  }

  /** Reads it as a host does, too: what a host refuses is told when a disk needs the file. */
  private void readDescriptor(String name, byte[] bytes) {
    Descriptor.parse(name, new String(bytes, UTF_8))
        .ifPresent(descriptor -> descriptors.put(name, descriptor));
    try {
      var unused = DescriptorText.decode(bytes);
    } catch (VmdkFormatException e) {
      refusals.put(name, e.getMessage());
    }
  }

  private Optional<Entry> endingWith(String suffix) {
    return files.values().stream().filter(file -> file.name().endsWith(suffix)).findFirst();
  }

  private Vm made() {
    List<String> staleLocks = new ArrayList<>();
    boolean isLocked = readLocks(staleLocks);
    Map<String, String> snapshotList =
        endingWith(".vmsd").flatMap(look::text).map(FileLook::dictionary).orElse(Map.of());
    List<Disk> disks = disks();
    snapshotList.forEach(
        (key, value) -> {
          if (key.endsWith(".fileName")) {
            need(value);
          }
        });
    return new Vm(
        directory,
        configuration.getOrDefault("displayName", directory.isEmpty() ? "/" : directory),
        configuration.getOrDefault("guestOS", ""),
        endingWith(".vmtx").isPresent(),
        isLocked || endingWith(".vswp").isPresent(),
        "TRUE".equalsIgnoreCase(configuration.getOrDefault("disk.EnableUUID", "")),
        controllers(),
        snapshots(snapshotList),
        disks,
        leftovers(),
        siblings(),
        staleLocks);
  }

  /** Notes a descriptor and everything below it as needed. */
  private void need(String name) {
    String at = name;
    for (int i = 0; i <= MAX_REDO_LOGS && at != null; i++) {
      needed.add(at);
      Descriptor descriptor = descriptors.get(at);
      if (descriptor == null) {
        return;
      }
      needed.add(descriptor.extent());
      at = descriptor.parent().orElse(null);
    }
  }

  private List<String> controllers() {
    Set<String> buses = new TreeSet<>();
    configuration.forEach(
        (key, value) -> {
          if (key.endsWith(".fileName") && value.endsWith(".vmdk")) {
            buses.add(key.replaceAll("[0-9].*", "").toLowerCase(Locale.ROOT));
          }
        });
    return List.copyOf(buses);
  }

  private static List<String> snapshots(Map<String, String> list) {
    List<String> names = new ArrayList<>();
    list.forEach(
        (key, value) -> {
          if (key.matches("snapshot[0-9]+\\.displayName")) {
            names.add(value);
          }
        });
    return names;
  }

  private List<Disk> disks() {
    List<String> live = new ArrayList<>();
    configuration.forEach(
        (key, value) -> {
          if (key.endsWith(".fileName") && value.endsWith(".vmdk") && !value.contains("/")) {
            live.add(value);
          }
        });
    if (configuration.isEmpty()) {
      // Without a .vmx every base counts as a disk.
      descriptors.values().stream()
          .filter(each -> each.parent().isEmpty())
          .forEach(each -> live.add(each.name()));
    }
    return live.stream().limit(MAX_DISKS).map(this::disk).toList();
  }

  private Disk disk(String name) {
    need(name);
    int redoLogs = 0;
    String at = name;
    Set<String> chain = new LinkedHashSet<>();
    Descriptor descriptor = descriptors.get(at);
    while (chain.add(at) && descriptor != null && descriptor.parent().isPresent()) {
      if (refusals.containsKey(at) || redoLogs == MAX_REDO_LOGS) {
        break;
      }
      String parentName = descriptor.parent().get();
      if (parentName.contains("/")) {
        return new Disk(
            path(name),
            descriptor.capacityBytes(),
            redoLogs + 1,
            true,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
      }
      Descriptor parent = descriptors.get(parentName);
      if (parent != null && !parent.contentId().equals(descriptor.parentContentId())) {
        return broken(
            name, redoLogs, "its parent " + parentName + " has changed since " + at + " was made");
      }
      redoLogs++;
      at = parentName;
      descriptor = parent;
    }
    if (refusals.containsKey(at)) {
      return broken(name, redoLogs, at + ": " + refusals.get(at));
    }
    if (descriptor == null) {
      return broken(name, redoLogs, "there is no descriptor " + at);
    }
    if (descriptor.parent().isPresent()) {
      return broken(
          name,
          redoLogs,
          redoLogs == MAX_REDO_LOGS
              ? "more than %d redo logs on each other".formatted(MAX_REDO_LOGS)
              : "its parents run in circles: %s -> %s".formatted(String.join(" -> ", chain), at));
    }
    Entry extent = files.get(descriptor.extent());
    if (extent == null) {
      return broken(name, redoLogs, "there is no file " + descriptor.extent());
    }
    if (descriptor.isFlat() && extent.sizeBytes() < descriptor.capacityBytes()) {
      return broken(
          name,
          redoLogs,
          "%s has %d bytes, its descriptor says %d"
              .formatted(extent.name(), extent.sizeBytes(), descriptor.capacityBytes()));
    }
    return new Disk(
        path(name),
        descriptor.capacityBytes(),
        redoLogs,
        descriptor.isThin(),
        missingBytes(descriptor, extent),
        Optional.empty(),
        trial(extent, VaaiPrimitive.FULL_CLONE),
        trial(extent, VaaiPrimitive.LAZY_CLONE),
        look.canTry(VaaiPrimitive.FULL_CLONE));
  }

  private Optional<Refusal> trial(Entry extent, VaaiPrimitive primitive) {
    return look.canTry(primitive) ? look.trial(extent, primitive) : Optional.empty();
  }

  private Disk broken(String name, int redoLogs, String why) {
    return new Disk(
        path(name),
        0,
        redoLogs,
        true,
        0,
        Optional.of(why),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  private static long missingBytes(Descriptor descriptor, Entry extent) {
    return descriptor.isThin() || !descriptor.isFlat()
        ? 0
        : Math.max(0, descriptor.capacityBytes() - extent.attributes().usedBytes());
  }

  private String path(String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  private List<String> leftovers() {
    List<String> left = new ArrayList<>();
    for (Descriptor each : descriptors.values()) {
      if (each.parent().isPresent() && !needed.contains(each.name())) {
        left.add(each.name() + " on " + each.parent().get() + " is used by nobody");
        needed.add(each.extent());
      }
    }
    for (String name : files.keySet()) {
      boolean isLog = name.endsWith("-delta.vmdk") || name.endsWith("-sesparse.vmdk");
      if (isLog && !needed.contains(name)) {
        left.add(name + " has no descriptor");
      }
    }
    return left;
  }

  private List<String> siblings() {
    Map<String, Set<String>> children = new TreeMap<>();
    for (Descriptor each : descriptors.values()) {
      each.parent()
          .ifPresent(
              parent -> children.computeIfAbsent(parent, key -> new TreeSet<>()).add(each.name()));
    }
    List<String> found = new ArrayList<>();
    children.forEach(
        (parent, logs) -> {
          if (logs.size() > 1) {
            found.add(String.join(" and ", logs) + " are both on " + parent);
          }
        });
    return found;
  }

  /** Returns whether a lock is kept fresh. */
  private boolean readLocks(List<String> stale) {
    boolean isLocked = false;
    for (Entry file : files.values()) {
      if (file.name().startsWith(LOCK)) {
        long ageMillis = nowMillis - file.modifiedMillis();
        if (ageMillis > STALE_MILLIS) {
          stale.add(
              "%s of %s was last written %d s ago%s"
                  .formatted(file.name(), lockedFile(file.name()), ageMillis / 1000, holder(file)));
        } else {
          isLocked = true;
        }
      }
    }
    return isLocked;
  }

  private String lockedFile(String lock) {
    String hex = lock.substring(LOCK.length());
    if (hex.length() == HEX_DIGITS && hex.matches("[0-9a-fA-F]+")) {
      long fileId = Long.reverseBytes(Long.parseUnsignedLong(hex, 16));
      for (Entry file : files.values()) {
        if (file.attributes().fileId() == fileId) {
          return file.name();
        }
      }
    }
    return "a file that is not here";
  }

  /** The longest word in the lock: VMware does not document what stands where. */
  private String holder(Entry lock) {
    return look.text(lock).stream()
        .flatMap(text -> WORD.matcher(text).results())
        .map(MatchResult::group)
        .max(Comparator.comparingInt(String::length))
        .map(word -> ", by " + word)
        .orElse("");
  }
}
