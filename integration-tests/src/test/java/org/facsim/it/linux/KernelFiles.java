/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;

import java.time.Duration;
import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and names through the Linux kernel's client, over one version of NFS. */
@LinuxGuest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KernelFiles {
  private static final long SEED =
      Long.getLong("facsim.linux.seed", System.nanoTime() & Integer.MAX_VALUE);

  /** Programs, libraries and sources, some hundred files of all sizes. */
  private static final String TREE = "sbin lib lib64 etc modules source init agent";

  private final String version;
  private FacsimServer server;

  /**
   * @param version in the notation of the mount option {@code vers=}
   */
  KernelFiles(String version) {
    this.version = version;
  }

  @BeforeAll
  void mount(Guest guest) {
    server = FacsimServer.start("--volume", "files=4GiB");
    Steps.mountVersion(guest, server, "files", version);
  }

  @AfterAll
  void stop(Guest guest) {
    if (server != null) {
      Steps.unmount(guest, "files");
      server.close();
    }
  }

  @Test
  void theMountIsWhatWasAskedFor(Guest guest) {
    String mounts = guest.check(LIMIT, "grep ' /mnt/files nfs4* ' /proc/mounts");

    assertThat(mounts).contains("vers=" + version, "rsize=1048576", "wsize=1048576", "proto=tcp");
    if (version.equals("3")) {
      assertThat(mounts).contains("nolock");
    }
    tell("mount", mounts);
  }

  @Test
  void anUntarredTreeHasTheChecksumsOfTheOriginal(Guest guest) {
    String checked =
        guest.check(
            LIMIT,
            """
            set -e
            mkdir /mnt/files/tree
            cd /
            find %1$s -type f | sort | xargs sha256sum >/tmp/sums
            tar cf /tmp/tree.tar %1$s
            tar xf /tmp/tree.tar -C /mnt/files/tree
            rm /tmp/tree.tar
            sync
            echo 3 >/proc/sys/vm/drop_caches
            cd /mnt/files/tree
            sha256sum -c /tmp/sums | grep -c ': OK$'
            wc -l </tmp/sums
            find . -type l | wc -l
            (cd / && find %1$s -type l | wc -l)
            du -sk . | cut -f 1
            """
                .formatted(TREE));

    String[] counts = checked.split("\n", -1);
    assertThat(counts[0]).as("files with the checksum of the original").isEqualTo(counts[1]);
    assertThat(Integer.parseInt(counts[0])).isGreaterThan(400);
    assertThat(counts[2]).as("symbolic links").isEqualTo(counts[3]);
    tell(
        "untar",
        "%s files and %s symbolic links, %s KiB, same checksums after the caches were dropped"
            .formatted(counts[0], counts[2], counts[4]));
  }

  @Test
  void randomWritesTruncationsAndMappingsAreReadBack(Guest guest) {
    String checked =
        guest.check(
            Duration.ofMinutes(4), "random_ops /mnt/files/random %d 2000 2>&1".formatted(SEED));

    assertThat(checked).contains("seed " + SEED, "are right");
    tell(version + ", random operations", checked);
  }

  @Test
  void twoProcessesAtOneTimeKeepTheirFilesApart(Guest guest) {
    String checked =
        guest.check(
            Duration.ofMinutes(4),
            """
            random_ops /mnt/files/first %1$d 1000 >/tmp/first 2>&1 & first=$!
            random_ops /mnt/files/second %2$d 1000 >/tmp/second 2>&1 & second=$!
            wait $first; a=$?
            wait $second; b=$?
            cat /tmp/first /tmp/second
            [ $a = 0 ] && [ $b = 0 ]
            """
                .formatted(SEED + 1, SEED + 2));

    assertThat(checked.lines()).hasSize(2);
    tell("two at one time", checked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"renames", "removals", "hard-links", "symlinks", "sparse", "attributes"})
  void namesAndFilesBehaveAsPosixSays(String topic, Guest guest) {
    String checked =
        guest.check(LIMIT, "file_semantics /mnt/files/%1$s %1$s 2>&1".formatted(topic));

    assertThat(checked.lines().count()).isGreaterThan(6);
    tell(topic, "\n" + checked);
  }
}
