/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.tell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.it.FacsimServer;
import org.facsim.it.RootClient;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A directory of a million entries, made over the wire, listed by the Linux kernel. */
@LinuxGuest
class KernelListingIT {
  private static final int ENTRIES = Integer.getInteger("facsim.linux.entries", 1_000_000);
  private static final int BATCH = 4000;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static FacsimServer server;

  @BeforeAll
  static void mount(Guest guest) throws Exception {
    server = FacsimServer.start("--volume", "names=1GiB");
    try (RootClient client = RootClient.connect(server.address())) {
      Nfs3Handle root = client.mount("/names");
      Nfs3Handle folder =
          client.nfs().mkdir(root, "many", Sattr3.ofMode(0755)).get(10, TimeUnit.SECONDS).handle();
      for (int from = 0; from < ENTRIES; from += BATCH) {
        List<CompletableFuture<?>> creations = new ArrayList<>();
        for (int i = from; i < Math.min(ENTRIES, from + BATCH); i++) {
          String name = "entry-%08d".formatted(i);
          creations.add(client.nfs().create(folder, name, new Create3.Guarded(Sattr3.NONE)));
        }
        CompletableFuture.allOf(creations.toArray(CompletableFuture<?>[]::new))
            .get(60, TimeUnit.SECONDS);
      }
    }
    Steps.mount(guest, server, "names");
  }

  @AfterAll
  static void stop(Guest guest) {
    if (server != null) {
      Steps.unmount(guest, "names");
      server.close();
    }
  }

  @Test
  void eachOfAMillionNamesIsListedOnce(Guest guest) {
    String names = guest.check(LIMIT, "names /mnt/names/many entry- %d 2>&1".formatted(ENTRIES));

    assertThat(names).isEqualTo(ENTRIES + " names, each once");
    tell("listing", names);
  }

  @Test
  void lsCountsAMillionNames(Guest guest) {
    String lines =
        guest.check(LIMIT, "echo 3 >/proc/sys/vm/drop_caches; /sbin/ls -f /mnt/names/many | wc -l");

    assertThat(lines).as("with . and ..").isEqualTo(Integer.toString(ENTRIES + 2));
    tell("ls -f | wc -l", lines);
  }

  @Test
  void namesAreFoundAmongAMillion(Guest guest) {
    String first = "/mnt/names/many/entry-00000000";
    String last = "/mnt/names/many/entry-%08d".formatted(ENTRIES - 1);
    String checked =
        guest.check(
            LIMIT,
            "/sbin/stat -c '%%n %%s' %s %s && ! /sbin/stat %s0 2>/dev/null"
                .formatted(first, last, last));

    assertThat(checked.lines()).containsExactly(first + " 0", last + " 0");
    tell("lookup", checked);
  }
}
