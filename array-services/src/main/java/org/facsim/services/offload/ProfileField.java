/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.facsim.services.offload.ArrayProfile.AcrossNodes;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.offload.ArrayProfile.Unmap;
import org.facsim.services.offload.ArrayProfile.WhenBusy;

/** The fields of a profile as files and people write them: a key, and a value as text. */
public enum ProfileField {
  AVAILABILITY(
      oneOf(Availability.class),
      p -> text(p.availability()),
      (draft, value) -> draft.availability(parse(Availability.class, value))),
  FULL_CLONE(
      oneOf(FullClone.class),
      p -> text(p.fullClone()),
      (draft, value) -> draft.fullClone(parse(FullClone.class, value))),
  FAST_CLONE(
      "true, false",
      p -> Boolean.toString(p.fastClone()),
      (draft, value) -> draft.fastClone(parseBoolean(value))),
  ACROSS_VOLUMES(
      oneOf(AcrossVolumes.class),
      p -> text(p.acrossVolumes()),
      (draft, value) -> draft.acrossVolumes(parse(AcrossVolumes.class, value))),
  COPY_BYTES_PER_SECOND(
      "0 (no limit) to " + ArrayProfile.MAX_COPY_BYTES_PER_SECOND,
      p -> Long.toString(p.copyBytesPerSecond()),
      (draft, value) ->
          draft.copyBytesPerSecond(parseNumber(value, ArrayProfile.MAX_COPY_BYTES_PER_SECOND))),
  THICK_DESTINATIONS(
      "true, false",
      p -> Boolean.toString(p.thickDestinations()),
      (draft, value) -> draft.thickDestinations(parseBoolean(value))),
  CLONING_SNAPSHOTS(
      "true, false",
      p -> Boolean.toString(p.cloningSnapshots()),
      (draft, value) -> draft.cloningSnapshots(parseBoolean(value))),
  MAX_CLONE_DEPTH(
      "0 (no limit) to " + ArrayProfile.MAX_DEPTH,
      p -> Integer.toString(p.maxCloneDepth()),
      (draft, value) -> draft.maxCloneDepth((int) parseNumber(value, ArrayProfile.MAX_DEPTH))),
  MAX_CONCURRENT_CLONES(
      "0 (no limit) to " + ArrayProfile.MAX_CLONES,
      p -> Integer.toString(p.maxConcurrentClones()),
      (draft, value) ->
          draft.maxConcurrentClones((int) parseNumber(value, ArrayProfile.MAX_CLONES))),
  MAX_QUEUED_CLONES(
      "0 to " + ArrayProfile.MAX_CLONES,
      p -> Integer.toString(p.maxQueuedClones()),
      (draft, value) -> draft.maxQueuedClones((int) parseNumber(value, ArrayProfile.MAX_CLONES))),
  WHEN_BUSY(
      oneOf(WhenBusy.class),
      p -> text(p.whenBusy()),
      (draft, value) -> draft.whenBusy(parse(WhenBusy.class, value))),
  RESERVE_SPACE(
      oneOf(Reserve.class),
      p -> text(p.reserveSpace()),
      (draft, value) -> draft.reserveSpace(parse(Reserve.class, value))),
  EXTENDED_STATISTICS(
      oneOf(Statistics.class),
      p -> text(p.extendedStatistics()),
      (draft, value) -> draft.extendedStatistics(parse(Statistics.class, value))),
  UNMAP(
      oneOf(Unmap.class),
      p -> text(p.unmap()),
      (draft, value) -> draft.unmap(parse(Unmap.class, value))),
  UNMAP_GRANULARITY_BYTES(
      "powers of two from "
          + ArrayProfile.MIN_UNMAP_GRANULARITY_BYTES
          + " to "
          + ArrayProfile.MAX_UNMAP_GRANULARITY_BYTES,
      p -> Long.toString(p.unmapGranularityBytes()),
      (draft, value) -> draft.unmapGranularityBytes(parseGranularity(value))),
  NODE(
      "1 to " + ArrayProfile.MAX_NODE,
      p -> Integer.toString(p.node()),
      (draft, value) -> draft.node(parseNode(value))),
  ACROSS_NODES(
      oneOf(AcrossNodes.class),
      p -> text(p.acrossNodes()),
      (draft, value) -> draft.acrossNodes(parse(AcrossNodes.class, value))),
  DIALECTS(
      "a list, perhaps empty, of "
          + Dialect.ofVaai().stream().map(Dialect::label).collect(Collectors.joining(", ")),
      p ->
          p.dialects().stream()
              .sorted()
              .map(Dialect::label)
              .collect(Collectors.joining(", ", "[", "]")),
      (draft, value) -> draft.dialects(parseDialects(value)));

