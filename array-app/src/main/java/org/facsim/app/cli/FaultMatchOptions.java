/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Option;

/** Which calls a fault rule is for. The array checks what the values say. */
final class FaultMatchOptions {
  private static final String NAMES = "NAME";

  @Option(
      names = "--door",
      paramLabel = NAMES,
      split = ",",
      description = {
        "Which calls: of this door, several with commas: nfs, mount, nlm, nsm, portmap, vaai, opensds,"
            + " http, unknown. All but http if not given."
      })
  private List<String> doors;

  @Option(
      names = "--procedure",
      paramLabel = NAMES,
      split = ",",
      description =
          "Of this procedure, several with commas: as the door calls it, such as WRITE; over HTTP"
              + " such as 'GET /api/v1/volumes/*'.")
  private List<String> procedures;

  @Option(names = "--volume", paramLabel = NAMES, description = "About a file of this volume.")
  private String volume;

  @Option(
      names = "--path",
      paramLabel = "GLOB",
      description =
          "About a file with such a path: * is any text in a name, ? a character, ** any number of"
              + " names.")
  private String path;

  @Option(names = "--handle", paramLabel = "HEX", description = "About the file of this handle.")
  private String handle;

  @Option(
      names = "--client",
      paramLabel = "ADDRESS",
      description = "From there: 10.0.0.7, 10.0.0.0/8, 10.0.0.7:800.")
  private String client;

  @Option(
      names = "--user",
      paramLabel = "UID",
      description = "Made for this user, as it was sent, before squashing.")
  private Long uid;

  @Option(
      names = "--host",
      paramLabel = NAMES,
      description = "From the host that gives itself this name in its credential.")
  private String host;

  @Option(
      names = "--after-door",
      paramLabel = NAMES,
      split = ",",
      description = "Only after a call of this door has come.")
  private List<String> afterDoors;

  @Option(
      names = "--after-procedure",
      paramLabel = NAMES,
      split = ",",
      description = "Only after a call of this procedure has come.")
  private List<String> afterProcedures;

  @Option(
      names = "--after-path",
      paramLabel = "GLOB",
      description = "Only after a call about such a file has come.")
  private String afterPath;

  @Option(
      names = "--same",
      paramLabel = "WHAT",
      description = {
        "What both calls have in common: client, connection, file, or nothing, which is the default."
      })
  private String same;

  ObjectNode toJson() {
    ObjectNode match = JsonNodeFactory.instance.objectNode();
    putNames(match, "doors", doors);
    putNames(match, "procedures", procedures);
    put(match, "volume", volume);
    put(match, "path", path);
    put(match, "handle", handle);
    put(match, "client", client);
    put(match, "host", host);
    if (uid != null) {
      match.put("uid", uid);
    }
    ObjectNode earlier = JsonNodeFactory.instance.objectNode();
    putNames(earlier, "doors", afterDoors);
    putNames(earlier, "procedures", afterProcedures);
    put(earlier, "path", afterPath);
    if (!earlier.isEmpty() || same != null) {
      ObjectNode after = match.putObject("after");
      after.set("match", earlier);
      put(after, "same", same);
    }
    return match;
  }

  static void put(ObjectNode into, String field, String value) {
    if (value != null) {
      into.put(field, value);
    }
  }

  private static void putNames(ObjectNode into, String field, List<String> names) {
    if (names != null) {
      names.forEach(into.putArray(field)::add);
    }
  }
}
