/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.DescriptorText;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * A descriptor on a datastore, as one link of a disk's chain.
 *
 * @param path of the descriptor, relative to the datastore
 * @param descriptor what it says
 */
record ChainLink(String path, DiskDescriptor descriptor) {
  /**
   * Reads a descriptor and those of all its parents, and checks that they belong together.
   *
   * @return from the top down to the base; at least one
   * @throws DatastoreException DAMAGED if they do not
   */
  static List<ChainLink> readAll(Datastore datastore, String descriptorPath) {
    List<ChainLink> topDown = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    ChainLink link = read(datastore, descriptorPath);
    topDown.add(link);
    seen.add(link.path);
    while (link.isRedoLog()) {
      String parentPath = link.parentPath();
      if (!seen.add(parentPath)) {
        throw damaged(link.path, "a chain of redo logs without end: " + String.join(" -> ", seen));
      }
      if (topDown.size() > DiskChain.MAX_REDO_LOGS) {
        throw damaged(
            descriptorPath, "more than " + DiskChain.MAX_REDO_LOGS + " redo logs on each other");
      }
      ChainLink parent = read(datastore, parentPath);
      link.checkParent(parent);
      topDown.add(parent);
      link = parent;
    }
    return topDown;
  }

  static ChainLink read(Datastore datastore, String path) {
    DatastoreFile file = datastore.open(path);
    long size = file.sizeBytes();
    try {
      if (size > DescriptorText.MAX_TEXT_BYTES) {
        throw new VmdkFormatException(
            "a descriptor of %d bytes; allowed: at most %d"
                .formatted(size, DescriptorText.MAX_TEXT_BYTES));
      }
      return new ChainLink(path, DiskDescriptor.decode(file.readFully(0, (int) size)));
    } catch (VmdkFormatException e) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, "%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Replaces the descriptor's text, in one WRITE: blank lines fill it up to the old size, and are
   * cut off afterwards. A host that dies in between leaves a descriptor.
   */
  void rewrite(Datastore datastore, DiskDescriptor newDescriptor) {
    DatastoreFile file = datastore.open(path);
    byte[] text = newDescriptor.toText().getBytes(UTF_8);
    long oldSize = file.sizeBytes();
    byte[] filled = Arrays.copyOf(text, (int) Math.max(text.length, oldSize));
    Arrays.fill(filled, text.length, filled.length, (byte) '\n');
    file.writeStable(0, filled);
    if (oldSize > text.length) {
      file.setSizeBytes(text.length);
    }
  }

  boolean isRedoLog() {
    return descriptor.extentType().isRedoLog();
  }

  RedoLogFormat redoLogFormat() {
    return RedoLogFormat.of(descriptor.extentType());
  }

  String extentPath() {
    return inDirectory(descriptor.extentFileName());
  }

  /**
   * The parent's descriptor, relative to the datastore.
   *
   * @throws DatastoreException DAMAGED if the hint leads out of the datastore
   */
  String parentPath() {
    Deque<String> names = new ArrayDeque<>();
    for (String name : inDirectory(descriptor.parentFileName()).split("/", -1)) {
      if (!name.equals("..")) {
        names.addLast(name);
      } else if (names.pollLast() == null) {
        throw damaged(
            path,
            "parentFileNameHint \"%s\" leads out of the datastore"
                .formatted(descriptor.parentFileName()));
      }
    }
    return String.join("/", names);
  }

  String inDirectory(String fileName) {
    return Datastore.join(Datastore.parentOf(path), fileName);
  }

  /** Opens the base's data file. */
  DatastoreFile openFlat(Datastore datastore) {
    DatastoreFile flat = datastore.open(extentPath());
    long flatBytes = flat.sizeBytes();
    if (flatBytes < descriptor.capacityBytes()) {
      throw damaged(
          flat.path(),
          "%d bytes, its descriptor says %d".formatted(flatBytes, descriptor.capacityBytes()));
    }
    return flat;
  }

  private void checkParent(ChainLink parent) {
    if (parent.descriptor.contentId() != descriptor.parentContentId()) {
      throw damaged(
          path,
          "its parent %s has changed since: CID %08x, expected %08x (parentCID)"
              .formatted(parent.path, parent.descriptor.contentId(), descriptor.parentContentId()));
    }
    if (parent.descriptor.capacityBytes() != descriptor.capacityBytes()) {
      throw damaged(
          path,
          "its parent %s has changed since: %d bytes, this disk has %d"
              .formatted(
                  parent.path, parent.descriptor.capacityBytes(), descriptor.capacityBytes()));
    }
  }

  private static DatastoreException damaged(String path, String what) {
    return new DatastoreException(DatastoreError.DAMAGED, path + ": " + what);
  }
}
