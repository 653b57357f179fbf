/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.why;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.facsim.hypervisor.clone.CloneSituation;
import org.facsim.hypervisor.clone.HostExplanation;
import org.facsim.hypervisor.clone.RuleFinding;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiesceRequirement;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Finding;
import org.facsim.services.explain.Precondition;

/** Both halves of an answer for programs: {@code {"host": ..., "array": ..., "advice": [...]}}. */
public final class CloneWhyJson {
  private final JsonGenerator json;

  private CloneWhyJson(JsonGenerator json) {
    this.json = json;
  }

  /** The object as text. */
  public static String of(CloneWhy why) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      write(json, why);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes the object as a value; a half that is not there is null. */
  public static void write(JsonGenerator json, CloneWhy why) throws IOException {
    CloneWhyJson writer = new CloneWhyJson(json);
    json.writeStartObject();
    json.writeFieldName("host");
    if (why.host().isPresent()) {
      writer.host(why.host().get());
    } else {
      json.writeNull();
    }
    json.writeFieldName("array");
    if (why.array().isPresent()) {
      writer.array(why.array().get());
    } else {
      json.writeNull();
    }
    writer.texts("advice", why.advice());
    json.writeEndObject();
  }

  private void host(HostExplanation host) throws IOException {
    json.writeStartObject();
    json.writeStringField("host", host.host());
    json.writeStringField("task", host.task());
    json.writeStringField("source", host.source());
    json.writeStringField("guest", host.guest());
    json.writeBooleanField("offloaded", host.isOffloaded());
    json.writeStringField("clonedBy", host.clonedBy().label());
    json.writeStringField("headline", host.headline());
    situation(host.situation());
    json.writeArrayFieldStart("rules");
    for (RuleFinding each : host.decision().findings()) {
      finding(each.rule().label(), each.judgement().words(), each.rule().words(), each.evidence());
    }
    json.writeEndArray();
    json.writeStringField("offloadFailure", host.offloadFailure().orElse(null));
    texts("files", host.clientPaths());
    json.writeNumberField("destinationWriteBytes", host.destinationData().writeBytes());
    json.writeEndObject();
  }

  private void situation(CloneSituation of) throws IOException {
    json.writeObjectFieldStart("situation");
    json.writeStringField("operation", label(of.operation()));
    json.writeBooleanField("poweredOn", of.poweredOn());
    quiescing(of.quiescing());
    json.writeArrayFieldStart("leftoverRedoLogs");
    for (int logs : of.leftoverRedoLogs()) {
      json.writeNumber(logs);
    }
    json.writeEndArray();
    json.writeStringField("placement", label(of.placement()));
    HardwareAcceleration can = of.acceleration();
    json.writeObjectFieldStart("hardwareAcceleration");
    json.writeStringField("unavailable", can.unavailable());
    json.writeBooleanField("shownAsSupported", can.shownAsSupported());
    json.writeBooleanField("fullFileClone", can.fullFileClone());
    json.writeBooleanField("cloneAcrossVolumes", can.cloneAcrossVolumes());
    json.writeEndObject();
    json.writeBooleanField("poweredOffOnly", of.poweredOffOnly());
    json.writeEndObject();
  }

  private void quiescing(QuiescePlan plan) throws IOException {
    json.writeObjectFieldStart("quiescing");
    json.writeStringField("level", plan.level().label());
    json.writeStringField("by", plan.by().label());
    json.writeNumberField("redoLogsPerDisk", plan.redoLogsPerDisk());
    json.writeStringField("reason", plan.reason());
    json.writeArrayFieldStart("requirements");
    for (QuiesceRequirement.Finding each : plan.requirements()) {
      finding(
          each.requirement().label(),
          each.isMet() ? "met" : "missing",
          each.requirement().words(),
          each.evidence());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void array(Explanation array) throws IOException {
    json.writeStartObject();
    json.writeStringField("subject", array.subject());
    json.writeStringField("outcome", array.outcome().label());
    json.writeBooleanField("offloaded", array.outcome().isOffloaded());
    json.writeStringField("headline", array.headline());
    json.writeStringField("status", array.status());
    json.writeStringField("firstFailed", array.firstFailed().map(Precondition::label).orElse(null));
    json.writeArrayFieldStart("preconditions");
    for (Finding each : array.preconditions()) {
      finding(
          each.precondition().label(),
          each.judgement().words(),
          each.precondition().words(),
          each.evidence());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void finding(String label, String judgement, String words, String evidence)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("rule", label);
    json.writeStringField("judgement", judgement);
    json.writeStringField("words", words);
    json.writeStringField("evidence", evidence);
    json.writeEndObject();
  }

  private void texts(String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
