/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What {@link NfsTable} is told.
 *
 * @param launcher the program {@code facsim}
 * @param programs where the compiled {@code nfs_load} and {@code nfs_limit} are
 * @param seconds what one load lasts, without its warm-up
 * @param minutes if above 0, only Facsim is loaded, for so long
 * @param versions whether only Facsim is loaded, over NFSv3 and NFSv4.1 by turns
 * @param console whether only Facsim is loaded, with and without an open web console by turns
 * @param before the program {@code facsim} of another build, which only this build is set beside;
 *     or null
 * @param ganesha a running nfs-ganesha, or null for the reason in {@code whyNoGanesha}
 */
record NfsOptions(
    String launcher,
    Path programs,
    int rounds,
    double seconds,
    double minutes,
    boolean versions,
    boolean console,
    String before,
    int fileMib,
    NfsServer ganesha,
    String whyNoGanesha) {
  private static final int MIN_ROUNDS = 1;

  static NfsOptions parse(String[] arguments) throws IOException, InterruptedException {
    int rounds = 3;
    double seconds = 1;
    double minutes = 0;
    boolean versions = false;
    boolean console = false;
    String before = null;
    int fileMib = 256;
    NfsServer ganesha = null;
    String whyNoGanesha = "nobody started it";
    for (int i = 2; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--rounds" -> rounds = Math.max(MIN_ROUNDS, Integer.parseInt(value));
        case "--seconds" -> seconds = Double.parseDouble(value);
        case "--minutes" -> minutes = Double.parseDouble(value);
        case "--vers" -> versions = versions(value);
        case "--console" -> console = console(value);
        case "--before" -> before = value;
        case "--file-mib" -> fileMib = Integer.parseInt(value);
        case "--ganesha" -> ganesha = ganesha(value.split(",", -1));
        case "--no-ganesha" -> whyNoGanesha = value;
        default -> throw new IllegalArgumentException("no option is called " + arguments[i]);
      }
    }
    return new NfsOptions(
        arguments[0],
        Path.of(arguments[1]),
        rounds,
        seconds,
        minutes,
        versions,
        console,
        before,
        fileMib,
        ganesha,
        whyNoGanesha);
  }

  private static boolean versions(String value) {
    if (!value.equals("3,4.1")) {
      throw new IllegalArgumentException("--vers takes 3,4.1, not " + value);
    }
    return true;
  }

  private static boolean console(String value) {
    if (!value.equals("open")) {
      throw new IllegalArgumentException("--console takes open, not " + value);
    }
    return true;
  }

  private static NfsServer ganesha(String[] parts) throws IOException, InterruptedException {
    return NfsServer.other(
        "nfs-ganesha",
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        parts[2],
        Long.parseLong(parts[3]));
  }
}
