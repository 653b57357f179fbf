/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.facsim.hypervisor.time.HostTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's {@code vmkernel.log}: the latest lines, in the format of the field, such as {@code
 * 2026-01-01T00:02:05.000Z cpu1:2097574)StorageApdHandler: 248: APD Timer started for ident
 * [2d5f0c1e-8c2a91b7]}. The spelling of the lines follows public posts and is not verified. CPU and
 * world are made up, but the same for each component, so that a run repeats exactly. Thread-safe.
 */
public final class VmkernelLog {
  /** How many lines a log keeps if nobody says otherwise. */
  public static final int DEFAULT_LINES = 2_000;

  /** How many listeners there may be. */
  private static final int MAX_LISTENERS = 64;

  /** Of one line, in characters; what is longer is cut. */
  private static final int MAX_LINE_LENGTH = 1_024;

  private static final int CPUS = 4;
  private static final int FIRST_WORLD = 2_097_152;
  private static final int WORLDS = 512;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Logger log = LoggerFactory.getLogger(VmkernelLog.class);

  private final String host;
  private final HostTime time;
  private final int maxLines;
  private final List<Consumer<HostEvent>> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by itself. */
  private final Deque<String> lines = new ArrayDeque<>();

  /**
   * An empty log.
   *
   * @param maxLines bound of the lines kept, 1 and more; the oldest go first
   */
  public VmkernelLog(String host, HostTime time, int maxLines) {
    if (maxLines < 1) {
      throw new IllegalArgumentException(maxLines + " lines of log; allowed: 1 and more");
    }
    this.host = host;
    this.time = time;
    this.maxLines = maxLines;
  }

  /** The latest lines, oldest first. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The latest lines that contain this text, oldest first. */
  public List<String> lines(String containing) {
    return lines().stream().filter(line -> line.contains(containing)).toList();
  }

  /** Forgets all lines. */
  public void clear() {
    synchronized (lines) {
      lines.clear();
    }
  }

  /**
   * Appends a line of normal importance.
   *
   * @param component such as {@code NFS}
   * @param sourceLine the number that the field prints behind the component
   */
  public void info(String component, int sourceLine, String text) {
    append("", component, sourceLine, text);
  }

  /** Appends a line that warns. */
  public void warn(String component, int sourceLine, String text) {
    append("WARNING: ", component, sourceLine, text);
  }

  private void append(String level, String component, int sourceLine, String text) {
    int world = FIRST_WORLD + Math.floorMod(component.hashCode(), WORLDS);
    String line =
        "%s cpu%d:%d)%s%s: %d: %s"
            .formatted(
                STAMP.format(time.now()),
                world % CPUS,
                world,
                level,
                component,
                sourceLine,
                text.replaceAll("\\R", " "));
    String kept = line.length() <= MAX_LINE_LENGTH ? line : line.substring(0, MAX_LINE_LENGTH);
    log.debug("{}: {}", host, kept);
    synchronized (lines) {
      if (lines.size() == maxLines) {
        lines.removeFirst();
      }
      lines.addLast(kept);
    }
  }

  /** Tells the listeners of an event. */
  public void event(String type, String datastore, String message) {
    Instant now = time.now();
    log.info("{}: {}: {}", host, type, message);
    HostEvent event = new HostEvent(now, host, type, datastore, message);
    for (Consumer<HostEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) { // a listener is no part of the host
        log.error("a listener failed at {}", event, e);
      }
    }
  }

  /**
   * Has a listener told of each event from now on, on the thread that it happens on; it must not
   * block.
   *
   * @return ends that
   * @throws IllegalStateException if there are too many
   */
  public Runnable listen(Consumer<HostEvent> listener) {
    synchronized (listeners) {
      if (listeners.size() == MAX_LISTENERS) {
        throw new IllegalStateException(MAX_LISTENERS + " listeners of the log; no more allowed");
      }
      listeners.add(listener);
    }
    return () -> listeners.remove(listener);
  }
}
