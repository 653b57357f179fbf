/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.facsim.hypervisor.vmdk.ExtentReader.Run;

/**
 * A disk that another program made: Workstation, an appliance's author, qemu-img. It may have
 * parents. It is read through {@link VmdkFile}s, so that it may lie anywhere. Only one thread at a
 * time may use it.
 *
 * <p>The files are not trusted: whatever they hold, opening and reading either work or throw {@link
 * VmdkFormatException}, in bounded memory. Stretches that no table covers are skipped, not walked.
 */
public final class ForeignDisk {
  /** The most parents that are followed. */
  public static final int MAX_PARENTS = 32;

  private static final int PROBE_BYTES = 4;
  private static final int SECTOR_BYTES = 512;

  private final List<Layer> topDown;

  private ForeignDisk(List<Layer> topDown) {
    this.topDown = List.copyOf(topDown);
  }

  /** One descriptor with its extents. */
  private static final class Layer {
    final String name;
    final DescriptorText descriptor;
    final VmdkDirectory directory;
    final boolean isOneFile;
    int openExtent = -1;
    ExtentReader reader;

    Layer(String name, DescriptorText descriptor, VmdkDirectory directory, boolean isOneFile) {
      this.name = name;
      this.descriptor = descriptor;
      this.directory = directory;
      this.isOneFile = isOneFile;
    }

    /** The reader of an extent; the one before is forgotten. */
    ExtentReader reader(int index) {
      if (index != openExtent) {
        ExtentLine line = descriptor.extents().get(index);
        String fileName = isOneFile ? name : line.fileName();
        if (line.type() == ExtentType.ZERO) {
          reader = new ZeroExtentReader();
        } else {
          VmdkFile file =
              directory
                  .open(fileName)
                  .orElseThrow(
                      () ->
                          new VmdkFormatException(
                              "%s: its extent \"%s\" is not there".formatted(name, fileName)));
          reader = placed(fileName, () -> readerOf(file, line));
        }
        openExtent = index;
      }
      return reader;
    }

    private static ExtentReader readerOf(VmdkFile file, ExtentLine line) {
      if (line.type() != ExtentType.SPARSE) {
        return new FlatExtentReader(file, line);
      }
      SparseExtentReader sparse = new SparseExtentReader(file);
      if (sparse.header().capacitySectors() != line.sectors()) {
        throw new VmdkFormatException(
            "capacity %d in the header, %d in the extent line; allowed: the same"
                .formatted(sparse.header().capacitySectors(), line.sectors()));
      }
      return sparse;
    }
  }

  /** A stretch of zeros without a file. */
  private static final class ZeroExtentReader implements ExtentReader {
    @Override
    public Run run(long sector, long maxSectors) {
      return new Run(Kind.ZEROS, maxSectors);
    }

    @Override
    public void read(long sector, int sectors, byte[] target, int index) {
      throw new IllegalStateException("no data in an extent of zeros");
    }
  }

  /**
   * Opens a disk, its extents and its parents.
   *
   * @param name a descriptor, or a file with an embedded one
   * @throws VmdkFormatException if anything of it is missing, damaged, contradictory or not
   *     supported; the message names the file
   */
  public static ForeignDisk open(VmdkDirectory directory, String name) {
    List<Layer> topDown = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    String next = name;
    while (next != null) {
      if (!seen.add(next)) {
        throw new VmdkFormatException(
            "%s: its parents run in circles: %s -> %s"
                .formatted(name, String.join(" -> ", seen), next));
      }
      if (topDown.size() > MAX_PARENTS) {
        throw new VmdkFormatException(
            "%s: more than %d parents; allowed: at most %d"
                .formatted(name, MAX_PARENTS, MAX_PARENTS));
      }
      Layer layer = openLayer(directory, next);
      if (!topDown.isEmpty()) {
        checkParent(topDown.get(topDown.size() - 1), layer);
      }
      topDown.add(layer);
      next = layer.descriptor.parentFileName().orElse(null);
    }
    ForeignDisk disk = new ForeignDisk(topDown);
    disk.checkExtents();
    return disk;
  }

  private static Layer openLayer(VmdkDirectory directory, String name) {
    return placed(
        name,
        () -> {
          ExtentLine.checkFileName("the disk's file", name);
          VmdkFile file =
              directory
                  .open(name)
                  .orElseThrow(() -> new VmdkFormatException("there is no such file"));
          byte[] probe = file.read("start", 0, PROBE_BYTES);
          boolean isOneFile = SparseExtentHeader.isMeant(probe);
          DescriptorText text = isOneFile ? embedded(file) : descriptor(file);
          return new Layer(name, checked(text, isOneFile), directory, isOneFile);
        });
  }

  private static DescriptorText descriptor(VmdkFile file) {
    if (file.sizeBytes() > DescriptorText.MAX_TEXT_BYTES) {
      throw new VmdkFormatException(
          "%d bytes that do not start as a sparse extent (KDMV); allowed for a descriptor: at most %d"
              .formatted(file.sizeBytes(), DescriptorText.MAX_TEXT_BYTES));
    }
    return DescriptorText.decode(file.read("descriptor", 0, (int) file.sizeBytes()));
  }

  private static DescriptorText embedded(VmdkFile file) {
    SparseExtentHeader header =
        SparseExtentHeader.decode(file.read("header", 0, SparseExtentHeader.HEADER_BYTES));
    if (header.descriptorSector() == 0 || header.descriptorSectors() == 0) {
      throw new VmdkFormatException(
          "no descriptor in it: it is one extent of a disk; import the disk's descriptor");
    }
    return DescriptorText.decode(
        file.read(
            "embedded descriptor",
            header.descriptorSector() * SECTOR_BYTES,
            header.descriptorSectors() * SECTOR_BYTES));
  }

