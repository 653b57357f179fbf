/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.facsim.it.FacsimServer;
import org.facsim.it.linux.Guest.Output;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Linux kernel's own RPCSEC_GSS, with Debian's rpc.gssd in the guest and MIT's KDC on the host,
 * against the array. Nothing of the client's side was written here.
 */
@LinuxGuest
class KernelKerberosIT {
  /** How the guest calls the server, and what its tickets are for. */
  private static final String SERVER = "facsim-server";

  private static final int USER = 1000;
  private static final String PASSWORD = "secret";

  @TempDir private static Path folder;
  private static Kdc kdc;
  private static FacsimServer server;

  @BeforeAll
  static void begin(Guest guest) throws IOException {
    String missing = Kdc.missing() != null ? Kdc.missing() : GuestImage.missingForKerberos();
    assumeThat(missing).as(missing).isNull();
    kdc = Kdc.start(folder);
    Path keytab = kdc.keytab("nfs/" + SERVER + "@" + Kdc.REALM, "server.keytab");
    Path ofGuest = kdc.keytab("nfs/facsim-guest@" + Kdc.REALM, "guest.keytab");
    kdc.user("joe@" + Kdc.REALM, PASSWORD);
    Path principals = folder.resolve("principals");
    Files.writeString(
        principals, "nfs/*@%1$s 0 0\njoe@%1$s %2$d %2$d\n".formatted(Kdc.REALM, USER));
    List<String> prefix =
        List.of("env", "FACSIM_JAVA_OPTS=-Djava.security.krb5.conf=" + kdc.configuration());
    server =
        FreePorts.attempt(
            port ->
                FacsimServer.start(
                    prefix,
                    port,
                    "--volume",
                    "any=256MiB",
                    "--volume",
                    "secret=256MiB",
                    "--export",
                    "any=*(rw,sec=sys:krb5:krb5i:krb5p)",
                    "--export",
                    "secret=*(rw,sec=krb5p)",
                    "--krb5-keytab",
                    keytab.toString(),
                    "--krb5-principals",
                    principals.toString()));
    startGssd(guest, ofGuest);
  }

  /** What a client of Kerberos needs: the realm, its own key, the modules, and rpc.gssd. */
  private static void startGssd(Guest guest, Path keytab) throws IOException {
    String key = Base64.getEncoder().encodeToString(Files.readAllBytes(keytab));
    guest.check(
        LIMIT,
        """
        grep -q %1$s /etc/hosts || echo '%2$s %1$s' >>/etc/hosts
        grep -q ^joe: /etc/passwd || echo 'joe:x:%5$d:%5$d::/:/bin/sh' >>/etc/passwd
        cat >/etc/krb5.conf <<'END'
        %3$s
        END
        echo %4$s | base64 -d >/etc/krb5.keytab
        while read -r module; do
          insmod /modules/$module 2>/dev/null || grep -q ^${module%%.ko} /proc/modules || exit 7
        done </modules/kerberos
        mkdir -p /var/lib/nfs/rpc_pipefs
        mount -t rpc_pipefs rpc_pipefs /var/lib/nfs/rpc_pipefs
        date -s @%6$d
        (rpc.gssd -f -vvv >/tmp/gssd.log 2>&1 &)
        n=0
        while [ ! -e /var/lib/nfs/rpc_pipefs/gssd/clntXX/gssd ]; do
          n=$((n + 1)); [ $n -lt 50 ] || exit 8
          sleep 0.1
        done
        """
            .formatted(
                SERVER,
                Guest.HOST,
                kdc.configurationFor(Guest.HOST),
                key,
                USER,
                System.currentTimeMillis() / 1000));
  }

  @AfterAll
  static void end(Guest guest) {
    guest.run(LIMIT, "killall rpc.gssd; umount /var/lib/nfs/rpc_pipefs");
    if (server != null) {
      server.close();
    }
    if (kdc != null) {
      kdc.close();
    }
  }

  private static Output mount(Guest guest, String volume, String options) {
    return guest.run(
        LIMIT,
        "mkdir -p /mnt/%1$s && mount -t nfs -o %2$s,port=%3$d %4$s:/%1$s /mnt/%1$s"
            .formatted(volume, options, server.port(), SERVER));
  }

  private static String options(String version, String security) {
    return version.equals("3")
        ? "vers=3,nolock,tcp,mountproto=tcp,mountport=%d,sec=%s".formatted(server.port(), security)
        : "vers=%s,sec=%s".formatted(version, security);
  }

