/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

/** Numbers of NLM version 4. */
public final class Nlm {
  /** The RPC program. */
  public static final int PROGRAM = 100_021;

  public static final int VERSION = 4;

  /** Does nothing. */
  public static final int NULL = 0;

  /** Tells which lock conflicts with a lock; {@link NlmTestArgs}, {@link NlmTestResult}. */
  public static final int TEST = 1;

  /** Takes a lock; {@link NlmLockArgs}, {@link NlmResult}. */
  public static final int LOCK = 2;

  /** Stops waiting for a lock; {@link NlmCancelArgs}, {@link NlmResult}. */
  public static final int CANCEL = 3;

  /** Gives a range up; {@link NlmUnlockArgs}, {@link NlmResult}. */
  public static final int UNLOCK = 4;

  /**
   * From server to client: the client has the lock that it waited for; {@link NlmTestArgs}, {@link
   * NlmResult}.
   */
  public static final int GRANTED = 5;

  /** The first of the five calls above as one-way messages, in the same order. */
  public static final int TEST_MSG = 6;

  public static final int LOCK_MSG = 7;
  public static final int CANCEL_MSG = 8;
  public static final int UNLOCK_MSG = 9;
  public static final int GRANTED_MSG = 10;

  /** The first of the five answers to those, as one-way messages in the opposite direction. */
  public static final int TEST_RES = 11;

  public static final int LOCK_RES = 12;
  public static final int CANCEL_RES = 13;
  public static final int UNLOCK_RES = 14;
  public static final int GRANTED_RES = 15;

  /** Reserves a file; {@link NlmShareArgs}, {@link NlmShareResult}. */
  public static final int SHARE = 20;

  /** Gives a reservation up; as {@link #SHARE}. */
  public static final int UNSHARE = 21;

  /** As {@link #LOCK}, for clients without NSM. */
  public static final int NM_LOCK = 22;

  /** Gives up everything of a client; {@link NlmFreeAllArgs}, no result. */
  public static final int FREE_ALL = 23;

  /** The longest host name: {@code LM_MAXSTRLEN}. */
  public static final int MAX_NAME_BYTES = 1024;

  private Nlm() {}
}