  private final String allowed;

  @SuppressWarnings("ImmutableEnumChecker") // without state
  private final Function<ArrayProfile, String> reader;

  @SuppressWarnings("ImmutableEnumChecker") // without state
  private final Setter setter;

  private interface Setter {
    ProfileDraft set(ProfileDraft draft, String value);
  }

  ProfileField(String allowed, Function<ArrayProfile, String> reader, Setter setter) {
    this.allowed = allowed;
    this.reader = reader;
    this.setter = setter;
  }

  /** The key in a file, for example {@code full-clone}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kinds of values, for formats that distinguish numbers from texts. */
  public enum Kind {
    /** One word of a given set. */
    WORD,
    /** True or false. */
    FLAG,
    NUMBER,
    /** A number of bytes; doors take sizes such as {@code 200MiB}, too. */
    BYTES,
    /** Any number of words of a given set. */
    LIST
  }

  /** The kind of its values. */
  public Kind kind() {
    return switch (this) {
      case AVAILABILITY,
          FULL_CLONE,
          ACROSS_VOLUMES,
          WHEN_BUSY,
          RESERVE_SPACE,
          EXTENDED_STATISTICS,
          UNMAP,
          ACROSS_NODES ->
          Kind.WORD;
      case FAST_CLONE, THICK_DESTINATIONS, CLONING_SNAPSHOTS -> Kind.FLAG;
      case MAX_CLONE_DEPTH, MAX_CONCURRENT_CLONES, MAX_QUEUED_CLONES, NODE -> Kind.NUMBER;
      case COPY_BYTES_PER_SECOND, UNMAP_GRANULARITY_BYTES -> Kind.BYTES;
      case DIALECTS -> Kind.LIST;
    };
  }

  /** What may be written, in words for people. */
  public String allowed() {
    return allowed;
  }

  /** The value that a profile has in this field, as {@link #set} takes it. */
  public String of(ArrayProfile profile) {
    return reader.apply(profile);
  }

  /**
   * Sets the field of a draft.
   *
   * @throws IllegalArgumentException naming the field, the value and what is allowed
   */
  public void set(ProfileDraft draft, String value) {
    try {
      setter.set(draft, value);
    } catch (NotAllowed e) {
      throw new IllegalArgumentException(key() + ": '" + value + "'; allowed: " + allowed, e);
    }
  }

  public static Optional<ProfileField> ofKey(String key) {
    return Arrays.stream(values()).filter(field -> field.key().equals(key)).findFirst();
  }

  private static final class NotAllowed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAllowed() {
      super(null, null, false, false);
    }
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> String oneOf(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(ProfileField::text)
        .collect(Collectors.joining(", "));
  }

  private static <E extends Enum<E>> E parse(Class<E> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> text(each).equals(value))
        .findFirst()
        .orElseThrow(NotAllowed::new);
  }

  private static boolean parseBoolean(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new NotAllowed();
    };
  }

  private static long parseNumber(String value, long highest) {
    if (!value.matches("\\d{1,18}") || Long.parseLong(value) > highest) {
      throw new NotAllowed();
    }
    return Long.parseLong(value);
  }

  private static long parseGranularity(String value) {
    long bytes = parseNumber(value, ArrayProfile.MAX_UNMAP_GRANULARITY_BYTES);
    if (bytes < ArrayProfile.MIN_UNMAP_GRANULARITY_BYTES || Long.bitCount(bytes) != 1) {
      throw new NotAllowed();
    }
    return bytes;
  }

  private static int parseNode(String value) {
    int node = (int) parseNumber(value, ArrayProfile.MAX_NODE);
    if (node == 0) {
      throw new NotAllowed();
    }
    return node;
  }

  private static Set<Dialect> parseDialects(String list) {
    String inner =
        list.startsWith("[") && list.endsWith("]") ? list.substring(1, list.length() - 1) : list;
    Set<Dialect> found = EnumSet.noneOf(Dialect.class);
    for (String label : inner.split(",", -1)) {
      String wanted = label.strip();
      if (!wanted.isEmpty() || !inner.isBlank()) {
        found.add(
            Dialect.ofVaai().stream()
                .filter(dialect -> dialect.label().equals(wanted))
                .findFirst()
                .orElseThrow(NotAllowed::new));
      }
    }
    return found;
  }
}
