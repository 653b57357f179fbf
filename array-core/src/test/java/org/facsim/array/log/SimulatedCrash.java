/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/** The host lost its power: an error, so that nothing handles it. */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  public SimulatedCrash(long operation) {
    super("power failed at operation " + operation, null, false, false);
  }
}
