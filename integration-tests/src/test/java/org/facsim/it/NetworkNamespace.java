/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.facsim.it.Processes.Outcome;

/**
 * A network of its own with nothing but a loopback device, where port 111 is free whatever runs on
 * this host. It ends with {@link #close}.
 */
public final class NetworkNamespace implements AutoCloseable {
  private final Process holder;

  private NetworkNamespace(Process holder) {
    this.holder = holder;
  }

  /** Why there can be none, or null. */
  public static String missing() {
    for (String tool : List.of("unshare", "nsenter", "ip")) {
      if (!Processes.isInstalled(tool)) {
        return tool + " is missing: apt-get install util-linux iproute2";
      }
    }
    Outcome outcome = Processes.run(List.of("unshare", "--net", "true"));
    return outcome.exitCode() == 0
        ? null
        : "a network namespace needs root: " + outcome.err().strip();
  }

  /** Makes one in which 127.0.0.1 answers. */
  public static NetworkNamespace create() {
    return create("true");
  }

  /**
   * Makes one.
   *
   * @param setUp a shell's commands that add to it
   */
  public static NetworkNamespace create(String setUp) {
    String script = "ip link set lo up && { " + setUp + "\n} && echo ready && exec sleep 3600";
    try {
      Process holder =
          new ProcessBuilder("unshare", "--net", "sh", "-c", script)
              .redirectErrorStream(true)
              .start();
      String line = holder.inputReader().readLine();
      if (!"ready".equals(line)) {
        holder.destroyForcibly();
        throw new IOException("no network namespace: " + line);
      }
      return new NetworkNamespace(holder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a program is started by to run in it. */
  public List<String> prefix() {
    return List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net");
  }

  /** By which {@code ip} names it, for a device that leads there. */
  public long pid() {
    return holder.pid();
  }

  /** Runs a program in it to its end. */
  public Outcome run(List<String> command) {
    List<String> inside = new ArrayList<>(prefix());
    inside.addAll(command);
    return Processes.run(inside);
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
