/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.app.compare.Address;
import org.facsim.app.compare.Compare;
import org.facsim.app.compare.CompareException;
import org.facsim.app.compare.CompareOptions;
import org.facsim.app.compare.Versions;
import org.facsim.array.SystemFailure;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.services.access.NfsVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays the same calls on the array and on another NFS server, and tells where they differ. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Plays the same histories of calls on the array and on another NFS server and compares every"
          + " answer: status, attributes, data, names, locks, opens, ACLs, named attributes, clones.",
      "Two clients take part: A is root, B is user 1000. The other server must let root be root"
          + " (no_root_squash) and take calls from any port (insecure). Everything happens in folders"
          + " of its own, facsim-compare-..., which are removed at the end.",
      "A history with a difference is shortened and printed as calls. docs/compare.md explains what is"
          + " compared, and which differences the standards allow.",
      "",
      "Exit code: 0 no difference; 1 differences, or a server does not answer; 2 wrong usage.",
      ""
    },
    footer = {"", "Example: facsim compare --with 192.0.2.7:2049/export --vers 3,4.2 --seed 7"})
final class CompareCommand implements Callable<Integer> {
  private static final int MAX_CALLS = 100_000;
  private static final int MAX_HISTORIES = 100_000;
  private static final int MAX_SECONDS = 86_400;
  private static final Duration NAME_PATIENCE = Duration.ofSeconds(10);
  private static final String ADDRESS_FORM = "HOST:PORT/EXPORT, such as 192.0.2.7:2049/export";
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})(/.*)?");

  @Spec private CommandSpec spec;

  @Option(
      names = "--with",
      paramLabel = "HOST:PORT[/EXPORT]",
      description = "The other server. Without an export, the first that its MOUNT lists.")
  private String with;

  @Option(
      names = "--array",
      paramLabel = "HOST:PORT[/EXPORT]",
      description = "The array; one in memory, started for this, if it is left out.")
  private String array;

  @Option(
      names = "--mount-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Where the other server's MOUNT is, for version 3 and to find the export; the port of NFS"
              + " if it is left out.")
  private int mountPort;

  @Option(
      names = "--lock-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Where the other server's NLM is; version 3 is compared without locks if it is left out.")
  private int lockPort;

  @Option(
      names = "--vers",
      paramLabel = "VERSION",
      split = ",",
      description = "Of NFS: 3, 4.0, 4.1, 4.2; all of them if it is left out.")
  private List<String> versions = Versions.words();

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Repeats a run: the same seed makes the same calls.")
  private Long seed;

  @Option(
      names = "--histories",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "How many histories of each version are played; 10 if it is left out.")
  private int histories;

  @Option(
      names = "--calls",
      paramLabel = "COUNT",
      defaultValue = "200",
      description = "How many calls a history has; 200 if it is left out.")
  private int calls;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "No history of a version begins later than this; 3600 if it is left out.")
  private int limitSeconds;

  @Option(names = "--strict", description = "Differences that a standard allows count, too.")
  private boolean strict;

  @Option(
      names = "--allowed",
      description = "Lists the differences that are allowed, each with the sentence that does.")
  private boolean listAllowed;

  @Option(names = "--json", description = "The result as JSON, for programs.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException {
    PrintWriter out = spec.commandLine().getOut();
    if (listAllowed) {
      Compare.printAllowed(out);
      return ExitCode.OK;
    }
    if (with == null) {
      throw wrong("--with is missing; allowed: " + ADDRESS_FORM);
    }
    CompareOptions options =
        new CompareOptions(
            versions(),
            seed == null ? new SecureRandom().nextInt() & Integer.MAX_VALUE : seed,
            within("--histories", histories, 1, MAX_HISTORIES),
            within("--calls", calls, 1, MAX_CALLS),
            Duration.ofSeconds(within("--limit", limitSeconds, 1, MAX_SECONDS)),
            strict);
    within("--mount-port", mountPort, 0, Converters.MAX_PORT);
    within("--lock-port", lockPort, 0, Converters.MAX_PORT);
    try {
      Address there = address("--with", with, mountPort, lockPort);
      if (array != null) {
        return compare(options, address("--array", array, 0, -1), there, out);
      }
      try (FacsimArray own = Compare.startArray()) {
        return compare(options, Compare.addressOf(own), there, out);
      }
    } catch (CompareException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot start an array to compare: " + SystemFailure.inWords(e), e);
    }
  }

  private int compare(CompareOptions options, Address here, Address there, PrintWriter out) {
    // without locks on one side there are none to compare
    Address one = there.lockPort() == 0 ? here.withoutLocks() : here;
    return new Compare(options).run(one, there, out, json) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<NfsVersion> versions() {
    List<NfsVersion> wanted = new ArrayList<>();
    for (String word : versions) {
      wanted.add(
          Versions.of(word)
              .orElseThrow(
                  () ->
                      wrong(
                          "--vers: '%s' is no version; allowed: %s"
                              .formatted(word, String.join(", ", Versions.words())))));
    }
    return wanted;
  }

  /**
   * Reads an address.
   *
   * @param locks the port of NLM; 0 for none, -1 for that of NFS
   */
  private Address address(String option, String text, int mount, int locks) {
    Matcher form = ADDRESS.matcher(text);
    int port = form.matches() ? Integer.parseInt(form.group(2)) : 0;
    if (port < 1 || port > Converters.MAX_PORT) {
      throw wrong("%s: '%s' is no address; allowed: %s".formatted(option, text, ADDRESS_FORM));
    }
    try {
      String host = form.group(1).replaceAll("[\\[\\]]", "");
      InetSocketAddress nfs = new InetSocketAddress(IpAddresses.resolve(host, NAME_PATIENCE), port);
      return Address.of(nfs, mount == 0 ? port : mount, locks == -1 ? port : locks, form.group(3));
    } catch (UnknownHostException e) {
      throw wrong(
          "%s: '%s' is not known; allowed: %s".formatted(option, form.group(1), ADDRESS_FORM));
    }
  }

  private int within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong("%s: %d; allowed: %d to %d".formatted(option, value, least, most));
    }
    return value;
  }

  private ParameterException wrong(String words) {
    return new ParameterException(spec.commandLine(), words);
  }
}
