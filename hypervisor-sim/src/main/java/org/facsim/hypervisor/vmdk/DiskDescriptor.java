/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text file {@code name.vmdk} of a disk with one extent.
 *
 * @param contentId changes when the contents change; contents that a child depends on do not change
 * @param parentContentId the parent's content id when the child was made; {@link #NO_PARENT}
 *     without a parent
 * @param parentFileName the parent's descriptor in the same directory, or null
 * @param extentType what the extent is
 * @param capacityBytes of the disk, a multiple of 512
 * @param extentFileName the data file in the same directory
 * @param diskDatabase the {@code ddb.} entries, keys without that prefix
 */
public record DiskDescriptor(
    int contentId,
    int parentContentId,
    String parentFileName,
    ExtentType extentType,
    long capacityBytes,
    String extentFileName,
    Map<String, String> diskDatabase) {
  /** The parent content id of a disk that has no parent. */
  public static final int NO_PARENT = 0xffffffff;

  /** The largest descriptor that a reader accepts; real ones are much smaller. */
  public static final int MAX_TEXT_BYTES = 64 << 10;

  private static final String THIN = "thinProvisioned";
  private static final int SECTOR_BYTES = 512;
  private static final Pattern EXTENT =
      Pattern.compile("(RW|RDONLY|NOACCESS) ([0-9]{1,15}) ([A-Z]+) \"([^\"/]+)\"( [0-9]+)?");
  private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9_.]+) *= *\"?([^\"]*)\"?");

  public DiskDescriptor {
    Objects.requireNonNull(extentType);
    Objects.requireNonNull(extentFileName);
    diskDatabase = Collections.unmodifiableMap(new LinkedHashMap<>(diskDatabase));
    if ((parentFileName == null) != (parentContentId == NO_PARENT)) {
      throw new IllegalArgumentException("a parent has both a name and a content id");
    }
  }

  /**
   * A base disk on an LSI Logic controller.
   *
   * @param isThin whether the disk is thin; for a thick disk, hosts write no entry at all
   */
  public static DiskDescriptor base(
      int contentId, long capacityBytes, String extentFileName, String uuid, boolean isThin) {
    Map<String, String> database = new LinkedHashMap<>();
    long sectors = capacityBytes / SECTOR_BYTES;
    Geometry geometry = Geometry.of(sectors);
    database.put("adapterType", "lsilogic");
    database.put("geometry.cylinders", Long.toString(geometry.cylinders()));
    database.put("geometry.heads", Integer.toString(geometry.heads()));
    database.put("geometry.sectors", Integer.toString(geometry.sectors()));
    if (isThin) {
      database.put(THIN, "1");
    }
    database.put("uuid", uuid);
    database.put("virtualHWVersion", "8");
    return new DiskDescriptor(
        contentId, NO_PARENT, null, ExtentType.VMFS, capacityBytes, extentFileName, database);
  }

  /** A redo log on a parent disk. */
  public static DiskDescriptor redoLog(
      int contentId, DiskDescriptor parent, String parentFileName, String extentFileName) {
    return new DiskDescriptor(
        contentId,
        parent.contentId,
        parentFileName,
        ExtentType.VMFS_SPARSE,
        parent.capacityBytes,
        extentFileName,
        Map.of());
  }

  /** Whether the disk is thin, that is, no space is reserved for it. */
  public boolean isThin() {
    return "1".equals(diskDatabase.get(THIN));
  }

  public DiskDescriptor withThin(boolean isThin) {
    Map<String, String> database = new LinkedHashMap<>(diskDatabase);
    if (isThin) {
      database.put(THIN, "1");
    } else {
      database.remove(THIN);
    }
    return new DiskDescriptor(
        contentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        database);
  }

  public DiskDescriptor withContentId(int newContentId) {
    return new DiskDescriptor(
        newContentId,
        parentContentId,
        parentFileName,
        extentType,
        capacityBytes,
        extentFileName,
        diskDatabase);
  }

  public String toText() {
    StringBuilder text = new StringBuilder(600);
    text.append("# Disk DescriptorFile\nversion=1\nencoding=\"UTF-8\"\n");
    text.append("CID=").append(HexFormat.of().toHexDigits(contentId)).append('\n');
    text.append("parentCID=").append(HexFormat.of().toHexDigits(parentContentId)).append('\n');
    text.append("isNativeSnapshot=\"no\"\n");
    text.append("createType=\"").append(extentType.createType()).append("\"\n");
    if (parentFileName != null) {
      text.append("parentFileNameHint=\"").append(parentFileName).append("\"\n");
    }
    text.append("\n# Extent description\nRW ").append(capacityBytes / SECTOR_BYTES).append(' ');
    text.append(extentType.keyword()).append(" \"").append(extentFileName).append("\"\n");
    text.append("\n# The Disk Data Base\n#DDB\n\n");
    diskDatabase.forEach(
        (key, value) ->
            text.append("ddb.").append(key).append(" = \"").append(value).append("\"\n"));
    return text.toString();
  }

  /**
   * Reads a descriptor.
   *
   * @throws VmdkFormatException if the text is not a descriptor, or is one that this program does
   *     not support
   */
  public static DiskDescriptor parse(String text) {
    if (!text.startsWith("# Disk DescriptorFile")) {
      throw new VmdkFormatException("not a disk descriptor");
    }
    Map<String, String> entries = new LinkedHashMap<>();
    Map<String, String> database = new LinkedHashMap<>();
    Matcher extent = null;
    for (String raw : text.lines().toList()) {
      String line = raw.strip();
      Matcher extentMatcher = EXTENT.matcher(line);
      Matcher entry = ENTRY.matcher(line);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (extentMatcher.matches()) {
        if (extent != null) {
          throw new VmdkFormatException("more than one extent");
        }
        extent = extentMatcher;
      } else if (entry.matches() && entry.group(1).startsWith("ddb.")) {
        database.put(entry.group(1).substring("ddb.".length()), entry.group(2));
      } else if (entry.matches()) {
        entries.put(entry.group(1), entry.group(2));
      } else {
        throw new VmdkFormatException("not a line of a disk descriptor: " + line);
      }
    }
    if (extent == null) {
      throw new VmdkFormatException("no extent");
    }
    return fromParts(entries, extent, database);
  }

  private static DiskDescriptor fromParts(
      Map<String, String> entries, Matcher extent, Map<String, String> database) {
    int parentContentId = contentId(entries.getOrDefault("parentCID", "ffffffff"));
    String parent = entries.get("parentFileNameHint");
    if ((parent == null) != (parentContentId == NO_PARENT)) {
      throw new VmdkFormatException("parentCID and parentFileNameHint do not fit");
    }
    long sectors = Long.parseLong(extent.group(2));
    return new DiskDescriptor(
        contentId(entries.getOrDefault("CID", "")),
        parentContentId,
        parent,
        ExtentType.ofKeyword(extent.group(3)),
        sectors * SECTOR_BYTES,
        extent.group(4),
        database);
  }

  private static int contentId(String hex) {
    if (!hex.matches("[0-9a-fA-F]{1,8}")) {
      throw new VmdkFormatException("not a content id: " + hex);
    }
    return Integer.parseUnsignedInt(hex, 16);
  }

  /** Cylinders, heads and sectors as a SCSI disk of that size reports them. */
  private record Geometry(long cylinders, int heads, int sectors) {
    private static final long ONE_GIB_SECTORS = (1L << 30) / SECTOR_BYTES;

    static Geometry of(long diskSectors) {
      if (diskSectors <= ONE_GIB_SECTORS) {
        return ofTrack(diskSectors, 64, 32);
      }
      return diskSectors <= 2 * ONE_GIB_SECTORS
          ? ofTrack(diskSectors, 128, 32)
          : ofTrack(diskSectors, 255, 63);
    }

    private static Geometry ofTrack(long diskSectors, int heads, int sectors) {
      return new Geometry(Math.max(1, diskSectors / ((long) heads * sectors)), heads, sectors);
    }
  }
}
