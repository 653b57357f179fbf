/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.app.doctor.Doctor;
import org.facsim.app.doctor.DoctorReport;
import org.facsim.app.doctor.ServerPorts;
import org.facsim.app.doctor.Verdict;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.catalog.GuestFileException;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.protocol.net.IpAddresses;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code facsim doctor}: why would clones on a datastore not be offloaded? */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Looks at a datastore as a host would, and says PASS, WARN or FAIL for every precondition"
          + " that silently disables offload, with evidence and what to change.",
      "Looks over NFS and VAAI-NAS, so at any server. It makes one empty file as root,"
          + " .facsim-doctor-*, and removes it. docs/doctor.md explains each check.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing fails",
      "1:something fails, or with --strict warns",
      "2:wrong usage"
    },
    footer = {
      "",
      "Examples: facsim doctor --server 127.0.0.1:2049 --export /datastore1 --http 127.0.0.1:8080",
      "          facsim doctor --host esx1 --server 127.0.0.1:2049 --http 127.0.0.1:8080"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");
  private static final Pattern DESTINATION = Pattern.compile("(?:(.+):)?(/[^:]*)");
  private static final int NFS_PORT = 2049;
  private static final int MAX_PORT = 65535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1:2049",
      description = "Where NFS, MOUNT and VAAI answer. Default: ${DEFAULT-VALUE}")
  private String server;

  @Mixin private ServerPortOptions ports;

  @Option(
      names = "--export",
      paramLabel = "PATH",
      description = "What to look at, such as /datastore1. With --host: all that it has mounted.")
  private String export;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      converter = Converters.HttpHostAndPort.class,
      defaultValue = "${env:FACSIM_HTTP}",
      description = {
        "Where the array answers HTTP: shows its profile and faults, too.",
        "Default: FACSIM_HTTP of the environment, else nothing is asked there"
      })
  private String http;

  @Mixin private HttpCredentialOptions credentials;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "A host of the lab that runs there, such as esx1. Needs --http.")
  private String host;

  @Option(
      names = "--to",
      paramLabel = "[HOST[:PORT]:]PATH",
      description = "Where clones are to go, if not to the same datastore.")
  private String destination;

  @Option(
      names = "--guests",
      paramLabel = "FILE",
      description = "YAML with guests that override and extend the shipped ones (docs/guests.md).")
  private Path guests;

  @Option(
      names = "--esxi",
      paramLabel = "RELEASE",
      defaultValue = "8.0",
      description = "The host's release. Default: ${DEFAULT-VALUE}")
  private String esxi;

  @Option(names = "--strict", description = "A warning fails, too.")
  private boolean strict;

  @Option(names = "--json", description = "The answer for programs: one object on one line.")
  private boolean json;

  /** A datastore to look at; accessible and acceleration as a lab's host has them, or null. */
  private record Target(String export, Boolean isAccessible, String acceleration) {}

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    if (host != null && http == null) {
      throw wrong("--host needs --http; allowed: where the array with the lab answers HTTP");
    }
    if (host == null && export == null) {
      throw wrong("--export is missing; allowed: a path such as /datastore1, or --host");
    }
    if (export != null && !export.startsWith("/")) {
      throw wrong("--export '" + export + "'; allowed: a path such as /datastore1");
    }
    InetSocketAddress address = address("--server", server);
    ServerPorts others = ports.read();
    EsxiVersion version = version();
    GuestTable table = table();
    List<DoctorReport> reports = new ArrayList<>();
    for (Target target : targets()) {
      Doctor doctor =
          new Doctor(address, target.export(), host == null ? "facsim" : host, version, table)
              .withPorts(others);
      if (target.isAccessible() != null) {
        doctor.withMount(target.isAccessible(), target.acceleration());
      }
      if (http != null) {
        askArray(doctor, target.export());
      }
      if (destination != null) {
        addDestination(doctor, address);
      }
      reports.add(doctor.examine());
    }
    print(reports);
    Verdict worst = strict ? Verdict.WARN : Verdict.FAIL;
    return reports.stream().anyMatch(report -> report.verdict().compareTo(worst) >= 0)
        ? ExitCode.SOFTWARE
        : ExitCode.OK;
  }

  private void print(List<DoctorReport> reports) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(DoctorReport.json(reports));
    } else {
      reports.forEach(report -> report.lines().forEach(out::println));
    }
    out.flush();
  }

  private List<Target> targets() throws CommandFailedException, InterruptedException {
    if (host == null) {
      return List.of(new Target(export, null, null));
    }
    List<String> known = new ArrayList<>();
    for (JsonNode each :
        new ManagementClient(http, credentials.read()).get("/api/v1/lab/hosts").path("items")) {
      known.add(each.path("name").asText());
      if (each.path("name").asText().equals(host)) {
        return mounted(each.path("datastores"));
      }
    }
    throw wrong("no host '" + host + "'; allowed: " + String.join(", ", known));
  }

  private List<Target> mounted(JsonNode datastores) {
    List<Target> targets = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (JsonNode each : datastores) {
      String path = each.path("exportPath").asText();
      known.add(path);
      if (export == null || export.equals(path)) {
        targets.add(
            new Target(
                path,
                each.path("isAccessible").asBoolean(),
                each.path("hardwareAcceleration").asText()));
      }
    }
    if (targets.isEmpty()) {
      throw wrong(
          export == null
              ? "host '" + host + "' has mounted nothing; allowed: --export without --host"
              : "--export '" + export + "'; allowed: " + String.join(", ", known));
    }
    return targets;
  }

  /** The profile of the volume; another array than the one at --server has none. */
  private JsonNode profile(ManagementClient client, String volume, String path)
      throws CommandFailedException, InterruptedException {
    try {
      return client.get("/api/v1/volumes/" + volume + "/profile");
    } catch (CommandFailedException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      boolean isOfEnvironment = http.equals(System.getenv("FACSIM_HTTP"));
      throw new CommandFailedException(
          "the array that answers HTTP at %s%s does not export '%s'; allowed: --http of the one at %s"
              .formatted(
                  http, isOfEnvironment ? " (FACSIM_HTTP of the environment)" : "", path, server),
          e);
    }
  }

  private void askArray(Doctor doctor, String path)
      throws CommandFailedException, InterruptedException {
    ManagementClient client = new ManagementClient(http, credentials.read());
    String volume = ManagementClient.segment(path.substring(1));
    JsonNode profile = profile(client, volume, path);
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : profile.path("fields").properties()) {
      fields.put(field.getKey(), field.getValue().asText());
    }
    if (servesIncident(client)) {
      doctor.withArray(profile.path("name").asText(), fields, Optional.empty());
      return;
    }
    List<String> faults = new ArrayList<>();
    for (JsonNode rule : client.get("/api/v1/faults").path("items")) {
      String of = rule.at("/rule/match/volume").asText();
      if (of.isEmpty() || of.equals(path.substring(1))) {
        faults.add(FaultWords.of(rule));
      }
    }
    doctor.withArray(profile.path("name").asText(), fields, Optional.of(faults));
  }

  /** The fault rules of an incident are the trainer's, and looking at them costs the trainee. */
  private static boolean servesIncident(ManagementClient client) throws InterruptedException {
    try {
      return client.get("/api/v1/lab").path("isIncident").asBoolean();
    } catch (CommandFailedException e) {
      return false; // no lab; another failure is met again by the next request
    }
  }

  private void addDestination(Doctor doctor, InetSocketAddress address) {
    Matcher form = DESTINATION.matcher(destination);
    if (!form.matches()) {
      throw wrong("--to '" + destination + "'; allowed: /export or HOST:PORT:/export");
    }
    doctor.withDestination(
        form.group(1) == null ? address : address("--to", form.group(1)), form.group(2));
  }

  private InetSocketAddress address(String option, String text) {
    Matcher form = ADDRESS.matcher(text);
    if (form.matches()) {
      int port = form.group(2) == null ? NFS_PORT : Integer.parseInt(form.group(2));
      if (port >= 1 && port <= MAX_PORT) {
        try {
          return new InetSocketAddress(IpAddresses.resolve(form.group(1), TIMEOUT), port);
        } catch (UnknownHostException e) {
          throw wrong(option + " '" + text + "': no such host; allowed: such as 127.0.0.1:2049");
        }
      }
    }
    throw wrong(option + " '" + text + "'; allowed: HOST or HOST:PORT, such as 127.0.0.1:2049");
  }

  private EsxiVersion version() {
    try {
      return EsxiVersion.parse(esxi);
    } catch (IllegalArgumentException e) {
      throw wrong("--esxi '" + esxi + "'; allowed: a release such as 8.0");
    }
  }

  private GuestTable table() {
    if (guests == null) {
      return GuestFile.shipped();
    }
    try {
      return GuestFile.read(guests);
    } catch (GuestFileException e) {
      throw wrong(e.getMessage());
    } catch (NoSuchFileException e) {
      throw wrong("--guests '" + guests + "': no such file; allowed: a YAML file");
    } catch (IOException e) {
      throw wrong("--guests '" + guests + "': " + e.getMessage() + "; allowed: a YAML file");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