  private static DescriptorText checked(DescriptorText text, boolean isOneFile) {
    CreateType type = text.createType();
    if (type == CreateType.VMFS_SPARSE || type == CreateType.SE_SPARSE) {
      throw new VmdkFormatException(
          "a redo log of a host (%s); allowed: register the VM, or import a base disk"
              .formatted(type.word()));
    }
    boolean inOneFile = type == CreateType.MONOLITHIC_SPARSE || type == CreateType.STREAM_OPTIMIZED;
    if (inOneFile != isOneFile || (inOneFile && text.extents().size() != 1)) {
      throw new VmdkFormatException(
          "createType \"%s\" with %d extents %s; allowed: %s"
              .formatted(
                  type.word(),
                  text.extents().size(),
                  isOneFile ? "in the descriptor's own file" : "in files of their own",
                  inOneFile ? "one, in the descriptor's own file" : "files of their own"));
    }
    for (ExtentLine extent : text.extents()) {
      if (extent.access().equals("NOACCESS")) {
        throw new VmdkFormatException(
            "extent \"%s\" is NOACCESS; allowed: RW, RDONLY"
                .formatted(VmdkFormatException.shown(extent.fileName())));
      }
    }
    return text;
  }

  private static void checkParent(Layer child, Layer parent) {
    if (child.descriptor.parentContentId() != parent.descriptor.contentId()) {
      throw new VmdkFormatException(
          "%s: its parent %s has changed since: CID %08x, expected %08x (parentCID)"
              .formatted(
                  child.name,
                  parent.name,
                  parent.descriptor.contentId(),
                  child.descriptor.parentContentId()));
    }
    if (child.descriptor.capacitySectors() != parent.descriptor.capacitySectors()) {
      throw new VmdkFormatException(
          "%s: %d sectors, its parent %s has %d; allowed: the same"
              .formatted(
                  child.name,
                  child.descriptor.capacitySectors(),
                  parent.name,
                  parent.descriptor.capacitySectors()));
    }
  }

  /** Opens every extent once, so that what is missing is found before anything is copied. */
  private void checkExtents() {
    for (Layer layer : topDown) {
      for (int i = 0; i < layer.descriptor.extents().size(); i++) {
        layer.reader(i);
      }
    }
  }

  private static <T> T placed(String fileName, Supplier<T> action) {
    try {
      return action.get();
    } catch (VmdkFormatException e) {
      throw e.in(fileName);
    }
  }

  public CreateType createType() {
    return topDown.get(0).descriptor.createType();
  }

  public long capacityBytes() {
    return topDown.get(0).descriptor.capacitySectors() * SECTOR_BYTES;
  }

  /** How many parents it has. */
  public int parents() {
    return topDown.size() - 1;
  }

  /** The {@code ddb.} entries, keys without that prefix. */
  public Map<String, String> diskDatabase() {
    return topDown.get(0).descriptor.diskDatabase();
  }

  /** Receives what a disk holds. */
  public interface DataSink {
    /**
     * Data of the disk.
     *
     * @param data valid until this returns
     */
    void data(long diskOffsetBytes, byte[] data, int lengthBytes);
  }

  /**
   * Reads all data of a range, in the order of the disk. What no extent has is zeros and is not
   * reported.
   *
   * @param startBytes a multiple of 512
   * @param endBytes a multiple of 512
   * @param buffer holds each piece; a multiple of 512 bytes
   * @throws VmdkFormatException if a file is damaged
   */
  public void read(long startBytes, long endBytes, byte[] buffer, DataSink sink) {
    read(0, startBytes / SECTOR_BYTES, endBytes / SECTOR_BYTES, buffer, sink);
  }

  private void read(int level, long start, long end, byte[] buffer, DataSink sink) {
    Layer layer = topDown.get(level);
    long at = start;
    long extentStart = 0;
    for (int i = 0; i < layer.descriptor.extents().size() && at < end; i++) {
      long extentEnd = extentStart + layer.descriptor.extents().get(i).sectors();
      while (at < Math.min(end, extentEnd)) {
        at += readRun(level, i, extentStart, at, Math.min(end, extentEnd), buffer, sink);
      }
      extentStart = extentEnd;
    }
  }

  /** Reads the run at a sector of the disk; returns its length. */
  private long readRun(
      int level, int extent, long extentStart, long at, long end, byte[] buffer, DataSink sink) {
    Layer layer = topDown.get(level);
    ExtentLine line = layer.descriptor.extents().get(extent);
    String fileName = layer.isOneFile ? layer.name : line.fileName();
    Run run = placed(fileName, () -> layer.reader(extent).run(at - extentStart, end - at));
    switch (run.kind()) {
      case ZEROS -> {}
      case ABSENT -> {
        if (level + 1 < topDown.size()) {
          read(level + 1, at, at + run.sectors(), buffer, sink);
        }
      }
      case DATA -> {
        for (long done = 0; done < run.sectors(); ) {
          int count = (int) Math.min(buffer.length / SECTOR_BYTES, run.sectors() - done);
          long sector = at + done;
          placed(
              fileName,
              () -> {
                layer.reader(extent).read(sector - extentStart, count, buffer, 0);
                return null;
              });
          sink.data(sector * SECTOR_BYTES, buffer, count * SECTOR_BYTES);
          done += count;
        }
      }
    }
    return run.sectors();
  }
}
