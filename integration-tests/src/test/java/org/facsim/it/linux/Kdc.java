/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.testing.FreePorts;

/** MIT's key distribution centre, as Debian packages it, with a realm of its own in a folder. */
final class Kdc implements AutoCloseable {
  static final String REALM = "FACSIM.TEST";

  private static final List<String> PROGRAMS =
      List.of("/usr/sbin/krb5kdc", "/usr/sbin/kdb5_util", "/usr/sbin/kadmin.local");

  private static final int START_LIMIT_SECONDS = 30;

  private final Path folder;
  private final Process process;
  private final int port;

  private Kdc(Path folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  /** What is missing to start one; null for nothing. */
  static String missing() {
    for (String program : PROGRAMS) {
      if (!Files.isExecutable(Path.of(program))) {
        return program + " is missing: apt-get install krb5-kdc krb5-admin-server";
      }
    }
    return null;
  }

  /** Makes a realm without principals, and serves it on the loopback address. */
  static Kdc start(Path folder) throws IOException {
    return FreePorts.attempt(port -> start(folder, port));
  }

  private static Kdc start(Path folder, int port) throws IOException {
    Files.writeString(folder.resolve("krb5.conf"), configuration("127.0.0.1", port));
    Files.writeString(
        folder.resolve("kdc.conf"),
        """
        [kdcdefaults]
          kdc_listen = 127.0.0.1:%1$d
          kdc_tcp_listen = 127.0.0.1:%1$d
        [realms]
          %2$s = {
            database_name = %3$s/principal
            key_stash_file = %3$s/stash
            supported_enctypes = aes256-cts:normal aes128-cts:normal
          }
        """
            .formatted(port, REALM, folder));
    if (!Files.exists(folder.resolve("principal"))) {
      run(folder, "/usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "master");
    }
    ProcessBuilder builder = new ProcessBuilder("/usr/sbin/krb5kdc", "-n", "-r", REALM);
    environment(folder).forEach(each -> builder.environment().put(each[0], each[1]));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("kdc.log").toFile())
            .start();
    Kdc kdc = new Kdc(folder, process, port);
    try {
      kdc.awaitAnswer();
    } catch (IOException | AssertionError e) {
      kdc.close();
      throw e;
    }
    return kdc;
  }

  private static List<String[]> environment(Path folder) {
    return List.of(
        new String[] {"KRB5_CONFIG", folder.resolve("krb5.conf").toString()},
        new String[] {"KRB5_KDC_PROFILE", folder.resolve("kdc.conf").toString()});
  }

  private static String configuration(String host, int port) {
    return """
        [libdefaults]
          default_realm = %1$s
          dns_lookup_kdc = false
          dns_lookup_realm = false
          rdns = false
          dns_canonicalize_hostname = false
          udp_preference_limit = 1
        [realms]
          %1$s = {
            kdc = %2$s:%3$d
          }
        [domain_realm]
          facsim-server = %1$s
          facsim-guest = %1$s
        """
        .formatted(REALM, host, port);
  }

  /** The file by which clients find this realm, if they reach it at a host. */
  String configurationFor(String host) {
    return configuration(host, port);
  }

  /** The same file for programs of this machine. */
  Path configuration() {
    return folder.resolve("krb5.conf");
  }

  /** Makes a service or a host, with a key that nobody knows; returns the file with the key. */
  Path keytab(String principal, String file) {
    Path keytab = folder.resolve(file);
    admin("addprinc -randkey " + principal);
    admin("ktadd -norandkey -k " + keytab + " " + principal);
    return keytab;
  }

  /** Makes a user. */
  void user(String principal, String password) {
    admin("addprinc -pw " + password + " " + principal);
  }

  private void admin(String query) {
    run(folder, "/usr/sbin/kadmin.local", "-r", REALM, "-q", query);
  }

  private static void run(Path folder, String... command) {
    List<String> all = new ArrayList<>(List.of("env"));
    environment(folder).forEach(each -> all.add(each[0] + "=" + each[1]));
    all.addAll(List.of(command));
    Outcome outcome = Processes.run(all);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + outcome);
    }
  }

  private void awaitAnswer() throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
          throw new IOException(
              "the KDC does not answer: " + Files.readString(folder.resolve("kdc.log"), UTF_8), e);
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException("interrupted", e));
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
