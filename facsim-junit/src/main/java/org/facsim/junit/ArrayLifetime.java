/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

/** How many tests share an array. */
public enum ArrayLifetime {
  /** Each test has its own, started before its first use of it, and closed after it. */
  PER_TEST,

  /**
   * The tests of a class have one. Before each of them it is reset to what it was when it started,
   * volumes and files of the annotations included; addresses and connections stay. Tests that share
   * it do not run in parallel.
   */
  PER_CLASS
}
