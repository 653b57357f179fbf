/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.facsim.services.access.NfsVersion;

/** The differences that are known and allowed: {@code allowed-differences.json}. */
final class AllowedDifferences {
  private static final String FILE = "allowed-differences.json";

  private final List<AllowedDifference> all;

  private AllowedDifferences(List<AllowedDifference> all) {
    this.all = List.copyOf(all);
  }

  /** Those that come with the program. */
  static AllowedDifferences shipped() {
    try (InputStream in = AllowedDifferences.class.getResourceAsStream(FILE)) {
      return of(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AllowedDifferences none() {
    return new AllowedDifferences(List.of());
  }

  static AllowedDifferences of(JsonNode file) {
    List<AllowedDifference> read = new ArrayList<>();
    for (JsonNode each : file) {
      read.add(
          new AllowedDifference(
              each.required("id").asText(),
              versions(each.path("versions")),
              acts(each.path("calls")),
              Pattern.compile(each.path("name").asText(".*"), Pattern.DOTALL),
              Pattern.compile(each.required("fact").asText()),
              Pattern.compile(each.path("here").asText(".*"), Pattern.DOTALL),
              Pattern.compile(each.path("there").asText(".*"), Pattern.DOTALL),
              each.required("source").asText(),
              each.required("sentence").asText(),
              each.required("why").asText()));
    }
    return new AllowedDifferences(read);
  }

  private static Set<NfsVersion> versions(JsonNode words) {
    Set<NfsVersion> versions = EnumSet.noneOf(NfsVersion.class);
    words.forEach(word -> versions.add(Versions.of(word.asText()).orElseThrow()));
    return versions;
  }

  private static Set<Act> acts(JsonNode words) {
    Set<Act> acts = EnumSet.noneOf(Act.class);
    words.forEach(word -> acts.add(Act.valueOf(word.asText().toUpperCase(Locale.ROOT))));
    return acts;
  }

  List<AllowedDifference> all() {
    return all;
  }

  Optional<AllowedDifference> of(NfsVersion version, Difference difference) {
    return all.stream().filter(each -> each.covers(version, difference)).findFirst();
  }
}
