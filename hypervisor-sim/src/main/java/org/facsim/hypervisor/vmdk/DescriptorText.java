/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a descriptor of any maker says. Accepts what the field contains: lines that end in CR LF,
 * tabs, blanks around {@code =}, values with and without quotation marks. Refuses what two readers
 * could understand differently, such as a key that stands there twice.
 *
 * @param createType the kind of disk
 * @param isNativeSnapshot whether the array made it from its parent, which is not needed to read it
 * @param contentId the CID
 * @param parentContentId the parentCID; {@link DiskDescriptor#NO_PARENT} without a parent
 * @param parentFileName the parent's descriptor, relative to this one's directory, or empty
 * @param extents 1 to {@value #MAX_EXTENTS}, in the order of the disk
 * @param changeTrackFileName the change-tracking file, or empty
 * @param diskDatabase the {@code ddb.} entries, keys without that prefix
 */
public record DescriptorText(
    CreateType createType,
    boolean isNativeSnapshot,
    int contentId,
    int parentContentId,
    Optional<String> parentFileName,
    List<ExtentLine> extents,
    Optional<String> changeTrackFileName,
    Map<String, String> diskDatabase) {
  /** The largest descriptor that a reader accepts; real ones are much smaller. */
  public static final int MAX_TEXT_BYTES = 64 << 10;

  /** 62 TiB in extents of 2 GiB would be 31744; a descriptor of 64 KiB has room for fewer. */
  public static final int MAX_EXTENTS = 2048;

  private static final int MAX_ENTRIES = 512;
  private static final String DATABASE = "ddb.";
  private static final Pattern ENTRY =
      Pattern.compile("([A-Za-z][A-Za-z0-9_.]*)\\s*=\\s*(?:\"([^\"]*)\"|([^\"]*))");

  public DescriptorText {
    extents = List.copyOf(extents);
    diskDatabase = Collections.unmodifiableMap(new LinkedHashMap<>(diskDatabase));
  }

  /** The disk's size: the sum of its extents. */
  public long capacitySectors() {
    return extents.stream().mapToLong(ExtentLine::sectors).sum();
  }

  /**
   * Reads a descriptor's bytes; see {@link DescriptorEncoding} for the encodings.
   *
   * @throws VmdkFormatException if they are not a descriptor; the message names the line
   */
  public static DescriptorText decode(byte[] bytes) {
    return parse(DescriptorEncoding.decode(bytes));
  }

  /**
   * Reads a descriptor.
   *
   * @throws VmdkFormatException if the text is not a descriptor; the message names the line
   */
  public static DescriptorText parse(String text) {
    if (text.length() > MAX_TEXT_BYTES) {
      throw new VmdkFormatException(
          "a descriptor of %d characters; allowed: at most %d"
              .formatted(text.length(), MAX_TEXT_BYTES));
    }
    Lines lines = new Lines();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (number == 1 && !line.replaceAll("\\s+", "").equals("#DiskDescriptorFile")) {
        throw new VmdkFormatException(
            "line 1: \"%s\"; a descriptor starts with \"# Disk DescriptorFile\""
                .formatted(VmdkFormatException.shown(line)));
      }
      try {
        lines.add(line, number);
      } catch (VmdkFormatException e) {
        throw e.in("line " + number);
      }
    }
    return lines.build();
  }

  /** What was read so far. */
  private static final class Lines {
    private record Value(String text, int line) {}

    private final Map<String, Value> header = new LinkedHashMap<>();
    private final Map<String, String> database = new LinkedHashMap<>();
    private final List<ExtentLine> extents = new ArrayList<>();

    void add(String line, int number) {
      if (line.isEmpty() || line.startsWith("#")) {
        return;
      }
      if (ExtentLine.isMeant(line)) {
        if (extents.size() == MAX_EXTENTS) {
          throw new VmdkFormatException("more than " + MAX_EXTENTS + " extents");
        }
        extents.add(ExtentLine.parse(line));
        return;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        throw new VmdkFormatException(
            "not a line of a disk descriptor: %s; allowed: KEY=VALUE, an extent, a # comment"
                .formatted(VmdkFormatException.shown(line)));
      }
      put(entry.group(1), entry.group(2) == null ? entry.group(3).strip() : entry.group(2), number);
    }

    private void put(String key, String value, int number) {
      boolean taken;
      if (key.startsWith(DATABASE)) {
        taken = database.putIfAbsent(key.substring(DATABASE.length()), value) != null;
      } else {
        taken = header.putIfAbsent(key, new Value(value, number)) != null;
      }
      if (taken) {
        throw new VmdkFormatException(key + " a second time; allowed: once");
      }
      if (header.size() + database.size() > MAX_ENTRIES) {
        throw new VmdkFormatException("more than " + MAX_ENTRIES + " entries");
      }
    }

    DescriptorText build() {
      checkVersion();
      CreateType createType = at("createType", CreateType::ofWord);
      int contentId = at("CID", DescriptorText::contentId);
      int parentContentId =
          header.containsKey("parentCID")
              ? at("parentCID", DescriptorText::contentId)
              : DiskDescriptor.NO_PARENT;
      Optional<String> parent = parentHint();
      if (parent.isPresent() == (parentContentId == DiskDescriptor.NO_PARENT)) {
        throw new VmdkFormatException(
            parent.isPresent()
                ? "parentFileNameHint \"%s\" without a parentCID; allowed: both or neither"
                    .formatted(VmdkFormatException.shown(parent.get()))
                : "parentCID %08x without a parentFileNameHint; allowed: both or neither (parentCID=ffffffff)"
                    .formatted(parentContentId));
      }
      checkExtents(createType);
      return new DescriptorText(
          createType,
          isNativeSnapshot(),
          contentId,
          parentContentId,
          parent,
          extents,
          fileName("changeTrackPath"),
          database);
    }

    private void checkVersion() {
      Value version = header.get("version");
      if (version == null || !version.text().matches("[123]")) {
        throw new VmdkFormatException(
            version == null
                ? "no version; allowed: version=1, 2 or 3"
                : "line %d: version=%s; allowed: 1, 2 or 3"
                    .formatted(version.line(), VmdkFormatException.shown(version.text())));
      }
    }

    private <T> T at(String key, Function<String, T> reading) {
      Value value = header.get(key);
      if (value == null) {
        throw new VmdkFormatException("no " + key);
      }
      try {
        return reading.apply(value.text());
      } catch (VmdkFormatException e) {
        throw e.in("line " + value.line());
      }
    }

    private Optional<String> parentHint() {
      if (!header.containsKey("parentFileNameHint")) {
        return Optional.empty();
      }
      return Optional.of(
          at(
              "parentFileNameHint",
              path -> {
                ExtentLine.checkRelativePath("parentFileNameHint", path);
                return path;
              }));
    }

    private boolean isNativeSnapshot() {
      Value value = header.get("isNativeSnapshot");
      if (value != null && !value.text().equals("yes") && !value.text().equals("no")) {
        throw new VmdkFormatException(
            "line %d: isNativeSnapshot=\"%s\"; allowed: yes or no"
                .formatted(value.line(), VmdkFormatException.shown(value.text())));
      }
      return value != null && value.text().equals("yes");
    }

    private Optional<String> fileName(String key) {
      if (!header.containsKey(key)) {
        return Optional.empty();
      }
      return Optional.of(
          at(
              key,
              name -> {
                ExtentLine.checkFileName(key, name);
                return name;
              }));
    }

    private void checkExtents(CreateType createType) {
      if (extents.isEmpty()) {
        throw new VmdkFormatException("no extent; allowed: 1 to " + MAX_EXTENTS);
      }
      long sectors = 0;
      for (ExtentLine extent : extents) {
        if (!createType.admits(extent.type())) {
          throw new VmdkFormatException(
              "an extent of type %s in a disk of createType \"%s\""
                  .formatted(extent.type().keyword(), createType.word()));
        }
        sectors += extent.sectors();
      }
      if (sectors > ExtentLine.MAX_SECTORS) {
        throw new VmdkFormatException(
            "%d sectors in all extents; allowed: at most %d (62 TiB)"
                .formatted(sectors, ExtentLine.MAX_SECTORS));
      }
    }
  }

  private static int contentId(String hex) {
    if (!hex.matches("[0-9a-fA-F]{1,8}")) {
      throw new VmdkFormatException(
          "not a content id: \"%s\"; allowed: 1 to 8 hexadecimal digits"
              .formatted(VmdkFormatException.shown(hex)));
    }
    return Integer.parseUnsignedInt(hex, 16);
  }
}
