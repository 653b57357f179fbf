/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

/** Numbers of the NSM protocol. */
public final class Nsm {
  /** The RPC program. */
  public static final int PROGRAM = 100_024;

  public static final int VERSION = 1;

  /** Does nothing. */
  public static final int NULL = 0;

  /** Tells whether a host can be monitored; takes a name, returns {@link NsmStateResult}. */
  public static final int STAT = 1;

  /** Begins to monitor a host; {@link NsmMonitorArgs}, {@link NsmStateResult}. */
  public static final int MON = 2;

  /** Ends monitoring of a host; {@link NsmMonitorId}, the state number. */
  public static final int UNMON = 3;

  /** Ends all monitoring for a program; {@link NsmCallback}, the state number. */
  public static final int UNMON_ALL = 4;

  /** Makes the monitor act as after a crash; no arguments, no result. */
  public static final int SIMU_CRASH = 5;

  /** A host has restarted; {@link NsmStateChange}, no result. */
  public static final int NOTIFY = 6;

  /** The longest host name: {@code SM_MAXSTRLEN}. */
  public static final int MAX_NAME_BYTES = 1024;

  /** What a monitoring program gets back unchanged when the host has restarted. */
  public static final int PRIVATE_BYTES = 16;

  private Nsm() {}
}
