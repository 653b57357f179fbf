/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The text file {@code name.vmdk} of a disk that a host runs: one extent, which is a flat file or a
 * redo log. {@link DescriptorText} reads the descriptors of other makers, too.
 *
 * @param contentId the CID: changes with the first write after the disk was opened, so that a child
 *     made before can tell; {@link #NEVER_WRITTEN} on a new disk
 * @param parentContentId the parent's content id when the child was made; {@link #NO_PARENT}
 *     without a parent
 * @param parentFileName the parent's descriptor, relative to this one's directory, or null
 * @param extentType what the extent is: VMFS, VMFS_SPARSE or SE_SPARSE
 * @param capacityBytes of the disk, a multiple of 512
 * @param extentFileName the data file in the same directory
 * @param changeTrackFileName the {@code -ctk.vmdk} in the same directory, or null
 * @param diskDatabase the {@code ddb.} entries, keys without that prefix
 */
public record DiskDescriptor(
    int contentId,
    int parentContentId,
    String parentFileName,
    ExtentType extentType,
    long capacityBytes,
    String extentFileName,
    String changeTrackFileName,
    Map<String, String> diskDatabase) {
  /** The parent content id of a disk that has no parent. */
  public static final int NO_PARENT = 0xffffffff;

  /** The content id of a disk that nobody has written to. */
  public static final int NEVER_WRITTEN = 0xfffffffe;

  private static final String THIN = "thinProvisioned";
  private static final String LONG_CONTENT_ID = "longContentID";
  private static final int LONG_CONTENT_ID_DIGITS = 32;

  /** What hosts write while no VMware Tools are known in the guest. */
  private static final String TOOLS_UNKNOWN = "2147483647";

  private static final int SECTOR_BYTES = 512;

  public DiskDescriptor {
    Objects.requireNonNull(extentType);
    Objects.requireNonNull(extentFileName);
    diskDatabase = Collections.unmodifiableMap(new LinkedHashMap<>(diskDatabase));
    if ((parentFileName == null) != (parentContentId == NO_PARENT)) {
      throw new IllegalArgumentException("a parent has both a name and a content id");
    }
  }

  /**
   * A base disk on an LSI Logic controller, never written.
   *
   * @param isThin whether the disk is thin; for a thick disk, lazily or eagerly zeroed, hosts write
   *     no entry at all
   */
  public static DiskDescriptor base(
      int contentId, long capacityBytes, String extentFileName, String uuid, boolean isThin) {
    Map<String, String> database = new LinkedHashMap<>();
    DiskGeometry geometry = DiskGeometry.of(capacityBytes / SECTOR_BYTES);
    database.put("adapterType", "lsilogic");
    database.put("geometry.cylinders", Long.toString(geometry.cylinders()));
    database.put("geometry.heads", Integer.toString(geometry.heads()));
    database.put("geometry.sectors", Integer.toString(geometry.sectors()));
    if (isThin) {
      database.put(THIN, "1");
    }
    database.put("toolsVersion", TOOLS_UNKNOWN);
    database.put("uuid", uuid);
    database.put("virtualHWVersion", "8");
    return new DiskDescriptor(
        contentId, NO_PARENT, null, ExtentType.VMFS, capacityBytes, extentFileName, null, database);
  }

  /**
   * A redo log on a parent disk.
   *
   * @param format VMFS_SPARSE or SE_SPARSE
   */
  public static DiskDescriptor redoLog(
      int contentId,
      DiskDescriptor parent,
      String parentFileName,
      ExtentType format,
      String extentFileName) {
    if (!format.isRedoLog()) {
      throw new IllegalArgumentException("not the type of a redo log: " + format);
    }
    return new DiskDescriptor(
        contentId,
        parent.contentId,
        parentFileName,
        format,
        parent.capacityBytes,
        extentFileName,
        null,
        Map.of());
  }

  /**
   * A disk that the array made from its parent (a native snapshot). It is a flat file of its own;
   * the parent is not needed to read it.
   */
  public static DiskDescriptor nativeSnapshot(
      int contentId, DiskDescriptor parent, String parentFileName, String extentFileName) {
    return new DiskDescriptor(
        contentId,
        parent.contentId,
        parentFileName,
        ExtentType.VMFS,
        parent.capacityBytes,
        extentFileName,
        null,
        parent.diskDatabase);
  }

  /** Whether the array made it from its parent. */
  public boolean isNativeSnapshot() {
    return extentType == ExtentType.VMFS && parentFileName != null;
  }

  /** The descriptor with another parent. */
  public DiskDescriptor withParent(String newParentFileName, int newParentContentId) {
    return new DiskDescriptor(
        contentId,
        newParentContentId,
        newParentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        changeTrackFileName,
        diskDatabase);
  }

  /** The descriptor of a disk that needs its parent no longer. */
  public DiskDescriptor withoutParent() {
    return withParent(null, NO_PARENT);
  }

  /** The descriptor with another data file in the same directory. */
  public DiskDescriptor withExtent(String newExtentFileName) {
    return new DiskDescriptor(
        contentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        newExtentFileName,
        changeTrackFileName,
        diskDatabase);
  }

  /** The change-tracking file in the same directory, if changes are tracked. */
  public Optional<String> changeTracking() {
    return Optional.ofNullable(changeTrackFileName);
  }

  /** Whether the disk is thin, that is, no space is reserved for it. */
  public boolean isThin() {
    return "1".equals(diskDatabase.get(THIN));
  }

  public DiskDescriptor withThin(boolean isThin) {
    return withEntry(THIN, isThin ? "1" : null);
  }

  /**
   * The descriptor after the contents changed. The long content id, if there is one, ends in the
   * content id's digits.
   *
   * @param longIdPrefix the 24 hexadecimal digits before them
   */
  public DiskDescriptor withContentId(int newContentId, String longIdPrefix) {
    String digits = longIdPrefix + HexFormat.of().toHexDigits(newContentId);
    if (digits.length() != LONG_CONTENT_ID_DIGITS) {
      throw new IllegalArgumentException("not 24 digits: " + longIdPrefix);
    }
    DiskDescriptor changed = withEntry(LONG_CONTENT_ID, digits);
    return new DiskDescriptor(
        newContentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        changeTrackFileName,
        changed.diskDatabase);
  }

  /** The descriptor with that file as its change-tracking file, or without one if it is null. */
  public DiskDescriptor withChangeTracking(String fileName) {
    return new DiskDescriptor(
        contentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        fileName,
        diskDatabase);
  }

  /** The descriptor after the disk grew; the geometry follows. */
  public DiskDescriptor withCapacity(long newCapacityBytes) {
    Map<String, String> database = new LinkedHashMap<>(diskDatabase);
    DiskGeometry geometry = DiskGeometry.of(newCapacityBytes / SECTOR_BYTES);
    if (database.containsKey("geometry.cylinders")) {
      database.put("geometry.cylinders", Long.toString(geometry.cylinders()));
      database.put("geometry.heads", Integer.toString(geometry.heads()));
      database.put("geometry.sectors", Integer.toString(geometry.sectors()));
    }
    return new DiskDescriptor(
        contentId,
        parentContentId,
        parentFileName,
        extentType,
        newCapacityBytes,
        extentFileName,
        changeTrackFileName,
        database);
  }

  /** The descriptor with an entry of the disk database, or without it if the value is null. */
  public DiskDescriptor withEntry(String key, String value) {
    Map<String, String> database = new LinkedHashMap<>(diskDatabase);
    if (value == null) {
      database.remove(key);
    } else {
      database.put(key, value);
    }
    return new DiskDescriptor(
        contentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        changeTrackFileName,
        database);
  }

  /** The text as hosts write it. The version is 3 while changes are tracked. */
  public String toText() {
    StringBuilder text = new StringBuilder(800);
    text.append("# Disk DescriptorFile\nversion=").append(changeTrackFileName == null ? 1 : 3);
    text.append("\nencoding=\"UTF-8\"\n");
    text.append("CID=").append(HexFormat.of().toHexDigits(contentId)).append('\n');
    text.append("parentCID=").append(HexFormat.of().toHexDigits(parentContentId)).append('\n');
    text.append("isNativeSnapshot=\"").append(isNativeSnapshot() ? "yes" : "no").append("\"\n");
    text.append("createType=\"").append(CreateType.ofHostExtent(extentType).word()).append("\"\n");
    if (parentFileName != null) {
      text.append("parentFileNameHint=\"").append(parentFileName).append("\"\n");
    }
    text.append("\n# Extent description\nRW ").append(capacityBytes / SECTOR_BYTES).append(' ');
    text.append(extentType.keyword()).append(" \"").append(extentFileName).append("\"\n");
    if (changeTrackFileName != null) {
      text.append("\n# Change Tracking File\nchangeTrackPath=\"");
      text.append(changeTrackFileName).append("\"\n");
    }
    text.append("\n# The Disk Data Base\n#DDB\n\n");
    diskDatabase.forEach(
        (key, value) ->
            text.append("ddb.").append(key).append(" = \"").append(value).append("\"\n"));
    return text.toString();
  }

  /**
   * Reads the descriptor of a disk that a host runs.
   *
   * @throws VmdkFormatException if the text is not a descriptor, or is one of another kind
   */
  public static DiskDescriptor parse(String text) {
    return of(DescriptorText.parse(text));
  }

  /**
   * Reads the descriptor of a disk that a host runs.
   *
   * @throws VmdkFormatException if the bytes are not a descriptor, or are one of another kind
   */
  public static DiskDescriptor decode(byte[] bytes) {
    return of(DescriptorText.decode(bytes));
  }

  private static DiskDescriptor of(DescriptorText text) {
    if (!text.createType().runsOnHost()) {
      throw new VmdkFormatException(
          "a host runs no disk of createType \"%s\"; allowed: vmfs, vmfsSparse, seSparse, or import it"
              .formatted(text.createType().word()));
    }
    if (text.extents().size() != 1) {
      throw new VmdkFormatException(
          "%d extents in a disk of createType \"%s\"; allowed: one"
              .formatted(text.extents().size(), text.createType().word()));
    }
    ExtentLine extent = text.extents().get(0);
    if (extent.offsetSectors() != 0) {
      throw new VmdkFormatException(
          "an extent that starts at sector %d of its file; allowed: 0"
              .formatted(extent.offsetSectors()));
    }
    boolean needsParent = extent.type().isRedoLog() || text.isNativeSnapshot();
    if (needsParent != text.parentFileName().isPresent()) {
      throw new VmdkFormatException(
          needsParent
              ? "a redo log without a parent; allowed: parentCID and parentFileNameHint"
              : "a base disk (%s) with the parent \"%s\"; allowed: redo logs and native snapshots have parents"
                  .formatted(
                      text.createType().word(),
                      VmdkFormatException.shown(text.parentFileName().orElseThrow())));
    }
    return new DiskDescriptor(
        text.contentId(),
        text.parentContentId(),
        text.parentFileName().orElse(null),
        extent.type(),
        extent.sectors() * SECTOR_BYTES,
        extent.fileName(),
        text.changeTrackFileName().orElse(null),
        text.diskDatabase());
  }
}
