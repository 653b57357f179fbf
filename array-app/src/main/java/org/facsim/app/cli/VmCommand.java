/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.facsim.services.units.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the virtual machines of a running array. */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows the virtual machines of a running array as the console of an array groups files: a"
          + " directory with a .vmx or .vmdk file.",
      ""
    },
    footer = {"", "Example: facsim vm show datastore1/sql01"})
final class VmCommand extends CommandGroup {
  private static final String VMS = "/api/v1/vms";
  private static final double MICROS = 1e3;
  private static final double MEGA = 1e6;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists them with what they use, and what clients move of them.")
  int list(
      @Mixin HttpAddress http,
      @Mixin ShownAnswer shown,
      @Option(names = "--volume", paramLabel = "NAME", description = "Only those of a volume.")
          String volume,
      @Option(
              names = "--sort",
              paramLabel = "KEY",
              defaultValue = "-usedBytes",
              description = {
                "By what; a minus before it for the largest first. Default: ${DEFAULT-VALUE}"
              })
          String sort,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "1000",
              description = "The most lines. Default: ${DEFAULT-VALUE}")
          int limit)
      throws CommandFailedException, InterruptedException {
    String path =
        VMS
            + "?limit="
            + limit
            + "&sort="
            + query(sort)
            + (volume == null ? "" : "&volume=" + query(volume));
    return shown.show(http.client(), path, spec().commandLine().getOut(), VmCommand::table);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one with its files, its disks as a tree, and the array's snapshots.")
  int show(
      @Mixin HttpAddress http,
      @Mixin ShownAnswer shown,
      @Parameters(paramLabel = "VOLUME/PATH", description = "As the list has it.") String vm)
      throws CommandFailedException, InterruptedException {
    return shown.show(http.client(), path(vm), spec().commandLine().getOut(), VmCommand::details);
  }

  private static String path(String vm) {
    StringBuilder path = new StringBuilder(VMS);
    for (String name : vm.split("/", -1)) {
      path.append('/').append(ManagementClient.segment(name));
    }
    return vm.contains("/") ? path.toString() : path + "/";
  }

  private static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void table(JsonNode answer, PrintWriter out) {
    if (answer.path("items").isEmpty()) {
      out.println("the array has no virtual machine");
      return;
    }
    TextTable table =
        new TextTable(
            1,
            "VM",
            "USED",
            "PROVISIONED",
            "UNIQUE",
            "SHARED",
            "LIVE",
            "REDO LOGS",
            "SNAPSHOTS",
            "IOPS",
            "MB/S",
            "LATENCY");
    answer.path("items").forEach(vm -> row(table, vm));
    table.print(out);
    int more = answer.path("matched").asInt() - answer.path("items").size();
    if (more > 0) {
      out.println("and " + more + " more; --limit shows them");
    }
  }

  private static void row(TextTable table, JsonNode vm) {
    JsonNode space = vm.path("space");
    JsonNode rates = vm.path("rates");
    table.add(
        vm.path("id").asText(),
        size(space, "usedBytes"),
        size(space, "provisionedBytes"),
        size(space, "uniqueBytes"),
        size(space, "sharedBytes"),
        size(space, "liveBytes"),
        size(space, "hypervisorSnapshotBytes"),
        size(space, "arraySnapshotBytes"),
        number(rates.path("readOps").asDouble() + rates.path("writeOps").asDouble()),
        number((rates.path("readBytes").asDouble() + rates.path("writeBytes").asDouble()) / MEGA),
        number(rates.path("latencyNanos").asDouble() / MICROS) + " us");
  }

  private static void details(JsonNode answer, PrintWriter out) {
    TextTable table = new TextTable(2, "FILE", "KIND", "SIZE", "MAPPED", "EXCLUSIVE");
    answer
        .path("files")
        .forEach(
            file ->
                table.add(
                    file.path("name").asText(),
                    file.path("kind").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
                    size(file, "sizeBytes"),
                    size(file.path("space"), "referencedBytes"),
                    size(file.path("space"), "exclusiveBytes")));
    table.print(out);
    tree("disks", answer.path("disks"), "path", out);
    tree("snapshots of the array", answer.path("snapshots"), "name", out);
    JsonNode parent = answer.path("vm").path("parent");
    if (!parent.isMissingNode()) {
      out.println(
          "cloned from "
              + parent.path("volume").asText()
              + "/"
              + parent.path("path").asText()
              + " by way of snapshot "
              + parent.path("snapshot").asText());
    }
  }

  private static void tree(String title, JsonNode roots, String label, PrintWriter out) {
    if (!roots.isEmpty()) {
      out.println(title + ":");
      roots.forEach(root -> branch(root, label, "  ", out));
    }
  }

  private static void branch(JsonNode node, String label, String indent, PrintWriter out) {
    String problem = node.path("problem").asText();
    out.println(
        indent + node.path(label).asText() + (problem.isEmpty() ? "" : "  (" + problem + ")"));
    node.path("clones").forEach(clone -> out.println(indent + "  clone: " + clone.asText()));
    node.path("children").forEach(child -> branch(child, label, indent + "  ", out));
  }

  private static String size(JsonNode of, String field) {
    return ByteSize.format(of.path(field).asLong());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
