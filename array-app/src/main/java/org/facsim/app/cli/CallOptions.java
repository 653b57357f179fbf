/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which calls of the journal are meant; all options together. */
final class CallOptions {
  @Option(
      names = "--door",
      paramLabel = "DOOR",
      description = "NFS, MOUNT, NLM, NSM, PORTMAP, VAAI, OPENSDS, HTTP or UNKNOWN.")
  private String door;

  @Option(
      names = "--procedure",
      paramLabel = "NAME",
      description = "As its protocol calls it, for example WRITE; 'METHOD PATH' over HTTP.")
  private String procedure;

  @Option(
      names = "--path",
      paramLabel = "GLOB",
      description = {
        "The path that the file had then, for example '/datastore1/vm/**' or"
            + " '/datastore1/**/*-flat.vmdk'."
      })
  private String path;

  @Option(names = "--volume", paramLabel = "NAME", description = "Of this volume.")
  private String volume;

  @Option(
      names = "--client",
      paramLabel = "ADDRESS",
      description = "From this address, or from a range such as 10.0.0.0/8.")
  private String client;

  @Option(names = "--user", paramLabel = "UID", description = "For this user, after squashing.")
  private String user;

  @Option(
      names = "--status",
      paramLabel = "NAME",
      description = "Answered so, by the door's name, for example OK or JUKEBOX.")
  private String status;

  @Option(
      names = "--fault",
      paramLabel = "LABEL",
      description = "With this fault applied; 'any' or 'none' of them.")
  private String fault;

  @Option(names = "--xid", paramLabel = "XID", description = "In decimal, or 0x and hexadecimal.")
  private String xid;

  @Option(
      names = "--connection",
      paramLabel = "NUMBER",
      description = "On this connection, by the number that the journal gives it.")
  private String connection;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = {
        "UNDER_WAY, ANSWERED, ANSWERED_FROM_MEMORY (a retransmission), REPLY_LOST or"
            + " NOT_ANSWERED."
      })
  private String outcome;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "That arrived then or later: 5s ago, or 2026-11-30T12:00:00Z.")
  private String since;

  @Option(names = "--until", paramLabel = "TIME", description = "That arrived before.")
  private String until;

  @Option(
      names = "--min-duration",
      paramLabel = "TIME",
      description = "That took at least so long, for example 20ms.")
  private String minDuration;

  /** What was given, by the names that HTTP has. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, "door", door);
    put(given, "procedure", procedure);
    put(given, "path", path);
    put(given, "volume", volume);
    put(given, "client", client);
    put(given, "user", user);
    put(given, "status", status);
    put(given, "fault", fault);
    put(given, "xid", xid);
    put(given, "connection", connection);
    put(given, "outcome", outcome);
    put(given, "since", since);
    put(given, "until", until);
    put(given, "min-duration", minDuration);
    return given;
  }

  private static void put(Map<String, String> given, String name, String value) {
    if (value != null) {
      given.put(name, value);
    }
  }

  /** The same as parameters of a request, each with an ampersand before it. */
  String parameters() {
    List<String> parameters = new ArrayList<>();
    given()
        .forEach(
            (name, value) -> parameters.add("&" + name + "=" + ManagementClient.segment(value)));
    return String.join("", parameters);
  }
}
