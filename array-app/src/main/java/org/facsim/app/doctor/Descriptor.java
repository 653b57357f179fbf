/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text descriptor of a disk says, as far as the doctor needs it. Lenient, because other
 * programs write them, too.
 *
 * @param extent the first extent's file; empty if there is none
 * @param extentType such as {@code VMFS}, {@code VMFSSPARSE}, {@code SESPARSE}
 * @param parent the parent's descriptor; empty for a base
 */
record Descriptor(
    String name,
    String extent,
    String extentType,
    long capacityBytes,
    Optional<String> parent,
    String contentId,
    String parentContentId,
    boolean isThin) {
  private static final Pattern EXTENT =
      Pattern.compile("(?m)^(?:RW|RDONLY) ([0-9]{1,15}) ([A-Z]+) \"([^\"]+)\"");
  private static final int SECTOR_BYTES = 512;

  /** Empty if the text is no descriptor. */
  static Optional<Descriptor> parse(String name, String text) {
    if (!text.stripLeading().startsWith("# Disk DescriptorFile")) {
      return Optional.empty();
    }
    Map<String, String> values = FileLook.dictionary(text);
    Matcher extent = EXTENT.matcher(text);
    boolean hasExtent = extent.find();
    return Optional.of(
        new Descriptor(
            name,
            hasExtent ? extent.group(3) : "",
            hasExtent ? extent.group(2) : "",
            hasExtent ? Long.parseLong(extent.group(1)) * SECTOR_BYTES : 0,
            Optional.ofNullable(values.get("parentFileNameHint")),
            values.getOrDefault("CID", ""),
            values.getOrDefault("parentCID", ""),
            "1".equals(values.get("ddb.thinProvisioned"))));
  }

  boolean isFlat() {
    return extentType.equals("VMFS") || extentType.equals("FLAT");
  }
}
