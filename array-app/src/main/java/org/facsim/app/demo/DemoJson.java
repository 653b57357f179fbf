/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.facsim.app.scenario.ModelledTime;
import org.facsim.app.why.CloneWhyJson;

/** The demo's result for programs: one JSON object on one line. */
public final class DemoJson {
  private DemoJson() {}

  /** The object, without a line end. */
  public static String of(DemoOptions options, List<CaseResult> results) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("diskSizeBytes", options.diskSizeBytes());
      json.writeArrayFieldStart("cases");
      for (CaseResult result : results) {
        writeCase(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void writeCase(JsonGenerator json, CaseResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", result.name());
    json.writeStringField("guest", result.guest());
    json.writeBooleanField("poweredOn", result.poweredOn());
    json.writeStringField("quiescing", result.quiescing());
    json.writeNumberField("redoLogsPerDisk", result.redoLogsPerDisk());
    json.writeStringField("clonedBy", result.clonedBy());
    json.writeStringField("reason", result.reason());
    json.writeNumberField("nfsReadBytes", result.nfsReadBytes());
    json.writeNumberField("nfsWriteBytesToDestination", result.nfsWriteBytesToDestination());
    json.writeNumberField("sourceUsedBytes", result.sourceUsedBytes());
    json.writeNumberField("cloneUsedBytes", result.cloneUsedBytes());
    json.writeNumberField("addedPhysicalBytes", result.addedPhysicalBytes());
    json.writeNumberField("elapsedMillis", result.elapsedMillis());
    json.writeObjectFieldStart("modelledMicros");
    for (ModelledTime network : ModelledTime.NETWORKS) {
      json.writeNumberField(network.network(), network.micros(result.work()));
    }
    json.writeEndObject();
    json.writeNumberField("contentsVerifiedBytes", result.contentsVerifiedBytes());
    json.writeBooleanField("asExpected", result.asExpected());
    json.writeFieldName("why");
    CloneWhyJson.write(json, result.why());
    json.writeEndObject();
  }
}
