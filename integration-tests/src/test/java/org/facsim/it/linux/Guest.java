/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux in qemu, emulated. The kernel's console goes to a file; a second serial line takes scripts
 * and returns what they print. The guest reaches the host's loopback address at 10.0.2.2.
 *
 * <p>One script runs at a time; what shall go on meanwhile is put into the background by the script
 * itself. Not thread-safe.
 */
final class Guest implements AutoCloseable {
  /** The host's loopback address as the guest sees it. */
  static final String HOST = "10.0.2.2";

  private static final Duration BOOT_LIMIT = Duration.ofMinutes(3);

  private final Process qemu;
  private final List<String> forwards;
  private final Path console;
  private final GuestLine line;

  private Guest(Process qemu, List<String> forwards, Path console) {
    this.qemu = qemu;
    this.forwards = List.copyOf(forwards);
    this.console = console;
    line = new GuestLine(qemu.getInputStream(), qemu.getOutputStream(), this::consoleTail);
  }

  /** What a script printed, standard error included, and how it ended. */
  record Output(int exitCode, String text) {}

  /**
   * Boots and waits until scripts can be run.
   *
   * @param prefix what qemu is started by, for example to enter a network namespace
   * @param forwards qemu's {@code hostfwd} rules, for calls to the guest
   */
  static Guest boot(String name, List<String> prefix, List<String> forwards) throws IOException {
    GuestKernel kernel = GuestKernel.fetched();
    Path image = GuestImage.build(kernel);
    Path console = image.resolveSibling(name + "-console.log");
    StringBuilder network = new StringBuilder("user,id=net");
    forwards.forEach(forward -> network.append(",hostfwd=").append(forward));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "768"));
    command.addAll(List.of("-display", "none", "-monitor", "none", "-no-reboot", "-nodefaults"));
    command.addAll(List.of("-kernel", kernel.image().toString(), "-initrd", image.toString()));
    // on a busy host the timer of an emulated machine may tick too late for the kernel's check of
    // it
    command.addAll(
        List.of("-append", "console=ttyS0 loglevel=5 panic=-1 mitigations=off no_timer_check"));
    command.addAll(List.of("-serial", "file:" + console, "-serial", "stdio"));
    command.addAll(List.of("-netdev", network.toString()));
    command.addAll(List.of("-device", "virtio-net-pci,netdev=net,romfile="));
    Process qemu =
        new ProcessBuilder(command)
            .redirectError(image.resolveSibling(name + "-qemu.log").toFile())
            .start();
    Guest guest = new Guest(qemu, forwards, console);
    try {
      guest.line.awaitReady(BOOT_LIMIT);
    } catch (AssertionError | RuntimeException e) {
      guest.close();
      throw e;
    }
    return guest;
  }

  /**
   * The port of the host that leads to a TCP port of the guest.
   *
   * @throws java.util.NoSuchElementException if none was asked for
   */
  int forwarded(int guestPort) {
    String end = "-:" + guestPort;
    String forward =
        forwards.stream()
            .filter(each -> each.startsWith("tcp:") && each.endsWith(end))
            .findFirst()
            .orElseThrow();
    String host = forward.substring(0, forward.length() - end.length());
    return Integer.parseInt(host.substring(host.lastIndexOf(':') + 1));
  }

  /** Runs a script, which must end with 0. Returns what it printed. */
  String check(Duration limit, String script) {
    Output output = run(limit, script);
    if (output.exitCode() != 0) {
      throw new AssertionError(
          "in the guest, exit code %d of%n%s%n%s%nconsole:%n%s"
              .formatted(output.exitCode(), script, output.text(), consoleTail()));
    }
    return output.text();
  }

  /**
   * Runs a script with {@code sh}. If it takes longer than it may, the guest is ended: what it
   * would still print could be taken for that of the next script.
   */
  Output run(Duration limit, String script) {
    try {
      return line.run(limit, script);
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /** Whether it has ended, for example because a script took too long. */
  boolean isGone() {
    return !qemu.isAlive();
  }

  @Override
  public void close() {
    qemu.destroyForcibly();
    try {
      qemu.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String consoleTail() {
    try {
      List<String> all = Files.readAllLines(console, java.nio.charset.StandardCharsets.ISO_8859_1);
      return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
    } catch (IOException e) {
      return "none: " + e;
    }
  }
}