  private static String log(Guest guest) {
    return guest.run(LIMIT, "tail -30 /tmp/gssd.log; dmesg | tail -5").text();
  }

  @ParameterizedTest
  @CsvSource({
    "3,krb5",
    "3,krb5i",
    "3,krb5p",
    "4.0,krb5",
    "4.1,krb5i",
    "4.1,krb5p",
    "4.2,krb5",
    "4.2,krb5p"
  })
  void readsAndWritesAsThePrincipalThatProvedItself(String version, String security, Guest guest) {
    Output mounted = mount(guest, "any", options(version, security));
    assertThat(mounted.exitCode())
        .as(
            "%s over %s: %s%n%s%n%s",
            security, version, mounted.text(), log(guest), server.errors())
        .isZero();
    try {
      String folderName = security + "-" + version;
      String told =
          guest.check(
              LIMIT,
              """
              cd /mnt/any && mkdir %1$s && chmod 777 %1$s && cd %1$s
              dd if=/dev/urandom of=/tmp/data bs=64k count=40 2>/dev/null
              cp /tmp/data copy && sync && echo 3 >/proc/sys/vm/drop_caches && cmp /tmp/data copy
              echo %2$s >/tmp/password
              su joe -c 'kinit joe@%3$s </tmp/password >/dev/null && echo mine >/mnt/any/%1$s/joe'
              ls -n joe | awk '{print $3}'
              cd /; rm /mnt/any/%1$s/copy
              """
                  .formatted(folderName, PASSWORD, Kdc.REALM));
      assertThat(told.lines().toList()).as(log(guest)).endsWith(Integer.toString(USER));
      tell("Kerberos " + security + " over NFSv" + version, "2.5 MiB, and a user's file");
    } finally {
      guest.run(LIMIT, "cd /; su joe -c kdestroy");
      Steps.unmount(guest, "any");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "4.0", "4.1", "4.2"})
  void anExportForKrb5pIsClosedToAnythingLess(String version, Guest guest) {
    for (String security : List.of("sys", "krb5", "krb5i")) {
      Output output = mount(guest, "secret", options(version, security));
      if (output.exitCode() == 0) {
        output = guest.run(LIMIT, "ls /mnt/secret && touch /mnt/secret/file");
        Steps.unmount(guest, "secret");
      }
      assertThat(output.exitCode()).as("sec=%s: %s", security, output.text()).isNotZero();
    }
    Output proper = mount(guest, "secret", options(version, "krb5p"));
    assertThat(proper.exitCode()).as(proper.text() + log(guest)).isZero();
    guest.check(LIMIT, "echo text >/mnt/secret/file && cat /mnt/secret/file");
    Steps.unmount(guest, "secret");
  }

  /** A client that is told no flavour asks for it: WRONGSEC, and then SECINFO. */
  @ParameterizedTest
  @ValueSource(strings = {"4.0", "4.1", "4.2"})
  void aMountWithoutAFlavourFindsTheOneThatTheExportAsksFor(String version, Guest guest) {
    Output mounted = mount(guest, "secret", "vers=" + version);
    assertThat(mounted.exitCode()).as(mounted.text() + log(guest) + server.errors()).isZero();
    try {
      guest.check(LIMIT, "echo text >/mnt/secret/found && cat /mnt/secret/found");
      assertThat(guest.check(LIMIT, "grep ' /mnt/secret ' /proc/mounts")).contains("sec=krb5p");
    } finally {
      Steps.unmount(guest, "secret");
    }
  }

  /** SP4_MACH_CRED: the kernel says in its log whether the server protects its client id. */
  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.2"})
  void theKernelsMachineAloneMayChangeItsClientId(String version, Guest guest) {
    guest.check(LIMIT, "dmesg -c >/dev/null; echo 0x400 >/proc/sys/sunrpc/nfs_debug");
    Output mounted = mount(guest, "secret", options(version, "krb5p"));
    assertThat(mounted.exitCode()).as(mounted.text() + log(guest)).isZero();
    try {
      assertThat(guest.check(LIMIT, "echo 0 >/proc/sys/sunrpc/nfs_debug; dmesg"))
          .contains("minimal mode enabled");
      guest.check(LIMIT, "echo text >/mnt/secret/machine && cat /mnt/secret/machine");
    } finally {
      Steps.unmount(guest, "secret");
    }
  }
}
