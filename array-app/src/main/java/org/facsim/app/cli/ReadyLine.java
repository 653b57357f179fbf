/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.control.VolumeSpec;

/** The line that says where a running array answers. */
final class ReadyLine {
  private ReadyLine() {}

  /**
   * One JSON object without a line end, such as {@code
   * {"ready":true,"nfs":"127.0.0.1:2049","udp":"127.0.0.1:2049","volumes":["/datastore1"],"seed":7}};
   * with a port mapper of its own also {@code "portmap":"127.0.0.1:111"}, with HTTP {@code
   * "http":"127.0.0.1:8080"}, or {@code "http":"https://127.0.0.1:8080"} if it is encrypted: what
   * {@code --http} takes.
   *
   * @param isHttpEncrypted whether HTTP is only spoken over TLS
   */
  static String of(FacsimArray array, long seed, boolean isHttpEncrypted) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeBooleanField("ready", true);
      json.writeStringField("nfs", FacsimArray.hostAndPort(array.nfsAddress()));
      json.writeStringField("udp", FacsimArray.hostAndPort(array.udpAddress()));
      if (array.portmapAddress().isPresent()) {
        json.writeStringField("portmap", FacsimArray.hostAndPort(array.portmapAddress().get()));
      }
      if (array.managementAddress().isPresent()) {
        String door = FacsimArray.hostAndPort(array.managementAddress().get());
        json.writeStringField("http", isHttpEncrypted ? "https://" + door : door);
      }
      json.writeArrayFieldStart("volumes");
      for (VolumeSpec volume : array.volumes()) {
        json.writeString(volume.exportPath());
      }
      json.writeEndArray();
      json.writeNumberField("seed", seed);
      json.writeEndObject();
    }
    return line.toString();
  }
}
