/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.array.SystemFailure;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.ProfileDraft;
import org.facsim.services.offload.ProfileField;
import org.facsim.services.units.ByteSize;

/**
 * Array profiles as YAML: a flat mapping with the keys of {@link ProfileField}, {@code name},
 * {@code description} and {@code like}. The last names a profile from which all other values are
 * taken.
 *
 * <pre>
 * name: our-array
 * like: copying
 * copy-bytes-per-second: 350MiB
 * max-concurrent-clones: 8
 * </pre>
 */
public final class ProfileFile {
  /** The largest file that is read. */
  static final int MAX_BYTES = 64 << 10;

  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";
  private static final String LIKE = "like";

  private ProfileFile() {}

  /**
   * The profile that a word on the command line stands for: a named one, or a file.
   *
   * @throws IllegalArgumentException names what is wrong and what is allowed
   */
  public static ArrayProfile find(String nameOrFile) {
    Optional<ArrayProfile> named = NamedProfiles.find(nameOrFile);
    if (named.isPresent()) {
      return named.get();
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "'" + nameOrFile + "' is no profile and no file; allowed: a YAML file, or " + names());
    }
    return read(file);
  }

  private static String names() {
    return NamedProfiles.all().stream().map(ArrayProfile::name).collect(Collectors.joining(", "));
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException names file, line, field, value and what is allowed
   */
  public static ArrayProfile read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            file + ": " + Files.size(file) + " bytes; allowed: " + MAX_BYTES);
      }
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read " + file + ": " + SystemFailure.inWords(e), e);
    }
  }

  /** One line of the mapping. */
  private record Entry(String key, String value, int line) {}

  static ArrayProfile parse(String yaml, String where) {
    List<Entry> entries = entries(yaml, where);
    ArrayProfile base = NamedProfiles.SHARING;
    for (Entry entry : entries) {
      if (entry.key.equals(LIKE)) {
        base =
            NamedProfiles.find(entry.value)
                .orElseThrow(
                    () ->
                        wrong(where, entry, LIKE + ": '" + entry.value + "'; allowed: " + names()));
      }
    }
    String name = valueOf(entries, NAME).orElseThrow(() -> nameless(where));
    ProfileDraft draft =
        base.draft().named(name, valueOf(entries, DESCRIPTION).orElse(base.description()));
    for (Entry entry : entries) {
      set(draft, entry, where);
    }
    try {
      return draft.freeze();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> valueOf(List<Entry> entries, String key) {
    return entries.stream()
        .filter(entry -> entry.key.equals(key) && !entry.value.isBlank())
        .map(Entry::value)
        .findFirst();
  }

  private static IllegalArgumentException nameless(String where) {
    return new IllegalArgumentException(where + ": name: missing; allowed: any text");
  }

  private static void set(ProfileDraft draft, Entry entry, String where) {
    if (List.of(NAME, DESCRIPTION, LIKE).contains(entry.key)) {
      return;
    }
    ProfileField field =
        ProfileField.ofKey(entry.key)
            .orElseThrow(
                () -> wrong(where, entry, "'" + entry.key + "' is no field; allowed: " + keys()));
    try {
      field.set(draft, field.kind() == ProfileField.Kind.BYTES ? bytes(entry) : entry.value);
    } catch (IllegalArgumentException e) {
      throw wrong(where, entry, e.getMessage());
    }
  }

  private static String bytes(Entry entry) {
    return entry.value.matches("\\d+") ? entry.value : Long.toString(ByteSize.parse(entry.value));
  }

  private static String keys() {
    List<String> keys = new ArrayList<>(List.of(NAME, DESCRIPTION, LIKE));
    Arrays.stream(ProfileField.values()).map(ProfileField::key).forEach(keys::add);
    return String.join(", ", keys);
  }

  private static IllegalArgumentException wrong(String where, Entry entry, String what) {
    return new IllegalArgumentException(where + ", line " + entry.line + ": " + what);
  }

  private static List<Entry> entries(String yaml, String where) {
    List<Entry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(
            where + ": no mapping; allowed: lines of 'key: value' with the keys " + keys());
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        int line = parser.currentLocation().getLineNr();
        parser.nextToken();
        Entry entry = new Entry(key, value(parser, where, key, line), line);
        if (!seen.add(key)) {
          throw wrong(where, entry, key + ": is there twice; allowed: once");
        }
        entries.add(entry);
      }
      return entries;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new IllegalArgumentException(
          where + (at == null ? "" : ", line " + at.getLineNr()) + ": " + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + where + ": " + e.getMessage(), e);
    }
  }

  /** A scalar, or a list of scalars as {@code [a, b]}. */
  private static String value(JsonParser parser, String where, String key, int line)
      throws IOException {
    if (parser.currentToken().isScalarValue()) {
      return parser.getText();
    }
    List<String> elements = new ArrayList<>();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (!parser.currentToken().isScalarValue()) {
          throw nested(where, key, line);
        }
        elements.add(parser.getText());
      }
      return "[" + String.join(", ", elements) + "]";
    }
    throw nested(where, key, line);
  }

  private static IllegalArgumentException nested(String where, String key, int line) {
    return wrong(
        where,
        new Entry(key, "", line),
        key + ": a mapping within; allowed: one value, or a list of values");
  }
}
