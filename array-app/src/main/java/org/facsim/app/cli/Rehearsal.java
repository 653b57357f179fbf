/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does once what users do every day, in one JVM, so that the JVM can note which classes that takes:
 * the build makes the class archive from its notes (docs/adr/0046). What it prints goes nowhere.
 *
 * <p>It runs the demo, serves an array, and asks it with the commands of a client. A command that
 * fails makes the archive smaller and nothing else, so nothing is judged. Its argument is the file
 * that says that the server is ready.
 */
final class Rehearsal {
  private static final long READY_MILLIS = 30_000;
  private static final long LOOK_MILLIS = 20;

  private static final List<List<String>> QUESTIONS =
      List.of(
          List.of("stats"),
          List.of("state", "list"),
          List.of("state", "save", "rehearsal"),
          List.of("volume", "list"),
          List.of("export", "list"),
          List.of("snapshot", "list"),
          List.of("clone", "list"),
          List.of("vm", "list"),
          List.of("space"),
          List.of("locks"),
          List.of("events"),
          List.of("journal"),
          List.of("fault", "list"),
          List.of("profiles"),
          List.of("nonsense"));

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Main.begin("serve");
    Path ready = Path.of(arguments[0]);
    run("--version");
    run("--help");
    run("demo", "--disk-size", "1MiB");
    Thread server =
        new Thread(
            () ->
                run(
                    "serve",
                    "--volume",
                    "datastore1=1GiB",
                    "--nfs-port",
                    "0",
                    "--http-port",
                    "0",
                    "--journal",
                    "100",
                    "--ready-file",
                    ready.toString()),
            "rehearsal");
    server.setDaemon(true);
    server.start();
    long end = System.nanoTime() + READY_MILLIS * 1_000_000;
    while (!Files.exists(ready) && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
    if (Files.exists(ready)) {
      String http = new ObjectMapper().readTree(Files.readString(ready)).path("http").asText();
      for (List<String> question : QUESTIONS) {
        String[] withAddress = new String[question.size() + 2];
        question.toArray(withAddress);
        withAddress[question.size()] = "--http";
        withAddress[question.size() + 1] = http;
        run(withAddress);
      }
    }
    System.exit(0); // the server ends as on SIGTERM, and removes the file
  }

  private static void run(String... arguments) {
    PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), true, UTF_8);
    Main.run(nowhere, nowhere, arguments);
  }
}
