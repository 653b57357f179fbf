/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.app.lab.Lab;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;

/** Labs: memory of the whole process, and how long a reset takes. */
final class LabTable {
  private static final int DEFAULT_VMS = 1000;
  private static final int HOSTS = 10;
  private static final int RESETS = 20;
  private static final long SETTLE_SECONDS = 15;
  private static final double GOAL_MIB = 2048;
  private static final double GOAL_MILLIS = 100;
  private static final double KIB_PER_MIB = 1024;

  private final Goals goals = new Goals();

  private LabTable() {}

  public static void main(String[] arguments) throws Exception {
    int vms = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_VMS;
    LabTable table = new LabTable();
    table.usual();
    table.large(vms);
    table.goals.print(System.out);
    System.exit(table.goals.allMet() ? 0 : 1);
  }

  private void usual() throws Exception {
    try (Running running = new Running("mixed-cluster")) {
      TimeUnit.SECONDS.sleep(2);
      resets("the mixed cluster, 3 hosts and 8 VMs", running.lab);
    }
  }

  private void large(int vms) throws Exception {
    Path file = Files.createTempFile("facsim-lab", ".yaml");
    try {
      Files.writeString(file, yaml(vms));
      long begunNanos = System.nanoTime();
      try (Running running = new Running(file.toString())) {
        String what = vms + " VMs on " + HOSTS + " hosts";
        goals.note("to set up " + what, Goals.duration(System.nanoTime() - begunNanos));
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        double rssMib = residentMib();
        goals.note(
            "WRITEs of their guests a second",
            Goals.text("%.0f", running.lab.status().writesPerSecond()));
        goals.add(
            "memory of the process, " + what,
            "< 2048 MiB",
            Goals.text("%.0f MiB", rssMib),
            rssMib < GOAL_MIB);
        resets(what, running.lab);
      }
    } finally {
      Files.delete(file);
    }
  }

  private void resets(String what, Lab lab) throws InterruptedException {
    double[] millis = new double[RESETS];
    for (int i = 0; i < RESETS; i++) {
      TimeUnit.MILLISECONDS.sleep(200); // guests write meanwhile
      millis[i] = lab.reset(true).tookMilliseconds();
    }
    Arrays.sort(millis);
    double median = millis[RESETS / 2];
    goals.add(
        "reset, " + what + ", median",
        "< 100 ms",
        Goals.text("%.1f ms", median),
        median < GOAL_MILLIS);
    goals.note(
        "reset, " + what + ", slowest of " + RESETS, Goals.text("%.1f ms", millis[RESETS - 1]));
  }

  private static String yaml(int vms) {
    StringBuilder yaml = new StringBuilder("title: Many\ntext: Many VMs\nhosts:\n");
    for (int i = 0; i < HOSTS; i++) {
      yaml.append("  esx").append(i).append(": {version: \"8.0\"}\n");
    }
    yaml.append("vms:\n");
    List<String> guests = List.of("Linux", "Windows 2019", "Windows 7");
    for (int i = 0; i < vms; i++) {
      yaml.append(
          "  vm%04d: {guest: %s, host: esx%d, disks: [{size: 8GiB, used: 4MiB}]}\n"
              .formatted(i, guests.get(i % guests.size()), i % HOSTS));
    }
    return yaml.append("workload:\n  \"vm*0\": database\n  \"*\": idle\n").toString();
  }

  private static double residentMib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
        .findFirst()
        .orElseThrow();
  }

  /** A lab that runs. */
  private static final class Running implements AutoCloseable {
    private final Lab lab;
    private final FacsimArray array;

    Running(String nameOrFile) throws IOException, WrongFileException {
      lab = Lab.read(nameOrFile, 1);
      ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(1);
      lab.applyTo(builder, 0);
      array = builder.start();
      lab.start(array);
    }

    @Override
    public void close() {
      lab.close();
      array.close();
    }
  }
}
