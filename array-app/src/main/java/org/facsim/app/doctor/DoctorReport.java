/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What the doctor found on one datastore.
 *
 * @param server {@code host:port}
 * @param findings one for each check, in their order
 */
public record DoctorReport(String server, String export, String host, List<Finding> findings) {
  private static final String INDENT = "        ";

  public DoctorReport {
    Objects.requireNonNull(server);
    Objects.requireNonNull(export);
    Objects.requireNonNull(host);
    findings = List.copyOf(findings);
  }

  /** The worst verdict. What could not be looked at fails with what was in the way. */
  public Verdict verdict() {
    return findings.stream()
        .map(Finding::verdict)
        .filter(verdict -> verdict != Verdict.SKIP)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.PASS);
  }

  private long count(Verdict verdict) {
    return findings.stream().filter(each -> each.verdict() == verdict).count();
  }

  /** For people, line by line. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%s%s, seen as %s".formatted(server, export, host));
    for (Finding each : findings) {
      lines.add(String.format(Locale.ROOT, "%-6s  %s", each.verdict(), each.check().words()));
      each.evidence().forEach(line -> lines.add(INDENT + line));
      if (each.verdict() == Verdict.WARN || each.verdict() == Verdict.FAIL) {
        lines.add(INDENT + "to change: " + each.check().remedy());
      }
    }
    lines.add(
        "%d pass, %d warn, %d fail, %d not looked at"
            .formatted(
                count(Verdict.PASS),
                count(Verdict.WARN),
                count(Verdict.FAIL),
                count(Verdict.SKIP)));
    return lines;
  }

  /** For programs: one object on one line. */
  public static String json(List<DoctorReport> reports) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("datastores");
      for (DoctorReport report : reports) {
        report.write(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("server", server);
    json.writeStringField("export", export);
    json.writeStringField("host", host);
    json.writeStringField("verdict", verdict().name());
    json.writeArrayFieldStart("checks");
    for (Finding each : findings) {
      json.writeStartObject();
      json.writeStringField("check", each.check().label());
      json.writeStringField("verdict", each.verdict().name());
      json.writeStringField("words", each.check().words());
      json.writeArrayFieldStart("evidence");
      for (String line : each.evidence()) {
        json.writeString(line);
      }
      json.writeEndArray();
      json.writeStringField("toChange", each.check().remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
